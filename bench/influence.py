"""What a person waits for on the page "Influence of the past", measured in Chromium on the running app."""

from collections.abc import Iterator
from functools import partial

from bench.browser import slide, visited
from bench.line import Line, Reading
from bench.measure import reading_of

PAGE = "influence"
WARMUP = 2
VIEWS = {
    "nudge": ("", "hidden_size", 20, "hidden size to the new picture of a nudge"),
    "words": ("?view=words&fillers=0", "fillers", 9, "fillers to the words shaded in three networks"),
}


def lines() -> Iterator[Line]:
    """Give the lines of this page; every position of a slider is traced afresh."""
    for view, (query, control, moves, title) in VIEWS.items():
        yield Line(
            name=f"influence.{view}",
            title=f"influence of the past: {title}",
            unit="ms",
            better="lower",
            target=400,
            measure=partial(_slides, query, control, moves),
        )


def _slides(query: str, control: str, moves: int) -> Reading:
    with visited(f"{PAGE}{query}") as page:
        slider = page.locator(f".st-key-{PAGE}-{control}").get_by_role("slider")
        return reading_of([slide(page, slider)[0] for _ in range(moves)][WARMUP:])
