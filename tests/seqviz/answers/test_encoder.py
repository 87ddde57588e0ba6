"""A run's encoder record is computed from its trained weights, or from those its seed draws."""

from pathlib import Path

import numpy as np
import pytest
import torch

from seqviz.cards import read_cards
from seqviz.corpora import held_out
from seqviz.errors import ConfigError, StoreError, TraceError
from seqviz.subjects.encoder import EncodedSentences, EncoderGradients

CARDS = read_cards(Path(__file__).parents[3] / "pretrained")
ADDITIVE, PLAIN = CARDS["translation-additive"].run, CARDS["translation-none"].run


def gradient(run=ADDITIVE, **asked):
    from seqviz.answers.encoder import answer_encoder_gradient

    return answer_encoder_gradient(EncoderGradients(**{"run": run, "sentences": 3, "length": 9, **asked}))


def test_gradients_are_of_held_out_sentences_of_the_length_asked_for():
    record = gradient(first=1)
    wanted = [pair for pair in held_out("fr-en", 500, 12) if len(pair.source) == 9][1:4]
    assert record.source == tuple(pair.source for pair in wanted)
    assert record.target == tuple(pair.target for pair in wanted)
    assert record.whole.shape == record.last_chain.shape == (3, 9)
    assert record.agreement.relative_error < 1e-5


def test_attention_is_a_way_around_the_chain():
    record = gradient(trained=False)
    assert (record.whole_chain[:, 0] < 0.1 * record.whole[:, 0]).all()
    plain = gradient(PLAIN, trained=False)
    np.testing.assert_array_equal(plain.whole, plain.whole_chain)


def test_untrained_is_before_the_first_training_step():
    """The network traced has the weights that the trainer begins with."""
    from seqviz.answers.encoder import _untrained
    from seqviz.answers.examination import open_translator
    from seqviz.store import open_store
    from seqviz.training import Trainer

    store = open_store()
    model = _untrained(store, PLAIN, open_translator(store, PLAIN))
    fresh = Trainer(store.experiment(PLAIN)).model
    assert all(torch.equal(here, there) for here, there in zip(model.parameters(), fresh.parameters(), strict=True))


def test_states_are_those_that_the_decoder_begins_in():
    from seqviz.answers.encoder import answer_encoder_states, first_states
    from seqviz.answers.examination import open_translator
    from seqviz.store import open_store

    record = answer_encoder_states(EncodedSentences(run=PLAIN, sentences=30))
    translator, pairs = open_translator(open_store(), PLAIN), held_out("fr-en", 30, 12)
    model = translator.model.double()
    alone = [model.encode(torch.from_numpy(translator.source.encode(pair.source))[None]).state[0][-1, 0] for pair in pairs]
    states = first_states(model, tuple(pairs), translator.source, translator.target)
    np.testing.assert_allclose(states, torch.stack(alone).numpy(), rtol=1e-9, atol=1e-12)
    distances = [np.linalg.norm(cloud[:, None] - cloud[None], axis=-1) for cloud in (states, record.places)]
    assert (distances[1] <= distances[0] + 1e-9).all()  # a shadow is never larger
    assert record.lengths.tolist() == [len(words) for words in record.source] == [len(pair.source) for pair in pairs]


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"run": "0" * 20}, StoreError, "no run"),
        ({"run": CARDS["adding-gru"].run}, ConfigError, "only networks that translate"),
        ({"first": 199, "length": 12}, TraceError, "number 199 is none of them"),
    ],
)
def test_what_cannot_be_traced_is_one_sentence(asked, error, said):
    with pytest.raises(error, match=said):
        gradient(**asked)
