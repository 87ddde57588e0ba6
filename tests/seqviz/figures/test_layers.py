"""Figures of layers draw every number of the record, and their titles are true of it."""

import numpy as np
import pytest

from seqviz.figures.layers import (
    accuracy_finding,
    common_reach,
    layer_finding,
    layer_gradients_figure,
    layers_back,
    layers_trained_figure,
    trained_finding,
)
from seqviz.records import LayerGradients, Metrics, Probes


def record(norms):
    norms = np.array(norms, dtype=float)
    ones = np.ones(len(norms))
    return LayerGradients(state_norms=norms[:, None] * np.array([0.5, 1.5]), weight_sums=ones, state_sizes=ones)


FOUND = {"plain": record([1e-8, 1e-4, 1.0]), "residual": record([400.0, 20.0, 1.0]), "highway": record([0.9, 1.0, 1.0])}


def test_curves_are_the_means_over_points():
    drawn = layer_gradients_figure(FOUND)
    assert [trace.name for trace in drawn.data] == ["plain", "residual", "highway"]
    np.testing.assert_allclose(drawn.data[0].y, [1e-8, 1e-4, 1.0])
    assert list(drawn.data[0].x) == [1, 2, 3]


def test_the_title_says_what_becomes_of_the_gradient():
    assert layer_finding(FOUND) == (
        "On its way from layer 3 back to layer 1, the gradient shrinks to 10⁻⁸ in the plain network, grows 400-fold in the "
        "residual network, and keeps its size in the highway network."
    )


def test_a_single_layer_and_no_network_are_said():
    assert layer_finding({"plain": record([1.0])}) == "With a single hidden layer there is nothing to carry back."
    assert layer_gradients_figure({}).layout.meta["empty"]


def test_a_gradient_of_0_is_marked_and_not_dropped():
    drawn = layer_gradients_figure({"plain": record([0.0, 1e-300, 1.0])})
    assert any(trace.meta and trace.meta["mark"].startswith("0") for trace in drawn.data if trace.meta)
    assert "shrinks to below what float64 can hold" in drawn.layout.title.text


@pytest.mark.parametrize(("share", "back"), [(0.5, 1), (1e-6, 2), (1e-12, None)])
def test_layers_back_counts_from_the_last(share, back):
    assert layers_back(np.array([1e-8, 1e-4, 1.0]), share) == back


def probes(norms):
    norms = np.array(norms, dtype=float)[:, :, None, None]
    return Probes(step=np.arange(len(norms)) * 10, hidden_norms=norms, cell_norms=None, direct_norms=norms)


def test_the_map_of_training_is_relative_to_the_last_layer_and_says_the_first_and_last_moment():
    drawn = layers_trained_figure(probes([[1e-5, 0.5, 2.0], [0.4, 0.5, 0.8]]), "plain")
    cells = drawn.data[0]
    np.testing.assert_allclose(cells.customdata, [[1e-5, 0.5, 2.0], [0.4, 0.5, 0.8]], rtol=1e-6)
    assert list(cells.x) == [1, 2, 3]
    assert drawn.layout.title.text == (
        "Plain: on its way from layer 3 back to layer 1, the gradient shrinks to 5·10⁻⁶ before training, "
        "and shrinks to 0.5 after step 10."
    )
    assert "shrinks to 5·10⁻⁶ before training." in layers_trained_figure(probes([[1e-5, 0.5, 2.0]]), "plain").layout.title.text


def test_what_lies_below_float32_is_told_and_shown_and_never_0():
    drawn = layers_trained_figure(probes([[4e-61, 1e-20, 1.0]]), "plain")
    assert "shrinks to 4·10⁻⁶¹" in drawn.layout.title.text
    assert drawn.data[0].customdata[0][0] == 4e-61
    single = trained_finding(np.zeros(1, int), np.array([[0.0, 1e-40, 1.0]], np.float32), "plain")
    assert "shrinks to below what float32 can hold before training" in single
    assert "nothing to carry back" in trained_finding(np.zeros(1, int), np.ones((1, 1)), "plain")


def test_several_maps_share_the_widest_ones_scale():
    narrow, wide = probes([[0.5, 1.0], [30.0, 1.0]]), probes([[2e-4, 1.0]])
    assert (common_reach([narrow]), common_reach([wide]), common_reach([narrow, wide])) == (2, 4, 4)
    assert common_reach([probes([[0.0, 1.0]]), probes([[1e-20, 1.0]])]) == 6  # as far as any scale goes
    bars = [layers_trained_figure(one, "plain", reach=4.0).data[0].colorbar.ticktext for one in (narrow, wide)]
    assert bars[0] == bars[1]


def run(metric):
    zeros = np.zeros(len(metric))
    steps = np.arange(1, len(metric) + 1)
    return Metrics(step=steps, loss=zeros, metric=np.array(metric), gradient_norm=zeros, applied_norm=zeros, clipped=zeros > 0)


def test_accuracies_are_the_means_of_the_last_steps_best_first():
    runs = {"plain": run([0.5] * 100), "dense": run([0.0] * 50 + [0.98] * 50)}
    assert accuracy_finding(runs) == "Points put on the right arm after 100 training steps: dense 98 % and plain 50 %."
    assert accuracy_finding({"plain": run([])}) == "No training step has been done yet."
    assert "so far" in accuracy_finding({"plain": run([0.5]), "dense": run([0.5, 0.5])})
