"""The gradient at the encoder's states is autograd's own on unrolled cells: by every path, and by the decoder's first state."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from seqviz.errors import TraceError
from seqviz.experiment import Seq2SeqConfig
from seqviz.models import build_network
from seqviz.tracing.encoder import EncoderLosses
from tests.seqviz.tracing import unrolled

SOURCE = torch.tensor([[4, 5, 6, 7, 4], [8, 4, 4, 5, 6], [6, 6, 8, 7, 5]])
TARGETS = torch.tensor([[4, 6, 2, -100], [5, 5, 7, 2], [8, 2, -100, -100]])
LAST = (1, 2, 0)  # the position of each translation's last word
SETTINGS = [
    {},
    {"attention": "none"},
    {"attention": "general", "order": "after", "cell": "lstm"},
    {"attention": "none", "cell": "rnn", "bidirectional": False},
    {"attention": "none", "bidirectional": False, "reverse_source": True},
    {"attention": "dot", "order": "after", "layers": 2},
]


def network(**settings):
    config = Seq2SeqConfig(**{"hidden_size": 4, "embedding_size": 3, **settings})
    model = build_network(config, input_size=9, output_size=9, generator=torch.Generator().manual_seed(1)).double()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=torch.Generator().manual_seed(2), dtype=torch.float64) * 0.7)
    return model.eval().requires_grad_(False)


def by_autograd(model, *, of_last, chain, direction):
    inputs = model.embed(SOURCE)
    read = unrolled.unroll(model.encoder, inputs)
    encoded = model.encoded(read.output.detach() if chain else read.output, read.final)
    losses = F.cross_entropy(model.decode(encoded, TARGETS).logits.transpose(1, 2), TARGETS, reduction="none")
    value = sum(losses[row, at] for row, at in enumerate(LAST)) if of_last else losses.sum()
    found = unrolled.norms(value, read.hidden)[-1, direction]
    return found[:, ::-1] if model.config.reverse_source else found


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("of_last", [False, True])
@pytest.mark.parametrize("chain", [False, True])
def test_norms_are_those_of_autograd_on_unrolled_cells(settings, of_last, chain):
    model = network(**settings)
    for direction in range(2 if model.config.bidirectional else 1):
        found = EncoderLosses(model, SOURCE, TARGETS).norms(of_last=of_last, chain=chain, direction=direction)
        expected = by_autograd(model, of_last=of_last, chain=chain, direction=direction)
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-15)


def test_without_attention_everything_arrives_through_the_chain():
    losses = EncoderLosses(network(attention="none"), SOURCE, TARGETS)
    np.testing.assert_array_equal(losses.norms(of_last=False, chain=True), losses.norms(of_last=False, chain=False))


def test_a_sentences_norms_do_not_depend_on_the_others():
    model = network()
    together = EncoderLosses(model, SOURCE, TARGETS).norms(of_last=False, chain=False)
    alone = EncoderLosses(model, SOURCE[1:2], TARGETS[1:2]).norms(of_last=False, chain=False)
    np.testing.assert_allclose(together[1:2], alone, rtol=1e-9)


@pytest.mark.parametrize("settings", SETTINGS)
def test_gradient_at_the_first_word_agrees_with_finite_differences(settings):
    assert EncoderLosses(network(**settings), SOURCE, TARGETS).agreement().relative_error < 1e-5


def test_no_sentence_is_refused():
    with pytest.raises(TraceError, match="at least one sentence"):
        EncoderLosses(network(), SOURCE[:0], TARGETS[:0])
