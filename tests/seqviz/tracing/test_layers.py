"""The gradient at each layer equals autograd's on an independent build, and the chain rule's by hand."""

from contextlib import nullcontext

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from seqviz.experiment import FeedforwardConfig
from seqviz.experiment.feedforward import CONNECTIONS, NORMALISATIONS
from seqviz.models.network import build_network
from seqviz.tracing.layers import layer_agreement, layer_gradients
from tests.seqviz.models.test_feedforward import independent_states

TARGETS = torch.tensor([0, 1, 2, 1, 0])


def built(**settings):
    config = FeedforwardConfig(**{"depth": 5, "hidden_size": 4, "activation": "tanh", "initialisation": "he", **settings})
    generator = torch.Generator().manual_seed(3)
    network = build_network(config, input_size=2, output_size=3, generator=generator).double()
    inputs = torch.randn(5, 2, generator=generator, dtype=torch.float64)
    return network, inputs


def loss(answers):
    """The summed cross-entropy of one batch, or of each of several."""
    several = answers.view(-1, *answers.shape[-2:])
    summed = torch.stack([F.cross_entropy(each, TARGETS, reduction="sum") for each in several])
    return summed.view(answers.shape[:-2])


@pytest.mark.parametrize("normalisation", NORMALISATIONS)
@pytest.mark.parametrize("kind", CONNECTIONS)
def test_gradients_equal_autograds_on_an_independent_build(kind, normalisation):
    network, inputs = built(name=kind, normalisation=normalisation)
    found = layer_gradients(network, inputs, loss)
    states = independent_states(network, inputs)
    for state in states:
        state.retain_grad()
    read = torch.cat([inputs, *states], dim=1) if kind == "dense" else states[-1]
    loss(network.readout(read)).backward()
    np.testing.assert_allclose(found.state_norms, [state.grad.norm(dim=1) for state in states], rtol=1e-9)
    sums = [linear.weight.grad.abs().sum() / 5 for linear in network.linears]  # of the mean loss over five points
    np.testing.assert_allclose(found.weight_sums, sums, rtol=1e-9)
    np.testing.assert_allclose(found.state_sizes, [state.detach().square().mean() ** 0.5 for state in states])


def test_gradients_of_a_plain_network_follow_the_chain_rule_by_hand():
    network, inputs = built(activation="sigmoid")
    found = layer_gradients(network, inputs, loss)
    states = [state.detach() for state in network.states(inputs)]
    answers = network.readout(states[-1]).detach()
    delta = (answers.softmax(1) - F.one_hot(TARGETS, 3)) @ network.readout.weight.detach()
    for layer in reversed(range(5)):
        np.testing.assert_allclose(found.state_norms[layer], delta.norm(dim=1), rtol=1e-9)
        state = states[layer]
        delta = (delta * state * (1 - state)) @ network.linears[layer].weight.detach()


def failing(answers):
    raise ArithmeticError("no loss")


@pytest.mark.parametrize("judge", [loss, failing])
@pytest.mark.parametrize("wanted", [True, False])
def test_the_network_is_left_as_it_is(wanted, judge):
    network, inputs = built()
    network.requires_grad_(wanted)
    with pytest.raises(ArithmeticError) if judge is failing else nullcontext():
        layer_gradients(network, inputs, judge)
    assert all(weight.grad is None and weight.requires_grad == wanted for weight in network.parameters())


@pytest.mark.parametrize("normalisation", NORMALISATIONS)
@pytest.mark.parametrize("kind", CONNECTIONS)
@pytest.mark.parametrize("layer", [0, 2, 4])
def test_finite_differences_agree_at_every_layer(kind, layer, normalisation):
    network, inputs = built(name=kind, normalisation=normalisation)
    assert layer_agreement(network, inputs, loss, layer).relative_error < 1e-5


def test_a_gradient_that_is_gone_is_called_too_small_to_resolve():
    network, inputs = built(activation="sigmoid", depth=80, initialisation="small")
    assert layer_agreement(network, inputs, loss, 0).relative_error is None


def test_the_findings_of_deep_networks_hold_in_float64():
    def share(**settings):
        network, inputs = built(**{"depth": 60, "hidden_size": 16, **settings})
        norms = layer_gradients(network, inputs, loss).state_norms.mean(axis=1)
        return norms[0] / norms[-1]

    assert share(activation="sigmoid", initialisation="xavier") < 1e-20
    assert share(activation="relu", initialisation="small") < 1e-20
    assert 1e-4 < share(activation="relu", initialisation="he") < 1e4
    assert share(name="residual", activation="relu", initialisation="he") > 1e6
    assert share(name="residual", activation="relu", initialisation="he", normalisation="layer") < 1e3


def test_a_gradient_that_explodes_is_resolved_by_far_smaller_nudges():
    network, inputs = built(name="residual", depth=60, hidden_size=16, activation="relu")
    found = layer_agreement(network, inputs, loss, 0)
    assert abs(found.gradient) > 1e6
    assert found.relative_error < 1e-5


def test_a_gradient_too_steep_for_any_nudge_is_called_so():
    network, inputs = built(depth=100, hidden_size=16, activation="relu", normalisation="batch")
    found = layer_agreement(network, inputs, loss, 0)
    assert abs(found.gradient) > 1e9
    assert found.sentence == "is steeper than finite differences can resolve"
