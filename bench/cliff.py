"""What the page on the cliff promises: its surface at once, its slider soon, and a descent that plays smoothly."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bench.app import browser, server, wait_until_up
from bench.line import Line, Reading
from bench.measure import latency, reading_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE = 60_000  # milliseconds after which a picture that does not come is an error
SLIDES, WARMUP = 31, 3
PLAYED = 4  # times a second of the animation is counted
FRAME = ".sv-descent:not(.sv-stored)"

# Frames drawn in one second, each of them with the paths redrawn in both pictures.
COUNT = f"""
async () => {{
  const frame = document.querySelector("{FRAME}"), before = Number(frame.dataset.frames), start = performance.now();
  await new Promise(done => setTimeout(done, 1000));
  return (Number(frame.dataset.frames) - before) / (performance.now() - start) * 1000;
}}
"""

# From the key that moves a slider to the frame with the new paths.
ARM = f"""
() => {{
  const frame = document.querySelector("{FRAME}"), turn = frame.dataset.drawn;
  const pressed = new Promise(done => addEventListener("keydown", key => done(key.timeStamp), {{ once: true, capture: true }}));
  window.slide = pressed.then(async start => {{
    while (frame.dataset.drawn === turn) await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    return performance.now() - start;
  }});
}}
"""


def lines() -> Iterator[Line]:
    """Give the lines of this wing."""
    yield Line(
        name="cliff.grid",
        title="error surface of one unit and its gradient at 200 × 200 points",
        unit="ms",
        better="lower",
        target=100,
        measure=grid,
    )
    yield Line(
        name="cliff.slider",
        title="slider to new paths on the cliff page",
        unit="ms",
        better="lower",
        target=400,
        measure=lambda: visits()[0],
    )
    yield Line(
        name="cliff.frames",
        title="descent played on the cliff page, both pictures redrawn",
        unit="frames/s",
        better="higher",
        target=30,
        measure=lambda: visits()[1],
    )


def grid() -> Reading:
    """Measure the RNN unit's surface, every error and every gradient's norm, on one thread, as a worker has."""
    from bench.threads import threads
    from seqviz.subjects.cliff import UnitSurface
    from seqviz.tracing.cliff import error_surface

    with threads(1):
        return latency(lambda: error_surface(UnitSurface()), count=21)


@cache
def visits() -> tuple[Reading, Reading]:
    """Measure one visit: the number of descent steps moved by its slider, then the descent played."""
    with _visited() as page:
        slider = page.locator(".st-key-cliff-steps").get_by_role("slider")
        taken = []
        for _ in range(SLIDES + WARMUP):
            page.evaluate(ARM)
            slider.press("ArrowRight")
            taken.append(page.evaluate("() => window.slide"))
            page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=PATIENCE)
        page.locator(f"{FRAME} .sv-stepper-play").click()
        frames = [page.evaluate(COUNT) for _ in range(PLAYED)]
        return reading_of(taken[WARMUP:]), reading_of(frames)


@contextmanager
def _visited() -> Iterator["Page"]:
    with ExitStack() as stack:
        chromium = stack.enter_context(browser())
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        address = stack.enter_context(server(Path(folder)))
        wait_until_up(address)
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(PATIENCE)
        page.goto(f"{address}/cliff")
        page.locator(f"{FRAME}[data-drawn]").wait_for(timeout=PATIENCE)
        yield page
