"""What a person waits for on the page "No chain of steps", measured in Chromium on the running app."""

from collections.abc import Iterator
from functools import partial

from bench.browser import slide, visited
from bench.line import Line, Reading
from bench.measure import reading_of

MOVES, WARMUP = 20, 2
SLIDERS = {
    "distance.slider": ("length", "?length=40", "sequence length, gradients of four networks, T ≈ 50"),
    "distance.translators": ("length", "?family=writing&length=40", "sequence length, gradients of three translators"),
}


def lines() -> Iterator[Line]:
    """Give the lines of this page; every position of a slider is traced afresh."""
    for name, (control, query, title) in SLIDERS.items():
        yield Line(
            name=name,
            title=f"slider to new picture: {title}",
            unit="ms",
            better="lower",
            target=400,
            measure=partial(_slides, control, query),
        )


def _slides(control: str, query: str) -> Reading:
    with visited(f"distance{query}") as page:
        slider = page.locator(f".st-key-distance-{control}").get_by_role("slider")
        return reading_of([slide(page, slider)[0] for _ in range(MOVES)][WARMUP:])
