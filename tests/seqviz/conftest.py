import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from seqviz.experiment import Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig
from seqviz.lab import Lab
from seqviz.records import METRIC_COLUMNS, Metrics
from seqviz.settings import Settings, settings


def chosen(folder, **lab) -> Settings:
    """Settings for a lab of its own: everything lands in ``folder``, and a checkpoint is due at almost every step."""
    mine = settings()
    kept = replace(mine.store, url=str(folder), pretrained="", checkpoint_seconds=0)
    return replace(mine, store=kept, lab=replace(mine.lab, workers=1, niceness=0, scheduler="", **lab))


@pytest.fixture(scope="session")
def lab(tmp_path_factory) -> Iterator[Lab]:
    """One lab with one training worker; each test uses seeds of its own."""
    lab = Lab(chosen(tmp_path_factory.mktemp("lab")))
    yield lab
    lab.close()


@pytest.fixture
def own_lab(tmp_path) -> Iterator[Callable[..., Lab]]:
    """Opens labs, by default on one store of their own, and closes them."""
    opened: list[Lab] = []

    def open_one(mine: Settings | None = None, **more) -> Lab:
        opened.append(Lab(mine or chosen(tmp_path / "store", **more)))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


_seeds = iter(range(1000, 2**30))


@pytest.fixture
def experiment() -> Experiment:
    """A small experiment that no other test trains: 200 steps take a moment."""
    return small(200)


@pytest.fixture
def endless() -> Experiment:
    """A small experiment that never finishes within a test."""
    return small(100_000)


@pytest.fixture
def long() -> Experiment:
    """A small experiment that takes long enough, also on a fast machine, to be stopped on the way."""
    return small(3000)


def small(steps: int) -> Experiment:
    return Experiment(
        task=AddingConfig(length=6),
        model=RecurrentConfig(name="lstm", hidden_size=4),
        training=TrainingConfig(steps=steps, batch_size=4),
        seed=next(_seeds),
    )


@pytest.fixture
def until() -> Callable[..., None]:
    """Waits until a condition holds; two minutes are for a machine that does much else."""

    def until(holds: Callable[[], bool], what: str = "the condition") -> None:
        deadline = time.monotonic() + 120
        while not holds():
            assert time.monotonic() < deadline, f"waited in vain for {what}"
            time.sleep(0.03)

    return until


@pytest.fixture
def undisturbed() -> Callable[[Experiment], Metrics]:
    """Returns what an experiment's bare training loop gives, in this process and without the lab."""

    def undisturbed(experiment: Experiment, start=None) -> Metrics:
        from seqviz.training import Trainer

        trainer = Trainer(experiment, start=start)
        rows = []
        while not trainer.finished:
            rows.append(trainer.step())
        columns = {name: np.array([getattr(row, name) for row in rows]) for name in ("step", *METRIC_COLUMNS)}
        return Metrics(**columns)

    return undisturbed


@pytest.fixture
def same() -> Callable[[Metrics, Metrics], None]:
    """Asserts that two runs recorded the same numbers, to the last bit."""

    def same(actual: Metrics, expected: Metrics) -> None:
        for name in ("step", *METRIC_COLUMNS):
            np.testing.assert_array_equal(getattr(actual, name), getattr(expected, name), err_msg=name)

    return same
