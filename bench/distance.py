"""What a person waits for on the page "No chain of steps", measured in Chromium on the running app."""

from collections.abc import Iterator
from functools import partial

from bench.browser import slide, visited
from bench.line import Line, Reading
from bench.measure import reading_of

WARMUP = 2
SLIDERS = {
    "distance.slider": ("length", "?length=40", 20, "sequence length, gradients of four networks, T ≈ 50"),
    "distance.translators": ("length", "?family=writing&length=40", 20, "sequence length, gradients of three translators"),
    "distance.times": ("width", "?view=time&width=8", 7, "width, the first times of four networks"),
    "distance.written": ("width", "?view=time&family=writing&width=8", 7, "width, the first times of three translators"),
}


def lines() -> Iterator[Line]:
    """Give the lines of this page; every position of a slider is traced, or timed, afresh."""
    for name, (control, query, moves, title) in SLIDERS.items():
        yield Line(
            name=name,
            title=f"slider to new picture: {title}",
            unit="ms",
            better="lower",
            target=400,
            measure=partial(_slides, control, query, moves),
        )


def _slides(control: str, query: str, moves: int) -> Reading:
    with visited(f"distance{query}") as page:
        slider = page.locator(f".st-key-distance-{control}").get_by_role("slider")
        return reading_of([slide(page, slider)[0] for _ in range(moves)][WARMUP:])
