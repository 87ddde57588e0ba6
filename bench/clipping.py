"""What the pages on clipping and on one training step promise: runs that share the workers, a slider that is soon heard."""

from collections.abc import Iterator

from bench.browser import visited
from bench.cliff import ARM, FRAME
from bench.lab import two_workers_against_one
from bench.line import Line, Reading
from bench.measure import reading_of
from seqviz.experiment import Experiment
from seqviz.experiment.clipping import CLIPPING, temporal_order

LENGTHS, STEPS = (20, 30, 40, 50), 500  # eight runs: as many as one person may hand in at once
SLIDES, WARMUP = 11, 2  # lengths that the slider has


def lines() -> Iterator[Line]:
    """Give the lines of this wing."""
    yield Line(
        name="clipping.sweep",
        title="two one-thread workers against one on eight runs of the temporal-order sweep",
        unit="×",
        better="higher",
        target=1.7,
        measure=lambda: two_workers_against_one(sweep_runs),
    )
    yield Line(
        name="clipping.step",
        title="slider to new picture: sequence length, one training step",
        unit="ms",
        better="lower",
        target=400,
        measure=slides,
    )


def sweep_runs(turn: int) -> list[Experiment]:
    """Return the sweep's runs of one seed, shortened; others at every turn."""
    return [temporal_order(length, clip, turn, steps=STEPS) for length in LENGTHS for clip in CLIPPING]


def slides() -> Reading:
    """Measure from the key that moves the slider to the frame with the new step; every position is taken afresh."""
    taken = []
    with visited("step") as page:
        page.locator(".sv-step[data-drawn]").wait_for()
        slider = page.locator(".st-key-step-length").get_by_role("slider")
        for _ in range(WARMUP + SLIDES):
            page.evaluate(ARM.replace(FRAME, ".sv-step"))
            slider.press("ArrowRight")
            taken.append(page.evaluate("() => window.slide"))
            page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    return reading_of(taken[WARMUP:])
