"""The heads' record equals nn.MultiheadAttention with the same weights, and the network's own walk."""

import numpy as np
import pytest
import torch
from torch import nn

from seqviz.experiment import TransformerConfig
from seqviz.models.network import build_network
from seqviz.tracing.heads import attention_heads

SOURCE, READ = ("le", "chat", "noir", "dort"), ("<sos>", "the", "black")
SYMBOLS = torch.tensor([[4, 5, 6, 7]]), torch.tensor([[1, 4, 5]])


def walked(norm="pre"):
    config = TransformerConfig(layers=3, heads=2, width=8, inner=12, norm=norm)
    model = build_network(config, input_size=9, output_size=7, generator=torch.Generator().manual_seed(0)).double()
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(torch.randn(weight.shape, generator=torch.Generator().manual_seed(1)), alpha=0.3)
        did = model.walk(*SYMBOLS)
    return model, did, attention_heads(did, SOURCE, READ, (*READ[1:], "cat"))


def pytorchs(attention, asked, seen, mask):
    """Return the weights by head that PyTorch's own module finds."""
    theirs = nn.MultiheadAttention(8, attention.heads, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        parts = (attention.query, attention.key, attention.value)
        theirs.in_proj_weight.copy_(torch.cat([each.weight for each in parts]))
        theirs.in_proj_bias.copy_(torch.cat([each.bias for each in parts]))
        theirs.out_proj.load_state_dict(attention.out.state_dict())
        _, weights = theirs(asked, seen, seen, attn_mask=mask, need_weights=True, average_attn_weights=False)
    return weights[0].numpy()


@pytest.mark.parametrize("norm", ["pre", "post"])
def test_weights_equal_pytorchs_multihead_attention_in_every_layer_and_head(norm):
    model, did, (own, masked, cross) = walked(norm)
    hidden = torch.ones(3, 3, dtype=torch.bool).triu(1)
    for layer in range(3):
        first, (second, third, _) = did.encoder.layers[layer][0], did.decoder.layers[layer]
        expected = {
            "self": pytorchs(model.encoder.layers[layer].self_attention, first.read, first.read, None),
            "masked self": pytorchs(model.decoder.layers[layer].self_attention, second.read, second.read, hidden),
            "cross": pytorchs(model.decoder.layers[layer].cross_attention, third.read, did.encoder.result, None),
        }
        for record in (own, masked, cross):
            np.testing.assert_allclose(record.weights[layer], expected[record.kind], atol=1e-6)


def test_rows_sum_to_1_and_masked_weights_are_exactly_0():
    _, _, records = walked()
    for record in records:
        np.testing.assert_allclose(record.weights.sum(-1), 1, atol=1e-6)
        assert (record.weights[..., ~record.visible] == 0).all()
        assert np.isneginf(record.scores[..., ~record.visible]).all()
    assert not records[1].visible.all()


def test_record_equals_the_networks_own_walk():
    _, did, (own, masked, cross) = walked()
    for record, stack, place in ((own, did.encoder, 0), (masked, did.decoder, 0), (cross, did.decoder, 1)):
        for layer, passes in enumerate(stack.layers):
            for name in ("queries", "keys", "values", "scores", "weights"):
                theirs = getattr(passes[place].attended, name)[0].float().numpy()
                np.testing.assert_array_equal(getattr(record, name)[layer], theirs)
    assert (own.kind, masked.kind, cross.kind) == ("self", "masked self", "cross")
    assert (cross.queries_of, cross.keys_of, masked.keys_of) == (("the", "black", "cat"), SOURCE, READ)


def test_scores_and_weights_follow_from_the_records_own_queries_and_keys():
    for record in walked()[2]:
        scores = record.queries @ record.keys.swapaxes(-1, -2) / record.scale
        scores[..., ~record.visible] = -np.inf
        np.testing.assert_allclose(record.scores, scores, atol=1e-6)
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        np.testing.assert_allclose(record.weights, shares / shares.sum(-1, keepdims=True), atol=1e-6)


def test_a_decoder_alone_has_masked_attention_alone():
    config = TransformerConfig(name="causal", layers=2, heads=2, width=8, inner=8)
    model = build_network(config, input_size=3, output_size=3, answer="every", generator=torch.Generator().manual_seed(0))
    (record,) = attention_heads(model.walk(torch.eye(3)[None]), (), tuple("abc"), tuple("abc"))
    assert (record.kind, record.weights.shape) == ("masked self", (2, 2, 3, 3))
    np.testing.assert_array_equal(record.weights[:, :, 0], [[[1, 0, 0]] * 2] * 2)
