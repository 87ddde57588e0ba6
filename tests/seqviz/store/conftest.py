from collections.abc import Callable

import numpy as np
import pytest

from seqviz.experiment import Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig
from seqviz.records import Metrics, Probes
from seqviz.store import Progress, RunWriter, Store, status_now


@pytest.fixture
def experiment() -> Experiment:
    return Experiment(
        task=AddingConfig(length=5), model=RecurrentConfig(name="lstm", hidden_size=3), training=TrainingConfig(steps=20)
    )


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(str(tmp_path / "store"))


def metrics_to(steps: int) -> Metrics:
    step = np.arange(1, steps + 1)
    number = 1.0 / step
    return Metrics(step=step, loss=number, metric=number, gradient_norm=number, applied_norm=number, clipped=step % 2 == 0)


def probes_at(*steps: int) -> Probes:
    norms = np.array(steps, float)[:, None, None, None] * np.ones((1, 1, 1, 5))
    table = {"input": norms[:, :, :, 0], "forget": norms[:, :, :, 0] + 1}
    return Probes(
        step=np.array(steps), hidden_norms=norms, cell_norms=2 * norms, direct_norms=3 * norms,
        gate_means=table, left_saturated=table, right_saturated=table,
    )  # fmt: skip


def progress_at(step: int, **more) -> Progress:
    weights = {"rnn.weight_hh_l0": np.full((3, 4), float(step), np.float32)}
    checkpoint = {"model.rnn.weight_hh_l0": weights["rnn.weight_hh_l0"], "steps_done": np.array(step)}
    parts = {"metrics": metrics_to(step), "probes": probes_at(0, step), "weights": weights, "checkpoint": checkpoint}
    return Progress(**(parts | more))


@pytest.fixture
def commit() -> Callable[..., None]:
    def commit(writer: RunWriter, step: int, state: str = "running", **more) -> None:
        writer.commit(status_now(state, step, seconds=float(step)), progress_at(step, **more))

    return commit
