"""From where a run that diverged can be gone on with, without torch."""

import numpy as np

from seqviz.records import Metrics

USUAL_LOSS, USUAL_NORM = 3.0, 10.0  # so many times the median up to then still counts as usual


def last_good_step(metrics: Metrics) -> int:
    """Return the number of steps after which the run was last in good order: the place to go on from with clipping on.

    The last finite weights are often ruined already: the step that ruined them was itself finite. In good order is a
    network whose next step, as recorded, had a usual loss and applied a usual gradient, by the medians up to that step.
    """
    for row in reversed(range(len(metrics.step))):
        if _is_usual(metrics.loss, row, USUAL_LOSS) and _is_usual(metrics.applied_norm, row, USUAL_NORM):
            return int(metrics.step[row]) - 1
    return 0


def _is_usual(values: np.ndarray, row: int, most: float) -> bool:
    return bool(values[row] <= most * np.median(values[: row + 1]))
