"""What a person waits for on the page "Heads" at 4 layers of 8 heads on 128 tokens, and what bertviz does with as many."""

import importlib.util
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench.app import browser, server, wait_until_up
from bench.line import CannotMeasure, Line, Reading
from bench.measure import reading_of
from seqviz.experiment import Experiment, TrainingConfig, TransformerConfig
from seqviz.experiment.task import CharactersConfig
from seqviz.jobs.training import train_run
from seqviz.records import AttentionHeads
from seqviz.settings import settings
from seqviz.store import Store
from seqviz.ui.components.head_view import Place, packed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

LAYERS, HEADS, TOKENS, WIDTH = 4, 8, 128, 64
TEXTS, GESTURES, MEGABYTE = 7, 60, 1e6
FRAME = ".st-key-heads-view .sv-heads"
PLACE = Place(layer=0, head=0, query=0, key=0, pinned=False)

OPENED, PATIENCE = 3, 180_000  # times that bertviz's page is; milliseconds
CDN = "https://cdnjs.cloudflare.com"  # where bertviz's page gets require.min.js, jquery.min.js and d3.min.js
SCRIPTS = "BENCH_SCRIPTS"  # an environment variable: a folder that has these three
BERTVIZ_DRAWN = """
count => document.querySelectorAll("#vis svg line").length >= count
  && new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))
"""

# Pointing at a token, at a cell of the map, and at nothing again; how long until what it changes has been laid out.
HOVER = """
async () => {
  const frame = document.querySelector(".st-key-heads-view").querySelector(".sv-heads");
  const map = frame.querySelector(".sv-heads-map"), move = at => new PointerEvent("pointermove", at);
  const tokens = [...frame.querySelectorAll("[data-side=query]")], keys = [...frame.querySelectorAll("[data-side=key]")];
  const box = map.querySelector("canvas").getBoundingClientRect();
  const over = token => token.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
  const work = [
    turn => over(tokens[turn % tokens.length]),
    turn => map.dispatchEvent(move({ clientX: box.x + 20 + 3 * turn, clientY: box.y + 20 + 5 * turn })),
    turn => over(keys[(7 * turn) % keys.length]),
    () => map.dispatchEvent(new PointerEvent("pointerleave")),
  ];
  const taken = [];
  for (let turn = 0; turn < COUNT; turn++) {
    const start = performance.now();
    work[turn % work.length](turn);
    frame.getBoundingClientRect();
    taken.push(performance.now() - start);
    await new Promise(done => requestAnimationFrame(done));
  }
  return taken;
}
"""


def lines() -> Iterator[Line]:
    """Give the lines of this page."""
    size = f"{LAYERS} layers × {HEADS} heads × {TOKENS} tokens"
    yield Line(
        name="heads.wire", title=f"heads: everything about {size}, on the wire", unit="MB", better="lower", target=1.0,
        measure=on_the_wire,
    )  # fmt: skip
    yield Line(
        name="heads.drawn", title="… from a new text to all of it drawn: traced, sent, laid out", unit="s", better="lower",
        target=1.0, measure=drawn,
    )  # fmt: skip
    yield Line(
        name="heads.hover", title="… pointing at tokens and pairs, script and layout", unit="ms", better="lower", target=16.7,
        measure=hover, p95_target=16.7,
    )  # fmt: skip
    yield Line(
        name="heads.bertviz", title="… bytes of bertviz's model view to ours, of the same weights, drawn at random", unit="×",
        better="higher", target=20, measure=bytes_of_bertviz,
    )  # fmt: skip
    yield Line(
        name="heads.bertviz.drawn", title="… seconds from its page to all of it drawn, to ours from a new text on", unit="×",
        better="higher", target=10, measure=seconds_of_bertviz,
    )  # fmt: skip


def on_the_wire() -> Reading:
    """Measure the largest message that the page gets, the component's script included."""
    with _visited() as (page, sizes):
        _type(page, 0)
        return Reading(median=max(sizes) / MEGABYTE)


@cache
def drawn() -> Reading:
    """Measure the time from a text typed to the frame that shows all its heads."""
    with _visited() as (page, _):
        taken = [_type(page, number) for number in range(TEXTS)]
        return reading_of(taken[1:])


def hover() -> Reading:
    """Measure what pointing costs, until its layout is made."""
    with _visited() as (page, _):
        _type(page, 0)
        return reading_of(page.evaluate(HOVER.replace("COUNT", str(GESTURES))))


def bytes_of_bertviz() -> Reading:
    """Measure how much longer bertviz's HTML is than our message, for the same random weights."""
    record = _record()
    return Reading(median=len(_bertviz(record).encode()) / len(packed(record, PLACE, {"title": ""})))


def seconds_of_bertviz() -> Reading:
    """Measure how much longer bertviz's page takes to be drawn than ours, which traces a text first.

    What takes bertviz to make its page is not counted.
    """
    html = _bertviz(_record())
    with browser() as chromium, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bertviz.html"
        file.write_text(html, encoding="utf-8")
        taken = [_opened(chromium, file) for _ in range(OPENED)]
    return Reading(median=statistics.median(taken) / drawn().median, count=OPENED)


def _bertviz(record: AttentionHeads) -> str:
    """Return bertviz's page of these weights.

    Raises:
        CannotMeasure: it is not installed.
    """
    if importlib.util.find_spec("bertviz") is None:
        raise CannotMeasure("bertviz is not installed here: pip install bertviz==1.4.1 ipython")
    import torch
    from bertviz import model_view

    weights = [torch.from_numpy(np.array(layer))[None] for layer in record.weights]
    html: str = model_view(attention=weights, tokens=list(record.keys_of), html_action="return").data
    return html


def _opened(chromium: "Browser", file: Path) -> float:
    """Return the seconds from opening bertviz's page to the frame that shows the lines of all its heads.

    Raises:
        CannotMeasure: the scripts that it loads from elsewhere do not come.
    """
    with chromium.new_page(viewport={"width": 1440, "height": 900}) as page:
        missing: list[str] = []
        page.on("requestfailed", lambda request: missing.append(request.url))
        page.route(f"{CDN}/**", _script)
        started = time.perf_counter()
        page.goto(file.as_uri(), timeout=PATIENCE)
        if missing:
            raise CannotMeasure(f"bertviz's page needs {CDN}, which this machine does not reach ({SCRIPTS}=FOLDER has copies)")
        page.wait_for_function(BERTVIZ_DRAWN, arg=LAYERS * HEADS * TOKENS**2, timeout=PATIENCE)
        return time.perf_counter() - started


def _script(route: "Route") -> None:
    """Give a script that bertviz loads from elsewhere, from a folder of copies if there is one."""
    folder = os.environ.get(SCRIPTS)
    name = Path(route.request.url).name
    route.fulfill(path=Path(folder) / name) if folder else route.continue_()


def _experiment() -> Experiment:
    model = TransformerConfig(name="causal", layers=LAYERS, heads=HEADS, width=WIDTH, inner=WIDTH)
    return Experiment(task=CharactersConfig(), model=model, training=TrainingConfig(steps=1, batch_size=4), seed=0)


def _trained(folder: Path) -> str:
    train_run(_experiment(), Store(str(folder)), replace(settings().store, snapshot_bytes=0), device="cpu")
    return _experiment().run_id


def _text(number: int) -> str:
    """Return a text of so many characters that no other number has."""
    return (f"{number} " + "def add(left, right): return left + right " * 4)[:TOKENS]


@contextmanager
def _visited() -> Iterator[tuple["Page", list[int]]]:
    """Give the page in Chromium on a run of that size, and the bytes of every message that comes over its socket."""
    with browser() as chromium, tempfile.TemporaryDirectory() as folder:
        run = _trained(Path(folder))
        with server(Path(folder)) as address, chromium.new_page(viewport={"width": 1440, "height": 900}) as page:
            sizes: list[int] = []
            page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: sizes.append(len(frame))))
            wait_until_up(address)
            page.goto(f"{address}/heads?run={run}")
            page.wait_for_selector(f"{FRAME}[data-drawn] .sv-pair", timeout=60_000)
            yield page, sizes


def _type(page: "Page", number: int) -> float:
    """Type a text, and return the seconds until its last token is there and a frame has been made."""
    text = _text(number)
    page.get_by_role("textbox", name="Text").fill(text)
    started = time.perf_counter()
    page.keyboard.press("Enter")
    page.wait_for_function(
        """([frame, first, count]) => {
          const tokens = document.querySelectorAll(`${frame} [data-side=query] b`);
          return tokens.length === count && tokens[0].textContent === first
            && new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))));
        }""",
        arg=[FRAME, text[0], len(text)],
    )
    return time.perf_counter() - started


def _record() -> AttentionHeads:
    """Return heads of that size whose queries and keys are drawn from a Gaussian."""
    draw = np.random.default_rng(0)
    shape = (LAYERS, HEADS, TOKENS, WIDTH // HEADS)
    queries, keys, values = (draw.standard_normal(shape).astype(np.float32) for _ in range(3))
    scores = queries @ keys.swapaxes(-1, -2) / np.float32(np.sqrt(shape[-1]))
    raised = np.exp(scores)
    tokens = tuple(f"word{number}" for number in range(TOKENS))
    return AttentionHeads(
        kind="self", queries_of=tokens, keys_of=tokens, queries=queries, keys=keys, values=values, scores=scores,
        weights=raised / raised.sum(-1, keepdims=True),
    )  # fmt: skip
