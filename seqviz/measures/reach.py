"""How much of a gradient is left at the first step processed. Needs no torch."""

import numpy as np

from seqviz.records import GradientFlow


def each_sequence(flow: GradientFlow, layer: int = -1, direction: int = 0) -> list[np.ndarray]:
    """Return the gradient norms at the hidden states of each sequence, without the steps after its end."""
    norms = flow.hidden_norms[layer, direction]
    ends = np.full(len(norms), norms.shape[1]) if flow.lengths is None else flow.lengths
    return [one[:end] for one, end in zip(norms, ends, strict=True)]


def reach(flow: GradientFlow, layer: int = -1, direction: int = 0) -> float:
    """Return which share of the gradient at the last step that the loss depends on is left at the first one processed.

    Of several sequences, each compared with itself, it is the median; NaN where no gradient has a step to travel.
    """
    found = []
    for sizes in each_sequence(flow, layer, direction):
        ordered = sizes if direction == 0 else sizes[::-1]
        felt = np.flatnonzero(ordered)
        if felt.size and felt[-1] > 0:
            with np.errstate(divide="ignore", invalid="ignore"):
                found.append(ordered[0] / ordered[felt[-1]])
    known = np.array(found)[~np.isnan(found)] if found else np.empty(0)
    return float(np.median(known)) if known.size else float("nan")
