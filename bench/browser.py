"""What a person waits for, measured in Chromium on the running app."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from bench.app import ROOT, browser, server, wait_until_up
from bench.line import Line, Reading
from bench.measure import latency, reading_of

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PATIENCE = 60_000  # milliseconds after which a picture that does not come is an error
SLIDES = 41
WARMUP = 3
COLD_STARTS = 5
SWITCHES = 7
LESSON = "vanishing"
MENU = {"gates": "Gates and cells", "train": "Train", LESSON: "Vanishing and exploding gradients"}
WITHOUT_PICTURE = ("train",)  # before anything was trained

# Kept in the page: when messages went and came, and the pictures that were drawn, wherever in the shadow DOM.
WATCH = """
window.bench = { sent: [], received: [] };
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (message) {
  if (!this.watched) { this.watched = true; this.addEventListener("message", () => bench.received.push(performance.now())); }
  bench.sent.push(performance.now());
  return send.call(this, message);
};
bench.plots = (root = document) => [...root.querySelectorAll("*")].flatMap(
  each => [...(each.matches(".sv-plot[data-drawn]") ? [each] : []), ...(each.shadowRoot ? bench.plots(each.shadowRoot) : [])]);
bench.pictures = () => bench.plots().map(each => each.getAttribute("aria-label")).join("\\n");
bench.frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
bench.waitFor = async changed => { while (!changed()) await bench.frame(); return performance.now(); };
"""

# From the key that moves a slider to the frame with the new picture; what comes before the last message is the server's time.
ARM = """
() => {
  const drawn = () => bench.plots().map(each => each.dataset.drawn).join(), turn = drawn(), before = bench.pictures();
  const sent = bench.sent.length, once = { once: true, capture: true };
  const pressed = new Promise(done => addEventListener("keydown", key => done(key.timeStamp), once));
  bench.slide = pressed.then(async start => {
    const end = await bench.waitFor(() => drawn() !== turn && bench.pictures() !== before);
    return [end - start, Math.max(...bench.received.filter(at => at <= end)) - bench.sent[sent]];
  });
}
"""


def lines() -> Iterator[Line]:
    """Give the lines of what a person waits for."""
    yield Line(
        name="browser.cold",
        title="cold start of the server to the first finding on screen",
        unit="s",
        better="lower",
        target=6,
        measure=cold_start,
    )
    yield Line(
        name="browser.slider",
        title="slider to new picture on the vanishing page",
        unit="ms",
        better="lower",
        target=400,
        measure=lambda: slides()[0],
    )
    yield Line(
        name="browser.server",
        title="… of which server and worker together",
        unit="ms",
        better="lower",
        target=150,
        measure=lambda: slides()[1],
    )
    yield Line(
        name="browser.switch",
        title="switching pages, click to the other page's title and picture",
        unit="ms",
        better="lower",
        target=800,
        measure=switches,
    )
    yield Line(
        name="browser.pretrained",
        title="opening a pretrained run: verified, with its weights",
        unit="ms",
        better="lower",
        target=300,
        measure=pretrained,
    )


def cold_start() -> Reading:
    """Measure from starting the server to the frame with the first finding, on a store that was never used."""
    with browser() as chromium, tempfile.TemporaryDirectory() as folder:
        seconds = []
        for turn in range(COLD_STARTS):
            with chromium.new_page() as page:
                page.add_init_script(WATCH)
                started = time.perf_counter()
                with server(Path(folder) / str(turn)) as address:
                    wait_until_up(address)
                    page.goto(f"{address}/{LESSON}")
                    _first_picture(page)
                    seconds.append(time.perf_counter() - started)
        return reading_of(seconds)


@cache
def slides() -> tuple[Reading, Reading]:
    """Measure a slider's way to a new picture, and the server's part of it; every position is traced afresh."""
    with visited(LESSON) as page:
        slider = page.locator(f".st-key-{LESSON}-length").get_by_role("slider")
        moved = [slide(page, slider) for _ in range(SLIDES + WARMUP)][WARMUP:]
        return reading_of([whole for whole, _ in moved]), reading_of([part for _, part in moved])


def switches() -> Reading:
    """Measure a click in the menu until the other page shows its title, and a picture where it has one at once."""
    with visited(LESSON) as page:
        for name in MENU:  # once unmeasured, as in a lesson that is under way
            _switch(page, name)
        return reading_of([_switch(page, name) for name in list(MENU) * SWITCHES])


def pretrained() -> Reading:
    """Measure opening a shipped run with a fresh store object."""
    from seqviz.store import Store

    folder = str(ROOT / "pretrained")
    run_ids = cycle(Store(folder).run_ids())

    def open_next() -> None:
        store, run_id = Store(tempfile.gettempdir(), folder), next(run_ids)
        store.open(run_id)
        store.weights(run_id)

    return latency(open_next, count=6 * 7)


@contextmanager
def visited(path: str) -> Iterator["Page"]:
    """Give a page of the running app with its first picture drawn."""
    with ExitStack() as stack:
        chromium = stack.enter_context(browser())
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        address = stack.enter_context(server(Path(folder)))
        wait_until_up(address)
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(PATIENCE)
        page.add_init_script(WATCH)
        page.goto(f"{address}/{path}")
        _first_picture(page)
        yield page


def _first_picture(page: "Page") -> None:
    page.wait_for_function("() => window.bench.plots().length > 0", timeout=PATIENCE)


def slide(page: "Page", slider: "Locator") -> tuple[float, float]:
    """Move ``slider`` one step up; return the milliseconds to the frame with the new picture, and the server's part of them."""
    page.evaluate(ARM)
    slider.press("ArrowRight")
    whole, part = page.evaluate("() => bench.slide")
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=PATIENCE)
    return whole, part


def _switch(page: "Page", name: str) -> float:
    link = page.get_by_role("link", name=MENU[name], exact=True)
    started = time.perf_counter()
    link.click()
    page.get_by_role("heading", name=MENU[name], level=1).wait_for()
    if name not in WITHOUT_PICTURE:
        page.locator(f"[class*=st-key-{name}-] .sv-plot[data-drawn]").first.wait_for()
    return (time.perf_counter() - started) * 1000
