"""How often gates are nearly shut or nearly open. Needs no torch."""

import numpy as np

from seqviz.records import GateTrace, UnitSaturation

SHUT, OPEN = 0.1, 0.9
SIGMOIDS = ("input", "forget", "output", "reset", "update")


def saturation(trace: GateTrace) -> UnitSaturation:
    """Return how often each unit's gates are left-saturated (< 0.1) and right-saturated (> 0.9).

    Source:
        Karpathy, Johnson & Fei-Fei (2015), section 4.2, https://arxiv.org/abs/1506.02078
    """
    gates = {name: values for name, values in trace.gates.items() if name in SIGMOIDS}
    return UnitSaturation(
        left={name: np.asarray((values < SHUT).mean(axis=(2, 3))) for name, values in gates.items()},
        right={name: np.asarray((values > OPEN).mean(axis=(2, 3))) for name, values in gates.items()},
    )
