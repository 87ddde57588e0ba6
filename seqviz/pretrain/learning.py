"""How a run learned its task: from what it recorded at every step, its curve and when it was there."""

from collections.abc import Sequence

import numpy as np

from seqviz.records.learning import GOALS, WINDOW, learned_at, means
from seqviz.registry import look_up
from seqviz.store import Store

DIGITS = 4  # of a point of a curve, significant


def measure_learning(store: Store, run_id: str) -> dict[str, float]:
    """Return after how many training steps the run had learned its task, if it had, and where its loss and metric ended.

    Raises:
        StoreError: there is no such run.
        UnknownNameError: its task has no goal.
    """
    run = store.run(run_id)
    step = learned_at(run.metrics, look_up(GOALS, str(run.experiment.task.to_json()["name"]), "goal of the task"))
    ends = {name: float(np.mean(getattr(run.metrics, name)[-WINDOW:])) for name in ("loss", "metric")}
    return ends if step is None else {"steps": float(step), **ends}


def learning_curves(store: Store, run_id: str) -> dict[str, Sequence[float]]:
    """Return the run's loss and metric, each point the mean of 50 training steps.

    Raises:
        StoreError: there is no such run.
    """
    run = store.run(run_id)
    return {name: [_rounded(one) for one in means(getattr(run.metrics, name))] for name in ("loss", "metric")}


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
