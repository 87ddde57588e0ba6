"""A figure looks where it is told to, draws no padding, and says in one sentence that there is no such place."""

import numpy as np
import pytest

OUTSIDE = [
    ({"layer": 2}, r"layer must be a whole number in \[-1, 1\], got 2"),
    ({"direction": 1}, r"direction must be a whole number in \[0, 0\]"),
]
OF_ONE = [*OUTSIDE, ({"sample": 3}, r"sample must be a whole number in \[-1, 2\], got 3")]


def flow(norms, lengths=None):
    from seqviz.records import GradientFlow

    norms = np.broadcast_to(np.asarray(norms, dtype=float), (2, 1, *np.shape(norms)))
    ends = None if lengths is None else np.array(lengths)
    return GradientFlow(hidden_norms=norms, cell_norms=None, direct_norms=np.zeros_like(norms), lengths=ends)


@pytest.mark.parametrize(("place", "said"), OUTSIDE)
def test_a_flow_has_no_such_place(place, said):
    from seqviz.errors import TraceError
    from seqviz.figures import gradient_flow_figure

    with pytest.raises(TraceError, match=said):
        gradient_flow_figure(flow(np.ones((3, 4))), **place)


@pytest.mark.parametrize(("place", "said"), OF_ONE)
def test_a_map_and_gates_have_no_such_place(place, said):
    from seqviz.errors import TraceError
    from seqviz.figures import gate_trace_figure, gradient_map_figure
    from seqviz.records import GateTrace, GradientMap

    with pytest.raises(TraceError, match=said):
        gradient_map_figure(GradientMap(norms=np.ones((2, 1, 3, 4, 4)), cell_norms=None), **place)
    with pytest.raises(TraceError, match=said):
        gate_trace_figure(GateTrace(hidden=np.ones((2, 1, 3, 4, 5)), cell=None, gates={}), "hidden", **place)


def test_of_sequences_of_different_lengths_each_is_compared_with_its_own_end():
    from seqviz.figures import gradient_flow_figure

    padded = [[0.5, 0.5, 1.0, 1.0], [9.0, 10.0, np.nan, np.nan], [7.0, np.nan, np.nan, np.nan]]
    figure = gradient_flow_figure(flow(padded, [4, 2, 1]), direct=False)
    assert figure.layout.title.text == (
        "On its way from each sequence's last step back to its first, the gradient typically keeps its size "
        "(0.5 to 0.9 in its 2 sequences)."
    )
    smallest, largest, curve = figure.data  # and no mark: padding is no number that is missing
    assert list(curve.y) == [7.0, 5.25, 1.0, 1.0]  # medians over those that have not ended
    assert list(smallest.y) == [0.5, 0.5, 1.0, 1.0]
    assert list(largest.y) == [9.0, 10.0, 1.0, 1.0]


def test_a_padded_batch_beside_sequences_with_lengths_is_compared_too():
    from seqviz.figures import gradient_flow_figure

    ragged, whole = flow([[0.5, 1.0], [1.0, np.nan]], [2, 1]), flow([[4.0, 1.0], [4.0, 1.0]])
    assert gradient_flow_figure({"rnn": ragged, "gru": whole}).layout.title.text == (
        "On its way from t = 1 back to t = 0, the gradient shrinks to 0.5 in the RNN, and grows 4-fold in the GRU."
    )


def test_a_number_that_is_missing_within_a_sequence_is_marked():
    from seqviz.figures import gradient_flow_figure

    figure = gradient_flow_figure(flow([[np.nan, 1.0, 1.0], [1.0, 1.0, np.nan]], [3, 2]), direct=False)
    mark = next(trace for trace in figure.data if (trace.meta or {}).get("mark") == "not a number")
    assert list(mark.x) == [0]
    assert "is not a number" in figure.layout.title.text


def test_a_map_and_gates_end_where_the_sequence_does():
    from seqviz.figures import gate_trace_figure, gradient_map_figure
    from seqviz.records import GateTrace, GradientMap

    norms, hidden, lengths = np.full((1, 1, 2, 4, 4), np.nan), np.full((1, 1, 2, 4, 3), np.nan), np.array([4, 2])
    norms[..., 0, :, :], norms[..., 1, :2, :2], hidden[:, :, 0], hidden[:, :, 1, :2] = 1.0, 1.0, 0.5, 0.5
    drawn = gradient_map_figure(GradientMap(norms=norms, cell_norms=None, lengths=lengths), sample=1)
    assert drawn.data[0].z.shape == (2, 2)
    gates = gate_trace_figure(GateTrace(hidden=hidden, cell=None, gates={}, lengths=lengths), "hidden", sample=1)
    assert gates.data[0].z.shape == (3, 2)


def test_the_largest_numbers_are_drawn():
    from seqviz.figures import gradient_flow_figure

    figure = gradient_flow_figure(flow([[np.inf, 1.7e308, 1e300]]), direct=False)
    assert all(np.isfinite(np.asarray(trace.y, dtype=float)[-1]) for trace in figure.data)
