"""What a person waits for on the page "Why scale", measured in Chromium on the running app."""

from collections.abc import Iterator
from functools import partial

from bench.browser import slide, visited
from bench.line import Line, Reading
from bench.measure import reading_of

WARMUP = 2
SLIDERS = {
    "scaling.slider": ("width", "?width=1", 10, "slider to new pictures: d_k, four figures of random attention"),
    "scaling.keys": ("keys", "?keys=20", 20, "slider to new pictures: n keys, every width of d_k drawn afresh"),
}


def lines() -> Iterator[Line]:
    """Give the lines of this page."""
    for name, (control, query, moves, title) in SLIDERS.items():
        yield Line(
            name=name, title=title, unit="ms", better="lower", target=400, measure=partial(_slides, control, query, moves)
        )


def _slides(control: str, query: str, moves: int) -> Reading:
    with visited(f"scaling{query}") as page:
        slider = page.locator(f".st-key-scaling-{control}").get_by_role("slider")
        return reading_of([slide(page, slider)[0] for _ in range(moves)][WARMUP:])
