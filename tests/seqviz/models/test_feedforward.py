"""Feed-forward networks follow their equations, checked against PyTorch's modules; weights follow the seed."""

import math
from dataclasses import replace

import pytest
import torch
from torch import nn

from seqviz.experiment import FeedforwardConfig
from seqviz.experiment.feedforward import CONNECTIONS, NORMALISATIONS
from seqviz.experiment.feedforward import WEIGHTS as TITLES
from seqviz.experiment.model import ACTIVATIONS
from seqviz.models.feedforward import WEIGHTS
from seqviz.models.network import build_network

MODULES = {"tanh": nn.Tanh, "relu": nn.ReLU, "sigmoid": nn.Sigmoid}


def built(seed=0, **settings):
    config = FeedforwardConfig(**{"depth": 4, "hidden_size": 5, **settings})
    generator = torch.Generator().manual_seed(seed)
    return build_network(config, input_size=2, output_size=3, generator=generator).double()


def points(count=7):
    return torch.randn(count, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


def theirs(network, layer):
    """One layer of PyTorch's own modules, with this network's weights."""
    config, norm = network.config, nn.Identity()
    if config.normalisation == "batch":
        norm = nn.BatchNorm1d(config.hidden_size, track_running_stats=False).double()
    if config.normalisation == "layer":
        norm = nn.LayerNorm(config.hidden_size).double()
    return nn.Sequential(network.linears[layer], norm, MODULES[config.activation]())


def independent_states(network, inputs):
    """The states of all layers, by the equations of each kind of connections."""
    layers = [theirs(network, layer) for layer in range(network.config.depth)]
    states = [layers[0](inputs)]
    for layer, one in enumerate(layers[1:], start=1):
        below = states[-1]
        if network.config.name == "plain":
            states.append(one(below))
        elif network.config.name == "residual":
            states.append(below + one(below))
        elif network.config.name == "dense":
            states.append(one(torch.cat([inputs, *states], dim=1)))
        else:
            gate = nn.functional.linear(below, network.gates[layer - 1].weight, network.gates[layer - 1].bias).sigmoid()
            states.append(torch.lerp(below, one(below), gate))
    return states


@pytest.mark.parametrize("normalisation", NORMALISATIONS)
@pytest.mark.parametrize("kind", CONNECTIONS)
def test_states_and_answers_match_pytorchs_own_modules(kind, normalisation):
    network = built(name=kind, normalisation=normalisation, initialisation="he")
    inputs = points()
    expected = independent_states(network, inputs)
    for state, own in zip(network.states(inputs), expected, strict=True):
        torch.testing.assert_close(state, own)
    read = torch.cat([inputs, *expected], dim=1) if kind == "dense" else expected[-1]
    torch.testing.assert_close(network(inputs), network.readout(read))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_plain_network_is_nn_sequential(activation):
    network = built(activation=activation)
    layers = [module for linear in network.linears for module in (linear, MODULES[activation]())]
    torch.testing.assert_close(network(points()), nn.Sequential(*layers, network.readout)(points()))


@pytest.mark.parametrize("kind", CONNECTIONS)
def test_states_may_begin_at_any_layer(kind):
    network, inputs = built(name=kind), points()
    states = network.states(inputs)
    for layer in range(1, 5):
        again = network.states(inputs, states[:layer])
        assert all(torch.equal(one, other) for one, other in zip(again, states, strict=True))


@pytest.mark.parametrize("initialisation", TITLES)
def test_the_seed_alone_draws_the_weights(initialisation):
    before = torch.get_rng_state()
    one, same, other = (built(seed, name="highway", initialisation=initialisation) for seed in (0, 0, 1))
    assert torch.equal(before, torch.get_rng_state())
    pairs = zip(one.parameters(), same.parameters(), strict=True)
    assert all(torch.equal(mine, theirs) for mine, theirs in pairs)
    assert not torch.equal(one.linears[0].weight, other.linears[0].weight)


def test_weights_begin_as_named():
    assert WEIGHTS.keys() == TITLES.keys()
    wide = {"hidden_size": 200, "depth": 2}
    deep = {name: built(initialisation=name, **wide).requires_grad_(False).linears[1] for name in TITLES}
    assert float(deep["he"].weight.std()) == pytest.approx(math.sqrt(2 / 200), rel=0.02)
    assert float(deep["small"].weight.std()) == pytest.approx(0.01, rel=0.02)
    assert float(deep["xavier"].weight.abs().max()) == pytest.approx(math.sqrt(6 / 400), rel=0.01)
    assert float(deep["default"].weight.abs().max()) == pytest.approx(1 / math.sqrt(200), rel=0.01)
    torch.testing.assert_close(torch.linalg.svdvals(deep["orthogonal"].weight), torch.ones(200).double(), atol=1e-5, rtol=0)
    assert all((linear.bias == 0).all() == (name != "default") for name, linear in deep.items())


def test_scale_multiplies_what_is_drawn_but_not_pytorchs_own():
    for name in TITLES:
        one, twice = (FeedforwardConfig(initialisation=name, scale=scale) for scale in (1.0, 2.0))
        weights = [
            build_network(config, input_size=2, output_size=2, generator=torch.Generator().manual_seed(0)).linears[3].weight
            for config in (one, twice)
        ]
        torch.testing.assert_close(weights[1], weights[0] * (1 if name == "default" else 2))


def test_a_closed_highway_carries_its_first_state_to_the_end():
    network, inputs = built(name="highway", gate_bias=-20.0), points()
    states = network.states(inputs)
    torch.testing.assert_close(states[-1], states[0], atol=1e-6, rtol=0)


def test_settings_of_other_connections_mean_nothing():
    assert FeedforwardConfig(gate_bias=1.0) == FeedforwardConfig()
    assert replace(FeedforwardConfig(), initialisation="default", scale=3.0) == FeedforwardConfig()


def test_a_batch_of_one_point_normalised_over_the_batch_is_finite():
    assert built(normalisation="batch")(points(1)).isfinite().all()
