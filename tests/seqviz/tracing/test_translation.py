"""A translation's record is what the model itself computes, and what a person forces is used exactly."""

import numpy as np
import pytest
import torch

from seqviz.corpora import WordVocabulary
from seqviz.errors import TraceError
from seqviz.experiment import Seq2SeqConfig
from seqviz.models.decoding import greedy
from seqviz.models.network import build_network
from seqviz.tracing.translation import Choice, translate

SOURCE, TARGET = WordVocabulary(("le", "chat", "noir", "dort")), WordVocabulary(("the", "black", "cat", "sleeps", "now"))
SENTENCE = ("le", "chat", "noir", "dort")


def network(attention="additive", order="before", **more):
    config = Seq2SeqConfig(hidden_size=6, embedding_size=5, attention=attention, order=order, **more)
    sizes = {"input_size": len(SOURCE), "output_size": len(TARGET)}
    model = build_network(config, **sizes, generator=torch.Generator().manual_seed(3)).double()
    with torch.no_grad():  # far from the uniform attention that additive scores begin with
        for parameter in model.parameters():
            parameter.add_(
                torch.randn(parameter.shape, generator=torch.Generator().manual_seed(1), dtype=parameter.dtype) * 0.6
            )
    return model


def of_model(model, written):
    symbols = [2 if word == "<eos>" else int(TARGET.encode([word])[0]) for word in written]
    return model(torch.from_numpy(SOURCE.encode(SENTENCE)).unsqueeze(0), None, torch.tensor([symbols]))


@pytest.mark.parametrize("order", ["before", "after"])
@pytest.mark.parametrize("attention", ["none", "dot", "general", "additive", "scaled"])
@torch.no_grad()
def test_every_number_is_the_models_own(attention, order):
    model = network(attention, order, bidirectional=attention not in ("dot", "scaled"))
    traced = translate(model, SENTENCE, SOURCE, TARGET, Choice(most=7))
    decoded = of_model(model, traced.written)

    chances = decoded.logits[0].log_softmax(-1).numpy()
    chosen = [2 if word == "<eos>" else int(TARGET.encode([word])[0]) for word in traced.written]
    np.testing.assert_allclose(traced.log_probabilities, chances[np.arange(len(chosen)), chosen], atol=1e-12)
    np.testing.assert_allclose(traced.combined, decoded.attentional[0].numpy(), atol=1e-12)
    for name, theirs in (("scores", decoded.scores), ("weights", decoded.weights), ("contexts", decoded.contexts)):
        ours = getattr(traced, name)
        assert (ours is None) == (theirs is None) == (attention == "none")
        if ours is not None:
            np.testing.assert_allclose(ours, theirs[0].numpy(), atol=1e-12)
    if traced.weights is not None:
        np.testing.assert_allclose(traced.weights.sum(1), 1, atol=1e-12)


@torch.no_grad()
def test_the_likeliest_word_is_what_greedy_search_writes():
    model = network()
    theirs = greedy(model, torch.from_numpy(SOURCE.encode(SENTENCE)).unsqueeze(0), most=9)
    ours = translate(model, SENTENCE, SOURCE, TARGET, Choice(most=9))

    assert ours.written == TARGET.decode(theirs.tokens[0].numpy())
    assert [best[0][0] for best in ours.alternatives] == list(ours.written)
    assert ours.probability == pytest.approx(float(theirs.log_probabilities[0].sum().exp()))


def test_a_given_beginning_is_written_and_the_rest_follows_from_it():
    traced = translate(network(), SENTENCE, SOURCE, TARGET, Choice(most=6, given=("cat", "cat", "now")))
    assert traced.written[:3] == ("cat", "cat", "now")
    assert traced.given.tolist()[:4] == [True, True, True, False]


def test_a_given_end_ends_the_sentence():
    traced = translate(network(), SENTENCE, SOURCE, TARGET, Choice(given=("cat", "<eos>")))
    assert traced.written == ("cat", "<eos>")
    assert traced.ended


@pytest.mark.parametrize("order", ["before", "after"])
@torch.no_grad()
def test_attention_moved_to_a_word_gives_that_words_state_as_context(order):
    model = network(order=order)
    traced = translate(model, SENTENCE, SOURCE, TARGET, Choice(most=4, looks={1: 2}))

    states = model.encode(torch.from_numpy(SOURCE.encode(SENTENCE)).unsqueeze(0)).states[0].numpy()
    np.testing.assert_array_equal(traced.weights[1], [0, 0, 1, 0])
    np.testing.assert_allclose(traced.contexts[1], states[2], atol=1e-12)


def test_what_was_made_of_it_is_kept_beside_what_the_network_hands_on():
    model = network(order="before")
    traced = translate(model, SENTENCE, SOURCE, TARGET, Choice(most=4, looks={1: 2}, given=("<unk>",)))

    assert traced.written[0] == "<unk>"
    assert traced.moved.tolist() == [False, True, False, False][: len(traced.written)]
    assert traced.handed == sum(part.numel() for part in model.encode(torch.zeros(1, 1, dtype=torch.long)).state)
    assert (traced.bidirectional, traced.looks_before) == (model.config.bidirectional, True)
    assert not translate(network(order="after"), SENTENCE, SOURCE, TARGET).looks_before


def test_words_are_drawn_by_the_seed():
    model = network()

    def drawn(seed):
        return translate(model, SENTENCE, SOURCE, TARGET, Choice(most=12, temperature=2.0, seed=seed)).written

    assert drawn(1) == drawn(1)
    assert len({drawn(seed) for seed in range(6)}) > 1


def test_an_unknown_word_is_read_all_the_same_and_marked():
    traced = translate(network(), ("le", "hippogriffe"), SOURCE, TARGET)
    assert traced.known.tolist() == [True, False]
    assert traced.weights.shape[1] == 2


@pytest.mark.parametrize(
    ("sentence", "choice", "said"),
    [
        ((), Choice(), "at least one word"),
        (SENTENCE, Choice(given=("cats",)), "cannot write 'cats'"),
        (SENTENCE, Choice(looks={0: 9}), "a word at 0 to 3, got 9"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(sentence, choice, said):
    with pytest.raises(TraceError, match=said):
        translate(network(), sentence, SOURCE, TARGET, choice)


def test_attention_that_is_not_there_cannot_be_moved():
    with pytest.raises(TraceError, match="no attention"):
        translate(network("none"), SENTENCE, SOURCE, TARGET, Choice(looks={0: 1}))
