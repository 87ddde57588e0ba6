"""From where a run that diverged can be gone on with, without torch."""

import numpy as np

from seqviz.records import Metrics

USUAL_LOSS, USUAL_NORM = 3.0, 10.0  # so many times the median still counts as usual


def last_good_step(metrics: Metrics) -> int:
    """Return the number of steps after which the run was last in good order: the place to go on from with clipping on.

    The last finite weights are often ruined already: the step that ruined them was itself finite. In good order is a
    network whose next step, as recorded, had a usual loss and applied a usual gradient.
    """
    usual = (metrics.loss <= USUAL_LOSS * _median(metrics.loss)) & (
        metrics.applied_norm <= USUAL_NORM * _median(metrics.applied_norm)
    )
    good = np.flatnonzero(usual)
    return int(metrics.step[good[-1]]) - 1 if good.size else 0


def _median(values: np.ndarray) -> float:
    """Return the median of the first half of ``values``, which divergence has not reached yet."""
    return float(np.median(values[: max(1, len(values) // 2)])) if len(values) else 0.0
