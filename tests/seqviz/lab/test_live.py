"""A run's live record is complete, whichever process died and however late a viewer joins."""

import numpy as np
import pytest

from seqviz.experiment import Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig
from seqviz.jobs.events import COLUMNS, pack_rows, table_of, unpack_rows
from seqviz.lab.live import LiveRun
from seqviz.lab.view import empty_view
from seqviz.records import Probes
from seqviz.store.arrays import encode_probes


@pytest.fixture
def live():
    experiment = Experiment(task=AddingConfig(), model=RecurrentConfig(), training=TrainingConfig(steps=100))
    return LiveRun(experiment=experiment, ancestors=())


def started(step: int) -> dict:
    return {"kind": "started", "steps_done": step, "seconds": 0.0, "worker": "tcp://here", "pid": 1}


def rows(first: int, last: int, seconds: float = 1.0) -> dict:
    numbers = np.zeros((last - first + 1, len(COLUMNS)))
    numbers[:, 0] = np.arange(first, last + 1)
    return {"kind": "rows", "rows": pack_rows(numbers), "seconds": seconds}


def probes(step: int) -> dict:
    norms = np.full((1, 1, 1, 4), float(step))
    record = Probes(step=np.array([step]), hidden_norms=norms, cell_norms=None, direct_norms=norms)
    return {"kind": "probes", "probes": encode_probes(record)}


def test_rows_and_probes_add_up(live):
    for event in (started(0), probes(0), rows(1, 10), probes(10), rows(11, 15)):
        live.apply(event)

    view = live.view()
    assert (view.state, view.steps_done) == ("running", 15)
    np.testing.assert_array_equal(view.metrics.step, np.arange(1, 16))
    np.testing.assert_array_equal(view.probes.step, [0, 10])
    assert not live.gap


def test_a_retry_takes_back_what_the_dead_worker_never_saved(live):
    for event in (started(0), probes(0), rows(1, 20), probes(20), started(12), rows(13, 14)):
        live.apply(event)

    assert live.view().steps_done == 14
    np.testing.assert_array_equal(live.view().metrics.step, np.arange(1, 15))
    np.testing.assert_array_equal(live.view().probes.step, [0])


def test_a_listener_that_comes_late_fills_the_gap_from_the_store(live):
    live.apply(rows(41, 50))
    assert live.gap
    assert not live.refill
    live.apply({"kind": "saved", "steps_done": 45, "snapshots": [0, 40]})
    assert live.refill

    stored = empty_view([live.experiment], "running")
    metrics = table_of_steps(45).metrics()
    live.fill(type(stored)(**(vars(stored) | {"metrics": metrics, "steps_done": 45, "snapshot_steps": (0, 40)})))
    np.testing.assert_array_equal(live.view().metrics.step, np.arange(1, 51))
    assert live.view().steps_done == 50
    assert not live.gap


def table_of_steps(last: int):
    table = table_of(empty_view([Experiment(task=AddingConfig(), model=RecurrentConfig())], "running").metrics)
    table.extend(unpack_rows(rows(1, last)["rows"]))
    return table


def test_the_time_that_remains_follows_the_recent_pace(live):
    live.apply(started(0))
    assert live.remaining(100) is None
    for at in range(1, 5):
        live.apply(rows(10 * at - 9, 10 * at, seconds=2.0 * at))

    assert live.remaining(100) == pytest.approx(12.0)
