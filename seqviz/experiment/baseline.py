"""What needs no learning at all: the loss of a fixed answer, or of guessing. No torch here."""

import math

from seqviz.errors import UnknownNameError
from seqviz.experiment.task import TASKS
from seqviz.registry import look_up


def baseline_loss(name: str) -> float:
    """Return the loss of a task that needs no memory, in the task's unit, with the settings that the task has by default.

    Raises:
        UnknownNameError: there is no such task, or no such loss is known of it.

    >>> round(baseline_loss("adding"), 4), round(baseline_loss("temporal_order"), 4)
    (0.1667, 1.3863)
    """
    spec = look_up(TASKS, name, "task")
    loss = spec.baseline(spec.config())
    if loss is None:
        raise UnknownNameError(f"no loss without memory is known of the task {name!r}")
    return loss


def guessed_share(name: str) -> float:
    """Return the share of answers that guessing gets right, of a task with equally likely answers.

    There, the cross-entropy of guessing is the log of how many answers there are.

    Raises:
        UnknownNameError: there is no such task, or no such loss is known of it.

    >>> round(guessed_share("lag"), 12)
    0.25
    """
    return math.exp(-baseline_loss(name))
