"""Shares of saturated gates equal direct counts."""

import numpy as np

from seqviz.measures.saturation import saturation
from seqviz.records import GateTrace


def trace_of(names: tuple[str, ...], shape: tuple[int, ...] = (2, 2, 3, 7, 4)) -> GateTrace:
    draw = np.random.default_rng(0)
    gates = {name: np.clip(draw.normal(0.5, 0.5, size=shape), 0, 1).astype(np.float32) for name in names}
    return GateTrace(hidden=np.zeros(shape, np.float32), cell=None, gates=gates)


def test_saturation_shares_equal_direct_counts():
    trace = trace_of(("input", "forget", "candidate", "output"))
    found = saturation(trace)
    for name in ("input", "forget", "output"):
        for layer, direction, unit in np.ndindex(2, 2, 4):
            values = [float(trace.gates[name][layer, direction, b, t, unit]) for b in range(3) for t in range(7)]
            assert found.left[name][layer, direction, unit] == sum(one < 0.1 for one in values) / len(values)
            assert found.right[name][layer, direction, unit] == sum(one > 0.9 for one in values) / len(values)


def test_saturation_is_of_sigmoids_only():
    assert set(saturation(trace_of(("reset", "update", "candidate"))).left) == {"reset", "update"}
    assert set(saturation(trace_of(())).right) == set()
