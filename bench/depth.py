"""What a person waits for on the pages "Depth" and "Dropout", measured in Chromium on the running app."""

from collections.abc import Iterator
from functools import partial

from bench.browser import slide, visited
from bench.line import Line, Reading
from bench.measure import reading_of

WARMUP = 2
SLIDERS = {
    "depth.slider": ("depth", "depth", "", 20, "depth, four networks of 20 layers and more"),
    "depth.deepest": ("depth", "depth", "?depth=81", 19, "depth, four networks of 81 to 100 layers"),
    "dropout.slider": ("dropout", "length", "?length=2", 10, "sequence length, masks of dropout"),
}


def lines() -> Iterator[Line]:
    """Give the lines of these pages; every position of a slider is traced afresh."""
    for name, (page, control, query, moves, title) in SLIDERS.items():
        yield Line(
            name=name,
            title=f"slider to new picture: {title}",
            unit="ms",
            better="lower",
            target=400,
            measure=partial(_slides, page, control, query, moves),
        )


def _slides(page_name: str, control: str, query: str, moves: int) -> Reading:
    with visited(f"{page_name}{query}") as page:
        slider = page.locator(f".st-key-{page_name}-{control}").get_by_role("slider")
        return reading_of([slide(page, slider)[0] for _ in range(moves)][WARMUP:])
