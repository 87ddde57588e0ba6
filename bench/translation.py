"""What the lab promises of translation: training, searching, and stepping through it in the browser."""

import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import torch

from bench.app import browser, server, wait_until_up
from bench.line import Line, Reading
from bench.measure import ratio, reading_of
from bench.plain_translator import START, PlainLoop, PlainTranslator
from bench.threads import threads
from seqviz.experiment import Experiment
from seqviz.models import Seq2Seq, beam_search
from seqviz.models.seq2seq import END
from seqviz.recipes.translation import translation_recipes
from seqviz.training import Trainer

ENOUGH = 0.95  # of the held-out sentences without a mistake
LOOKED_EVERY = 100  # training steps
SEARCHED, WIDTH, MOST = 100, 8, 20
GESTURES = 60

# One key press or hover, and how long until the frame that shows it has been made.
GESTURE = """
async () => {
  const frame = document.querySelector(".st-key-translate-alignment").querySelector(".sv-align");
  const words = [...frame.querySelectorAll("text[data-target]")];
  const work = [
    () => frame.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true })),
    () => words[0].dispatchEvent(new PointerEvent("pointerenter")),
    () => words[0].dispatchEvent(new PointerEvent("pointerleave")),
  ];
  const taken = [];
  for (let turn = 0; turn < COUNT; turn++) {
    const start = performance.now();
    work[turn % work.length]();
    frame.getBoundingClientRect();
    taken.push(performance.now() - start);
    await new Promise(done => requestAnimationFrame(done));
  }
  return taken;
}
"""


def lines() -> Iterator[Line]:
    """Give the lines of this wing."""
    yield Line(
        name="translation.training",
        title="training the encoder-decoder against a bare PyTorch loop of the same model, in steps/s",
        unit="×",
        better="higher",
        target=0.9,
        measure=against_bare_loop,
    )
    yield Line(
        name="translation.tutorial",
        title="… against one sentence and one word at a time, in sentences/s",
        unit="×",
        better="higher",
        target=20,
        measure=against_one_sentence_at_a_time,
    )
    yield Line(
        name="translation.learned",
        title="training to 95 % of held-out sentences exactly right, looked at as it goes",
        unit="s",
        better="lower",
        target=180,
        measure=lambda: learned(_experiment()),
    )
    yield Line(
        name="translation.beam",
        title="beam width 8 on 100 sentences against one hypothesis at a time",
        unit="×",
        better="higher",
        target=8,
        measure=against_one_hypothesis_at_a_time,
    )
    yield Line(
        name="translation.gestures",
        title="stepping and hovering in the browser, script and layout",
        unit="ms",
        better="lower",
        target=16.7,
        measure=gestures,
        p95_target=16.7,
    )


def against_bare_loop() -> Reading:
    """Measure how many steps the lab does while the bare loop does one, one thread each."""
    with threads(1):
        trainer, loop, batch = _trainer(), _loop(), _batch()
        return ratio(lambda: loop.batch(*batch()), trainer.step, rounds=41)


def against_one_sentence_at_a_time() -> Reading:
    """Measure how many sentences the lab learns from while the word-by-word loop learns from one."""
    with threads(1):
        trainer, loop, batch = _trainer(), _loop(), _batch()

        def sentences() -> None:
            for source, target in zip(*batch(), strict=True):
                loop.sentence(source.unsqueeze(0), target[target >= 0])

        return ratio(sentences, trainer.step, rounds=9, warmup=1)


def learned(experiment: Experiment) -> Reading:
    """Measure the time from a fresh network to one that is right on 95 % of the held-out sentences, as a run counts it."""
    with threads(2):
        trainer, started = Trainer(experiment), time.perf_counter()
        while not trainer.finished:
            trainer.step()
            if trainer.steps_done % LOOKED_EVERY == 0 and float(trainer.probe().exact[0]) >= ENOUGH:
                return Reading(median=time.perf_counter() - started)
        return Reading(median=float("inf"))


def against_one_hypothesis_at_a_time() -> Reading:
    """Measure a batched search against one that computes each hypothesis of each sentence by itself."""
    with threads(2):
        trainer = _trainer()
        generator = torch.Generator().manual_seed(0)
        source = trainer.task.held_out(SEARCHED, generator).inputs
        model = trainer.model.eval()
        assert isinstance(model, Seq2Seq)
        return ratio(
            lambda: [_search_alone(model, one.unsqueeze(0)) for one in source],
            lambda: beam_search(model, source, width=WIDTH, most=MOST),
            rounds=5, warmup=1,
        )  # fmt: skip


def gestures() -> Reading:
    """Measure keys and hovers on the translation page, until their layout is made."""
    with browser() as chromium, tempfile.TemporaryDirectory() as folder, server(Path(folder)) as address:
        wait_until_up(address)
        with chromium.new_page() as page:
            page.goto(f"{address}/translate")
            page.wait_for_selector(".st-key-translate-alignment text[data-target]", timeout=60_000)
            return reading_of(page.evaluate(GESTURE.replace("COUNT", str(GESTURES))))


@torch.no_grad()
def _search_alone(model: Seq2Seq, source: torch.Tensor) -> float:
    encoded = model.encode(source)
    beams = [(0.0, [START], encoded.state)]
    for _ in range(MOST):
        grown = []
        for total, tokens, state in beams:
            if tokens[-1] == END:
                grown.append((total, tokens, state))
                continue
            step = model.step(encoded, state, torch.tensor(tokens[-1:]))
            best = step.logits[0].log_softmax(-1).topk(WIDTH)
            grown += [
                (total + chance, [*tokens, token], step.state)
                for chance, token in zip(best.values.tolist(), best.indices.tolist(), strict=True)
            ]
        beams = sorted(grown, key=lambda beam: -beam[0])[:WIDTH]
        if all(tokens[-1] == END for _, tokens, _ in beams):
            break
    return beams[0][0]


def _experiment() -> Experiment:
    return translation_recipes()["translation-additive"].experiment


@cache
def _trainer() -> Trainer:
    return Trainer(_experiment())


def _loop() -> PlainLoop:
    experiment, task = _experiment(), _trainer().task
    model = PlainTranslator(task.input_size, task.output_size, experiment.model.embedding_size, experiment.model.hidden_size)
    return PlainLoop(model, experiment.training.learning_rate)


def _batch() -> Callable[[], tuple[torch.Tensor, torch.Tensor]]:
    """Return what draws the same batches for the plain loop as the lab draws for itself."""
    task, generator = _trainer().task, torch.Generator().manual_seed(0)

    def draw() -> tuple[torch.Tensor, torch.Tensor]:
        batch = task.batch(_experiment().training.batch_size, generator)
        return batch.inputs, batch.targets

    return draw
