"""Which training steps of a run are probed, and which of them keep their weights."""

import numpy as np

STEPS_A_MOMENT = 40  # looking closely costs about as much as a training step: this keeps it below 3 in 100
FIRST_MOMENTS = 10


def moments(first: int, last: int, at_most: int) -> tuple[int, ...]:
    """Return the training steps at which to look closely, ``first`` and ``last`` among them.

    Half of them grow ever further apart, since early steps change the most; the other half are evenly spaced.

    >>> moments(0, 1000, 10)
    (0, 1, 10, 100, 200, 400, 600, 800, 1000)
    >>> moments(500, 501, 60)
    (500, 501)
    """
    steps = last - first
    count = max(2, min(at_most, FIRST_MOMENTS + steps // STEPS_A_MOMENT) // 2)
    growing = np.geomspace(1, steps, count - 1)
    even = np.linspace(0, steps, count + 1)
    chosen = np.unique(np.rint(np.concatenate([growing, even])).astype(int))
    return tuple(first + int(step) for step in chosen)


def kept_snapshots(steps: tuple[int, ...], weight_bytes: int, most_bytes: int) -> tuple[int, ...]:
    """Return those of ``steps`` whose weights fit into ``most_bytes`` together, thinned evenly along ``steps``.

    >>> kept_snapshots((0, 1, 10, 100, 1000), weight_bytes=100, most_bytes=300)
    (0, 10, 1000)
    """
    room = min(len(steps), most_bytes // max(1, weight_bytes))
    if room < 2:
        return ()
    return tuple(steps[i] for i in np.rint(np.linspace(0, len(steps) - 1, room)).astype(int))
