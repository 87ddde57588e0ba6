"""Initial weights are what their names say: singular values, spectral radii, spreads and biases in closed form."""

import math

import pytest
import torch

from seqviz.experiment import INITIALISATIONS, RecurrentConfig
from seqviz.models import build_network
from seqviz.models.initialisation import RECURRENT

SIZE = 40


def built(seed=0, **settings):
    config = RecurrentConfig(**{"hidden_size": SIZE, **settings})
    generator = torch.Generator().manual_seed(seed)
    return build_network(config, input_size=3, output_size=2, answer="last", generator=generator)


def blocks(model):
    """Every gate's recurrent matrix, of every layer and direction."""
    recurrent = [weight for name, weight in model.rnn.named_parameters() if name.startswith("weight_hh")]
    return [block.detach() for weight in recurrent for block in weight.split(SIZE)]


def bias_sums(model):
    """The sum of PyTorch's two bias vectors, of every layer and direction."""
    named = dict(model.rnn.named_parameters())
    return [bias.detach() + named[name.replace("_ih_", "_hh_")].detach() for name, bias in named.items() if "bias_ih" in name]


STACKS = [
    {"name": "rnn"},
    {"name": "rnn", "activation": "sigmoid", "layers": 2},
    {"name": "lstm", "layers": 2, "bidirectional": True},
    {"name": "gru", "layers": 3},
]


def test_every_initialisation_has_its_function():
    assert {"default", *RECURRENT} == INITIALISATIONS.keys()


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("initialisation", INITIALISATIONS)
def test_weights_follow_from_the_seed_alone(stack, initialisation):
    torch.manual_seed(1)
    state = torch.get_rng_state()
    one = built(initialisation=initialisation, **stack).state_dict()
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(2)
    same = built(initialisation=initialisation, **stack).state_dict()
    other = built(seed=1, initialisation=initialisation, **stack).state_dict()
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert any(not torch.equal(one[name], other[name]) for name in one)
    assert all(torch.isfinite(weight).all() for weight in one.values())


@pytest.mark.parametrize("stack", STACKS)
def test_default_is_uniform_within_one_over_the_root_of_the_size(stack):
    bound = 1 / math.sqrt(SIZE)
    for weight in built(**stack).rnn.parameters():
        assert weight.abs().max() <= bound
        if weight.numel() > 1000:
            assert float(weight.detach().std()) == pytest.approx(bound / math.sqrt(3), rel=0.05)


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("scale", [0.5, 1.0, 1.2])
def test_orthogonal_has_every_singular_value_at_scale(stack, scale):
    drawn = blocks(built(initialisation="orthogonal", scale=scale, **stack))
    for block in drawn:
        torch.testing.assert_close(torch.linalg.svdvals(block), torch.full((SIZE,), scale), atol=1e-5, rtol=0)
    assert all(not torch.equal(drawn[0], other) for other in drawn[1:])


@pytest.mark.parametrize("stack", STACKS)
def test_identity_is_exact(stack):
    for block in blocks(built(initialisation="identity", scale=0.75, **stack)):
        assert torch.equal(block, 0.75 * torch.eye(SIZE))


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_sparse_has_fifteen_weights_a_unit_and_its_spectral_radius(stack, scale):
    for block in blocks(built(initialisation="sparse", scale=scale, **stack)):
        assert ((block != 0).sum(1) == 15).all()
        radius = torch.linalg.eigvals(block.double()).abs().max()
        assert float(radius) == pytest.approx(0.95 * scale, rel=1e-4)


def test_sparse_is_full_where_there_are_fewer_than_fifteen_units():
    model = built(initialisation="sparse", name="rnn", hidden_size=1)
    assert float(model.rnn.weight_hh_l0.detach().abs()) == pytest.approx(0.95)


@pytest.mark.parametrize(("initialisation", "spread"), [("normal", 1 / math.sqrt(SIZE)), ("small", 0.01)])
def test_gaussians_have_their_standard_deviation(initialisation, spread):
    drawn = torch.cat(blocks(built(initialisation=initialisation, scale=1.3, name="lstm", layers=4)))
    assert float(drawn.std()) == pytest.approx(1.3 * spread, rel=0.03)
    assert float(drawn.mean()) == pytest.approx(0, abs=0.03 * spread)
    assert float((drawn.abs() < 1.3 * spread).float().mean()) == pytest.approx(0.6827, abs=0.01)


def test_xavier_is_uniform_within_its_bound():
    drawn = torch.cat(blocks(built(initialisation="xavier", scale=2.0, name="lstm", layers=4)))
    bound = 2 * math.sqrt(6 / (SIZE + SIZE))
    assert 0.99 * bound < float(drawn.abs().max()) <= bound
    assert float(drawn.std()) == pytest.approx(bound / math.sqrt(3), rel=0.02)


@pytest.mark.parametrize("initialisation", sorted(RECURRENT))
@pytest.mark.parametrize("stack", STACKS)
def test_every_initialisation_but_the_default_begins_with_biases_at_zero(initialisation, stack):
    assert all((bias == 0).all() for bias in bias_sums(built(initialisation=initialisation, **stack)))


def test_identity_with_relu_is_the_irnn():
    model = built(name="rnn", activation="relu", initialisation="identity", layers=2)
    assert float(model.rnn.weight_ih_l0.detach().std()) == pytest.approx(0.001, rel=0.2)
    assert float(model.rnn.weight_ih_l1.detach().std()) > 0.05
    tanh = built(name="rnn", initialisation="identity")
    assert float(tanh.rnn.weight_ih_l0.detach().std()) > 0.05


@pytest.mark.parametrize("initialisation", ["default", "orthogonal"])
def test_forget_bias_is_the_sum_of_both_vectors_in_every_layer_and_direction(initialisation):
    sums = bias_sums(built(initialisation=initialisation, layers=2, bidirectional=True, forget_bias=3.0))
    assert len(sums) == 4
    plain = bias_sums(built(initialisation=initialisation, layers=2, bidirectional=True))
    for biased, drawn in zip(sums, plain, strict=True):
        one_input, forget, candidate, output = biased.split(SIZE)
        assert (forget == 3.0).all()
        for gate, index in ((one_input, 0), (candidate, 2), (output, 3)):
            assert torch.equal(gate, drawn.split(SIZE)[index])


@pytest.mark.parametrize("bias", [0.0, 1.0, 3.0, 5.0])
def test_the_cell_keeps_a_share_of_exactly_the_product_of_forget_gates(bias):
    model = built(forget_bias=bias, hidden_size=SIZE)
    rnn = model.rnn.double()
    with torch.no_grad():
        rnn.weight_hh_l0.zero_()
        rnn.weight_ih_l0.zero_()
    cell = torch.ones(1, 1, SIZE, dtype=torch.double, requires_grad=True)
    _, (_, last) = rnn(torch.randn(1, 60, 3, dtype=torch.double), (torch.zeros_like(cell), cell))
    (kept,) = torch.autograd.grad(last.sum(), cell)
    torch.testing.assert_close(kept, torch.full_like(kept, (1 / (1 + math.exp(-bias))) ** 60), rtol=1e-10, atol=0)


def test_chrono_draws_forget_biases_whose_times_are_uniform_and_input_biases_against_them():
    for biases in bias_sums(built(chrono=30, layers=4, bidirectional=True, hidden_size=SIZE)):
        one_input, forget, _, _ = biases.split(SIZE)
        assert torch.equal(one_input, -forget)
        times = forget.exp()
        assert times.min() >= 1
        assert times.max() <= 29
    times = torch.cat([biases.split(SIZE)[1].exp() for biases in bias_sums(built(chrono=30, layers=4, bidirectional=True))])
    assert float(times.mean()) == pytest.approx(15, abs=1.5)
    assert float(times.std()) == pytest.approx(28 / math.sqrt(12), rel=0.1)


def test_chrono_makes_a_gru_keep_its_state_for_up_to_the_longest_time():
    model = built(name="gru", chrono=30)
    with torch.no_grad():
        for name, weight in model.rnn.named_parameters():
            if name.startswith("weight"):
                weight.zero_()
            else:  # no candidate: what is left of the state is what was kept
                weight[2 * SIZE :] = 0
    _, kept = model.rnn(torch.zeros(1, 1, 3), torch.ones(1, 1, SIZE))
    times = 1 / (1 - kept.detach())  # a gate that keeps the share k forgets in 1/(1 - k) steps
    assert times.min() >= 2 - 1e-4
    assert times.max() <= 30 + 1e-3
    assert times.max() > 20


def test_chrono_leaves_the_other_gates_as_drawn():
    chrono = bias_sums(built(chrono=30, initialisation="orthogonal"))
    assert all((biases.split(SIZE)[gate] == 0).all() for biases in chrono for gate in (2, 3))
    plain, changed = bias_sums(built(name="gru"))[0], bias_sums(built(name="gru", chrono=9))[0]
    assert torch.equal(plain[:SIZE], changed[:SIZE])
    assert torch.equal(plain[2 * SIZE :], changed[2 * SIZE :])
