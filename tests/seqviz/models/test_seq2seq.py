"""The encoder-decoder gives the same outputs word by word, by sentence and in a batch, and returns its attention."""

import itertools

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from seqviz.experiment import Seq2SeqConfig
from seqviz.experiment.model import ATTENTIONS
from seqviz.models.network import build_network, trained_network
from seqviz.models.seq2seq import START

SMALL = {"hidden_size": 6, "embedding_size": 4}
LOOKS = [("none", "before"), *itertools.product([name for name in ATTENTIONS if name != "none"], ["before", "after"])]
CASES = [
    pytest.param({"cell": cell, "attention": attention, "order": order, "bidirectional": both, "layers": layers, **SMALL},
                 id=f"{cell}-{attention}-{order}-{'both' if both else 'one'}-{layers}")
    for cell, (attention, order), both, layers in itertools.product(("rnn", "lstm", "gru"), LOOKS, (False, True), (1, 2))
]  # fmt: skip
SOURCE = torch.tensor([[4, 5, 6, 7, 8], [8, 4, 7, 0, 0], [5, 0, 0, 0, 0]])
LENGTHS = torch.tensor([5, 3, 1])
TARGETS = torch.tensor([[4, 6, 2, -100], [5, 4, 6, 2], [2, -100, -100, -100]])


def built(seed=0, **settings):
    config = Seq2SeqConfig(**{**SMALL, **settings})
    model = build_network(config, input_size=9, output_size=7, generator=torch.Generator().manual_seed(seed)).double()
    if config.attention in ("additive",):  # whose first weights are uniform, whatever the query
        nn.init.normal_(model.score.value, generator=torch.Generator().manual_seed(1))
        nn.init.normal_(model.score.query_weight, generator=torch.Generator().manual_seed(2))
        nn.init.normal_(model.score.key_weight, generator=torch.Generator().manual_seed(3))
    return model.requires_grad_(False)


def close(one, other):
    torch.testing.assert_close(one, other, rtol=0, atol=1e-12)


@pytest.mark.parametrize("settings", CASES)
def test_forward_is_step_repeated(settings):
    model = built(**settings)
    whole = model(SOURCE, LENGTHS, TARGETS)
    encoded = model.encode(SOURCE, LENGTHS)
    state, token = encoded.state, torch.full((3,), START)
    for time in range(TARGETS.shape[1]):
        step = model.step(encoded, state, token)
        close(step.logits, whole.logits[:, time])
        close(step.attentional, whole.attentional[:, time])
        close(step.state[0][-1], whole.hidden[:, time])
        if settings["attention"] == "none":
            assert whole.scores is whole.weights is whole.contexts is step.weights is None
        else:
            close(step.scores, whole.scores[:, time])
            close(step.weights, whole.weights[:, time])
            close(step.context, whole.contexts[:, time])
        state, token = step.state, TARGETS[:, time].clamp(min=0)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("settings", CASES)
def test_sentences_of_mixed_lengths_come_out_as_each_alone(settings, reverse):
    model = built(**settings, reverse_source=reverse)
    together = model(SOURCE, LENGTHS, TARGETS)
    for row, length in enumerate(LENGTHS.tolist()):
        alone = model(SOURCE[row : row + 1, :length], None, TARGETS[row : row + 1])
        close(together.logits[row], alone.logits[0])
        if alone.weights is not None:
            close(together.weights[row, :, :length], alone.weights[0])
            assert torch.all(together.weights[row, :, length:] == 0)


@pytest.mark.parametrize("both", [False, True])
def test_encoder_of_a_reversed_source_reads_it_backwards_and_gives_its_states_forwards(both):
    model = built(reverse_source=True, bidirectional=both)
    plain = built(bidirectional=both)
    encoded, backwards = model.encode(SOURCE[:1]), plain.encode(SOURCE[:1].flip(1))
    close(encoded.states, backwards.states.flip(1))
    close(encoded.state[0], backwards.state[0])


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_encoder_and_plain_decoder_match_torch_modules(cell):
    model = built(cell=cell, attention="none", bidirectional=False, layers=2)
    output, final = model.encoder(model.source_embedding(SOURCE[:1]))
    close(model.encode(SOURCE[:1]).states, output)
    read = torch.cat([torch.tensor([[START]]), TARGETS[1:2, :-1]], dim=1)
    expected = model.readout(model.decoder(model.target_embedding(read), final)[0])
    close(model(SOURCE[:1], None, TARGETS[1:2]).logits, expected)


def test_attention_after_the_update_matches_torch_scaled_dot_product_attention():
    model = built(attention="scaled", order="after", bidirectional=False)
    found = model(SOURCE, LENGTHS, TARGETS)
    encoded = model.encode(SOURCE, LENGTHS)
    mask = encoded.mask.unsqueeze(1)
    context = F.scaled_dot_product_attention(found.hidden, encoded.states, encoded.states, attn_mask=mask)
    close(found.contexts, context)
    close(found.logits, model.readout(torch.tanh(model.combine(torch.cat([context, found.hidden], dim=-1)))))


@pytest.mark.parametrize("order", ["before", "after"])
def test_a_query_before_the_update_is_the_state_of_the_step_before(order):
    model = built(attention="general", order=order, layers=2)
    found, encoded = model(SOURCE, LENGTHS, TARGETS), model.encode(SOURCE, LENGTHS)
    earlier = torch.cat([encoded.state[0][-1].unsqueeze(1), found.hidden[:, :-1]], dim=1)
    close(found.scores, model.score(earlier if order == "before" else found.hidden, encoded.keys))


@pytest.mark.parametrize("order", ["before", "after"])
def test_additive_attention_begins_uniform(order):
    config = Seq2SeqConfig(attention="additive", order=order, **SMALL)
    model = build_network(config, input_size=9, output_size=7, generator=torch.Generator().manual_seed(0))
    weights = model(SOURCE, LENGTHS, TARGETS).weights
    torch.testing.assert_close(weights[0], torch.full((4, 5), 0.2), rtol=0, atol=0)


@pytest.mark.parametrize("order", ["before", "after"])
def test_forced_weights_decide_the_context_and_leave_the_scores_to_see(order):
    model = built(attention="dot", order=order)
    free = model(SOURCE, LENGTHS, TARGETS)
    close(model(SOURCE, LENGTHS, TARGETS, forced_weights=free.weights).logits, free.logits)
    uniform = model.encode(SOURCE, LENGTHS).mask.double()
    uniform = (uniform / uniform.sum(1, keepdim=True)).unsqueeze(1).expand_as(free.weights)
    forced = model(SOURCE, LENGTHS, TARGETS, forced_weights=uniform)
    states = model.encode(SOURCE, LENGTHS).states
    close(forced.contexts[0], states[0].mean(0).expand(4, -1))
    close(forced.scores[:, 0], free.scores[:, 0])
    assert not torch.allclose(forced.logits, free.logits)


@pytest.mark.parametrize("settings", [{"attention": "none"}, {"order": "before"}, {"attention": "dot", "order": "after"}])
def test_teacher_forcing_is_between_the_right_words_and_the_networks_own(settings):
    coins = torch.Generator()
    always = built(**settings, teacher_forcing=1.0)
    close(always(SOURCE, LENGTHS, TARGETS, coins=coins.manual_seed(0)).logits, always(SOURCE, LENGTHS, TARGETS).logits)
    never = built(**settings, teacher_forcing=0.0)
    free = never(SOURCE, LENGTHS, TARGETS, coins=coins.manual_seed(0))
    assert torch.equal(free.read[:, 1:], free.logits.argmax(-1)[:, :-1])
    sometimes = built(**settings, teacher_forcing=0.5)
    one, same, *others = (sometimes(SOURCE, LENGTHS, TARGETS, coins=coins.manual_seed(seed)) for seed in (1, *range(1, 9)))
    assert torch.equal(one.logits, same.logits)
    assert any(not torch.equal(one.read, other.read) for other in others)


def test_the_weights_come_from_the_generator_alone():
    before = torch.get_rng_state()
    one, same, other = (
        build_network(Seq2SeqConfig(**SMALL), input_size=9, output_size=7, generator=torch.Generator().manual_seed(seed))
        for seed in (5, 5, 6)
    )
    assert torch.equal(before, torch.get_rng_state())
    for name, weight in one.state_dict().items():
        assert torch.isfinite(weight).all(), name
        assert torch.equal(weight, same.state_dict()[name])
    assert not torch.equal(one.readout.weight, other.readout.weight)


def test_what_is_behind_a_sentence_is_never_read():
    model = built(reverse_source=True)
    other = SOURCE.clone()
    other[1, 3:] = 8
    assert torch.equal(model(SOURCE, LENGTHS, TARGETS).logits, model(other, LENGTHS, TARGETS).logits)


@pytest.mark.parametrize("settings", [{}, {"cell": "lstm", "layers": 2, "attention": "none", "bidirectional": False}])
def test_a_network_is_built_again_from_its_weights(settings):
    model = built(**settings).float()
    again = trained_network(model.config, {name: weight.numpy() for name, weight in model.named_parameters()})
    again.requires_grad_(False)  # as the other is: PyTorch rounds otherwise where it keeps a graph
    assert torch.equal(again(SOURCE, LENGTHS, TARGETS).logits, model(SOURCE, LENGTHS, TARGETS).logits)
