"""The decoder-only Transformer equals PyTorch's masked encoder, and no position sees those behind it."""

import pytest
import torch
from torch import nn

from seqviz.experiment import TransformerConfig
from seqviz.models.network import build_network, trained_network
from seqviz.models.transformer_layers import causal_mask
from tests.seqviz.models.test_transformer import close, copy_attention

SMALL = {"name": "causal", "layers": 2, "heads": 2, "width": 8, "inner": 12}


def built(answer="every", **settings):
    config = TransformerConfig(**{**SMALL, **settings})
    generator = torch.Generator().manual_seed(0)
    model = build_network(config, input_size=5, output_size=3, answer=answer, generator=generator).double()
    drawn = torch.Generator().manual_seed(1)
    for name, weight in model.named_parameters():
        if name.endswith("bias") or "norm" in name:  # which begin as 0 and 1, where mistakes do not show
            nn.init.normal_(weight, std=0.5, generator=drawn)
    return model.requires_grad_(False)


def drawn(length=6):
    return torch.randn(4, length, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("positions", ["sinusoidal", "learned", "none"])
@pytest.mark.parametrize("norm", ["pre", "post"])
def test_equals_pytorchs_encoder_with_a_causal_mask(norm, positions):
    model, inputs = built(norm=norm, positions=positions), drawn()
    layer = nn.TransformerEncoderLayer(8, 2, 12, 0.0, batch_first=True, norm_first=norm == "pre", dtype=torch.float64)
    theirs = nn.TransformerEncoder(layer, 2, norm=model.decoder.norm, enable_nested_tensor=False).requires_grad_(False).eval()
    for ours, other in zip(model.decoder.layers, theirs.layers, strict=True):
        copy_attention(ours.self_attention, other.self_attn)
        other.linear1.load_state_dict(ours.expand.state_dict())
        other.linear2.load_state_dict(ours.contract.state_dict())
        other.norm1.load_state_dict(ours.norms["self"].state_dict())
        other.norm2.load_state_dict(ours.norms["feedforward"].state_dict())
    entered = inputs @ model.embedding.weight.t() * 8**0.5 + model.decoder.placed(0, 6)
    close(model(inputs), model.readout(theirs(entered, mask=~causal_mask(6))))


@pytest.mark.parametrize("positions", ["sinusoidal", "learned", "none"])
def test_no_position_sees_what_comes_after_it(positions):
    model, inputs = built(positions=positions), drawn()
    changed = inputs.clone()
    changed[:, 4] += 1
    close(model(changed)[:, :4], model(inputs)[:, :4])
    assert not torch.allclose(model(changed)[:, 4:], model(inputs)[:, 4:])


def test_the_last_answer_is_that_of_the_last_step():
    every, last = built(), built(answer="last")
    close(last(drawn()), every(drawn())[:, -1])


def test_walk_returns_what_forward_used():
    model = built()
    did = model.walk(drawn())
    close(did.logits, model(drawn()))
    assert did.encoder is None
    assert [one.kind for one in did.decoder.layers[0]] == ["self", "feedforward"]


def test_trained_has_the_weights():
    model = built()
    weights = {name: value.numpy() for name, value in model.state_dict().items()}
    again = trained_network(model.config, weights, answer="every").requires_grad_(False)
    assert torch.equal(again(drawn().float()), model.float()(drawn().float()))
