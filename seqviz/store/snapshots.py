"""Which moments of a run's past keep their weights."""

import math


def snapshot_steps(steps: int, *, snapshots: int, snapshot_bytes: int, weight_bytes: int) -> tuple[int, ...]:
    """Return the training steps to keep weights of: 0, then ever further apart, ``steps`` last.

    Early steps change the most, so the distances grow geometrically. At most ``snapshots`` steps, and at most so many
    that their weights fit into ``snapshot_bytes``.

    >>> snapshot_steps(1000, snapshots=6, snapshot_bytes=10**6, weight_bytes=1)
    (0, 1, 6, 32, 178, 1000)
    >>> snapshot_steps(1000, snapshots=60, snapshot_bytes=100, weight_bytes=1000)
    ()
    """
    count = min(snapshots, snapshot_bytes // max(1, weight_bytes), steps + 1)
    if count < 3:
        return (0, steps)[2 - count :] if count > 0 else ()
    ratio = math.log(steps) / (count - 2)
    return tuple(sorted({0} | {round(math.exp(ratio * i)) for i in range(count - 1)}))
