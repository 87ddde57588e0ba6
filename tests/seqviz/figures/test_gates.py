"""Gate figures draw units upwards and positions to the right, in the range a gate can have."""

import numpy as np
import pytest


def trace(values):
    from seqviz.records import GateTrace

    values = np.asarray(values, dtype=float)[None, None, None]
    return GateTrace(hidden=values, cell=values * 3, gates={"forget": values})


def test_gate_figure_has_a_row_per_unit_and_a_column_per_position():
    from seqviz.figures import gate_trace_figure

    figure = gate_trace_figure(trace([[0.0, 1.0], [0.5, 1.0], [1.0, 1.0]]), "forget")
    assert figure.data[0].z.tolist() == [[0, 128, 255], [255, 255, 255]]
    assert figure.layout.title.text == "The forget gate is open (> 0.9) 67% and shut (< 0.1) 17% of the time."


def test_gate_figure_writes_short_texts_under_it():
    from seqviz.figures import gate_trace_figure

    figure = gate_trace_figure(trace(np.zeros((3, 2))), "hidden", text="<\n ")
    assert list(figure.layout.xaxis.ticktext) == ["&lt;", "⏎", "␣"]


def test_state_figures_are_symmetric_about_zero():
    from seqviz.figures.gates import span_of

    low, high, _ = span_of("cell", np.array([[-2.0, 1.0]]))
    assert low == -high
    assert high >= 1


@pytest.mark.parametrize("values", [np.zeros((0, 3)), np.full((2, 2), np.nan), np.zeros((1, 1))])
def test_gate_figure_stands_for_nothing_nan_and_one_step(values):
    from seqviz.figures import gate_trace_figure

    assert gate_trace_figure(trace(values), "hidden").layout.title.text


def test_saturation_figure_draws_open_and_shut_shares():
    from seqviz.figures import saturation_figure
    from seqviz.records import Probes

    norms = np.ones((2, 1, 1, 3))
    shares = {"forget": np.array([[[0.25]], [[0.5]]])}
    record = Probes(
        step=np.array([0, 10]), hidden_norms=norms, cell_norms=None, direct_norms=norms, gate_means=shares,
        left_saturated={"forget": shares["forget"] / 2}, right_saturated=shares,
    )  # fmt: skip
    figure = saturation_figure(record)
    assert [list(each.y) for each in figure.data] == [[0.25, 0.5], [0.125, 0.25]]
