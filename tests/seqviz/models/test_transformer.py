"""The Transformer equals PyTorch's, says the same word by word and all at once, and sees nothing that is masked."""

import itertools
import math

import pytest
import torch
from torch import nn

from seqviz.errors import ConfigError
from seqviz.experiment import TransformerConfig
from seqviz.models.decoding import greedy
from seqviz.models.multihead import MultiHeadAttention
from seqviz.models.network import build_network, trained_network
from seqviz.models.seq2seq import START
from seqviz.models.transformer import read_for
from seqviz.models.transformer_layers import causal_mask, positions_of

SMALL = {"layers": 2, "heads": 2, "width": 8, "inner": 12}
SOURCE = torch.tensor([[4, 5, 6, 7, 8], [8, 4, 7, 0, 0], [5, 0, 0, 0, 0]])
LENGTHS = torch.tensor([5, 3, 1])
TARGETS = torch.tensor([[4, 6, 2, -100], [5, 4, 6, 2], [2, -100, -100, -100]])
KINDS = list(itertools.product(("pre", "post"), ("sinusoidal", "learned", "none")))


def built(**settings):
    config = TransformerConfig(**{**SMALL, **settings})
    model = build_network(config, input_size=9, output_size=7, generator=torch.Generator().manual_seed(0)).double()
    drawn = torch.Generator().manual_seed(1)
    for name, weight in model.named_parameters():
        if name.endswith("bias") or "norm" in name:  # which begin as 0 and 1, where mistakes do not show
            nn.init.normal_(weight, std=0.5, generator=drawn)
    return model.requires_grad_(False)


def close(one, other):
    torch.testing.assert_close(one, other, rtol=0, atol=1e-11)


def copy_attention(ours, theirs):
    theirs.in_proj_weight.copy_(torch.cat([ours.query.weight, ours.key.weight, ours.value.weight]))
    theirs.in_proj_bias.copy_(torch.cat([ours.query.bias, ours.key.bias, ours.value.bias]))
    theirs.out_proj.load_state_dict(ours.out.state_dict())


def pytorchs(model):
    """Return ``nn.Transformer`` with the weights of ``model``."""
    config = model.config
    layer = nn.TransformerEncoderLayer(
        config.width, config.heads, config.inner, 0.0, batch_first=True, norm_first=config.norm == "pre", dtype=torch.float64
    )
    encoder = nn.TransformerEncoder(layer, config.layers, enable_nested_tensor=False)
    theirs = nn.Transformer(
        config.width, config.heads, config.layers, config.layers, config.inner, 0.0, custom_encoder=encoder,
        batch_first=True, norm_first=config.norm == "pre", dtype=torch.float64,
    ).requires_grad_(False).eval()  # fmt: skip
    for ours, stack in ((model.encoder, theirs.encoder), (model.decoder, theirs.decoder)):
        stack.norm = nn.Identity() if ours.norm is None else ours.norm
        for layer, other in zip(ours.layers, stack.layers, strict=True):
            copy_attention(layer.self_attention, other.self_attn)
            other.linear1.load_state_dict(layer.expand.state_dict())
            other.linear2.load_state_dict(layer.contract.state_dict())
            norms = ["self", "feedforward"]
            if layer.cross_attention is not None:
                copy_attention(layer.cross_attention, other.multihead_attn)
                norms.insert(1, "cross")
            for number, kind in enumerate(norms, start=1):
                getattr(other, f"norm{number}").load_state_dict(layer.norms[kind].state_dict())
    return theirs


def attended(did, kind):
    return [one.attended for layer in did.layers for one in layer if one.kind == kind]


@pytest.mark.parametrize("masked", [False, True])
def test_attention_equals_multihead_attention(masked):
    ours, theirs = MultiHeadAttention(12, 3).double(), nn.MultiheadAttention(12, 3, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        copy_attention(ours, theirs)
        asked, states = torch.randn(2, 5, 12, dtype=torch.float64), torch.randn(2, 5, 12, dtype=torch.float64)
        mask = causal_mask(5) if masked else None
        did = ours(asked, ours.look(states), mask)
        output, weights = theirs(asked, states, states, attn_mask=None if mask is None else ~mask, average_attn_weights=False)
    close(did.output, output)
    close(did.weights, weights)
    close(did.scores.softmax(-1), weights)
    close(
        did.queries @ did.keys.transpose(-2, -1) / math.sqrt(4) * 1.0
        + (0 if mask is None else torch.where(mask, 0, -math.inf)),
        did.scores,
    )
    if masked:
        assert (did.weights.triu(1) == 0).all()
    close(did.weights.sum(-1), torch.ones(2, 3, 5, dtype=torch.float64))


@pytest.mark.parametrize(("norm", "positions"), KINDS)
def test_whole_equals_pytorchs_transformer(norm, positions):
    model = built(norm=norm, positions=positions)
    encoded = model.encode(SOURCE, LENGTHS)
    padding = ~encoded.mask
    entered = [
        model._embedded(table, symbols) + stack.placed(0, symbols.shape[1])
        for table, stack, symbols in (
            (model.source_embedding, model.encoder, SOURCE), (model.target_embedding, model.decoder, read_for(TARGETS)),
        )
    ]  # fmt: skip
    expected = pytorchs(model)(
        *entered, tgt_mask=~causal_mask(4), src_key_padding_mask=padding, memory_key_padding_mask=padding
    )  # fmt: skip
    close(model(SOURCE, LENGTHS, TARGETS).hidden, expected)


@pytest.mark.parametrize(("norm", "positions"), KINDS)
def test_forward_is_step_repeated(norm, positions):
    model = built(norm=norm, positions=positions)
    whole, encoded = model(SOURCE, LENGTHS, TARGETS), model.encode(SOURCE, LENGTHS)
    state, token = encoded.state, torch.full((3,), START)
    for time in range(TARGETS.shape[1]):
        step = model.step(encoded, state, token)
        close(step.logits, whole.logits[:, time])
        close(step.weights, whole.weights[:, time])
        close(step.context, whole.contexts[:, time])
        state, token = step.state, TARGETS[:, time].clamp(min=0)


def test_sentences_are_read_alike_alone_and_padded():
    model = built()
    whole = model(SOURCE, LENGTHS, TARGETS)
    for row, length in enumerate(LENGTHS):
        alone = model(SOURCE[row : row + 1, :length], None, TARGETS[row : row + 1])
        close(alone.logits[0], whole.logits[row])
        close(alone.weights[0], whole.weights[row, :, :length])
        assert (whole.weights[row, :, length:] == 0).all()


def test_rows_repeat_and_reorder_sentences():
    model = built()
    index = torch.tensor([2, 0, 0])
    encoded, alone = model.encode(SOURCE, LENGTHS).rows(index), model.encode(SOURCE[index], LENGTHS[index])
    token = torch.tensor([4, 5, 6])
    close(model.step(encoded, encoded.state, token).logits, model.step(alone, alone.state, token).logits)


@pytest.mark.parametrize("norm", ["pre", "post"])
def test_walk_returns_what_forward_used(norm):
    model = built(norm=norm)
    source, read = SOURCE[:1], read_for(TARGETS[1:2])
    did = model.walk(source, read)
    close(did.logits, model(source, None, TARGETS[1:2]).logits)
    for stack in (did.encoder, did.decoder):
        close(stack.embedded + stack.positions, stack.entered)
        states = stack.entered
        for layer in stack.layers:
            for one in layer:
                close(one.inputs, states)
                close(one.inputs + one.output, one.added)
                states = one.result
    assert all((one.weights.triu(1) == 0).all() for one in attended(did.decoder, "self"))
    assert len(attended(did.decoder, "cross")) == len(attended(did.encoder, "self")) == 2


def test_forced_attention_is_used_by_every_head():
    model = built()
    forced = torch.zeros(3, 4, 5, dtype=torch.float64)
    forced[:, :, 0] = 1
    whole, encoded = model(SOURCE, LENGTHS, TARGETS, forced_weights=forced), model.encode(SOURCE, LENGTHS)
    close(whole.weights, forced)
    close(model.step(encoded, encoded.state, torch.full((3,), START), forced[:, 0]).logits, whole.logits[:, 0])


def test_positions_are_the_papers_sinusoids():
    waves = positions_of("sinusoidal", 3, 5, 6)
    for row, time in enumerate(range(3, 8)):
        for pair in range(3):
            angle = time / 10_000 ** (2 * pair / 6)
            assert waves[row, 2 * pair] == pytest.approx(math.sin(angle), abs=1e-15)
            assert waves[row, 2 * pair + 1] == pytest.approx(math.cos(angle), abs=1e-15)


def test_without_positions_the_order_of_the_source_is_not_seen():
    order = torch.tensor([3, 0, 4, 1, 2])
    for positions, equal in (("none", True), ("sinusoidal", False), ("learned", False)):
        model = built(positions=positions)
        one, other = (model(rows, None, TARGETS[1:2]).logits for rows in (SOURCE[:1], SOURCE[:1, order]))
        assert torch.allclose(one, other, atol=1e-11) == equal


def test_whoever_writes_into_positions_changes_nobody_elses():
    positions_of("sinusoidal", 0, 3, 4).zero_()
    assert positions_of("sinusoidal", 0, 3, 4)[0].tolist() == [0, 1, 0, 1]


def test_learned_positions_end():
    model = built(positions="learned", learned_positions=4)
    with pytest.raises(ConfigError, match="has learned 4 positions and can read no more, got 5"):
        model.encode(SOURCE[:1])


def test_greedy_writes_with_it():
    model = built()
    written = greedy(model, SOURCE, LENGTHS, most=4)
    assert written.tokens.shape[1] <= 4
    assert written.weights.shape[2] == 5


def test_trained_has_the_weights():
    model = built()
    weights = {name: value.numpy() for name, value in model.state_dict().items()}
    again = trained_network(model.config, weights).requires_grad_(False)
    assert torch.equal(again(SOURCE, LENGTHS, TARGETS).logits, model.float()(SOURCE, LENGTHS, TARGETS).logits)


def test_same_seed_same_weights():
    one, other = (
        build_network(TransformerConfig(**SMALL), input_size=5, output_size=6, generator=torch.Generator().manual_seed(3))
        for _ in range(2)
    )
    assert all(torch.equal(a, b) for a, b in zip(one.state_dict().values(), other.state_dict().values(), strict=True))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"heads": 3}, "the width must be a multiple of the heads, got 8 numbers for 3 heads"),
        ({"width": 9, "heads": 3}, "sinusoids come in pairs, sine and cosine, so the width must be even, got 9"),
        ({"layers": 0}, r"layers must be a whole number in \[1, 12\], got 0"),
    ],
)
def test_what_does_not_fit_is_said(settings, message):
    with pytest.raises(ConfigError, match=message):
        TransformerConfig(**{**SMALL, **settings})
