"""How far chance alone may move a share that was counted."""

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import edges

NORMAL_95 = 1.959963984540054  # the standard normal's 97.5 % point


def wilson_interval(right: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of which ``right`` of ``of`` were counted; (0, 1) where nothing was.

    >>> [round(end, 3) for end in wilson_interval(9, 10)]
    [0.596, 0.982]

    Source:
        Wilson (1927), https://doi.org/10.1080/01621459.1927.10502953
    """
    if of == 0:
        return 0.0, 1.0
    share, spread = right / of, NORMAL_95**2 / of
    middle = share + spread / 2
    reach = math.sqrt(spread * (share * (1 - share) + spread / 4))
    low, high = (middle - reach) / (1 + spread), (middle + reach) / (1 + spread)
    return (0.0 if right == 0 else low), (1.0 if right == of else high)


def differ(first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Return whether two counted shares, each right of how many, differ by more than chance: 0 is outside the 95 % interval.

    >>> differ((984, 1000), (966, 1000)), differ((984, 1000), (978, 1000))
    (True, False)

    Source:
        Newcombe (1998), method 10, https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I
    """
    (more, (low, _)), (less, (_, high)) = sorted(
        ((right / of if of else 0.0, wilson_interval(right, of)) for right, of in (first, second)), reverse=True
    )
    return more - less > math.hypot(more - low, high - less)


def chance_band(label: str, x: np.ndarray, counted: Sequence[tuple[int, int]], colour: str) -> list[go.Scatter]:
    """Return the 95 % intervals along ``x``, in percent, of shares counted as right of how many."""
    ends = np.array([wilson_interval(right, of) for right, of in counted]).reshape(-1, 2).T * 100
    return edges(x, (ends[0], ends[1]), colour, (f"{label}, 95 % from", f"{label}, 95 % to"))
