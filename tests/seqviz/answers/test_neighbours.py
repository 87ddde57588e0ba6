"""The sentences called nearest are those whose states are, by the network's own encoder and plain linear algebra."""

from pathlib import Path

import numpy as np
import pytest
import torch

from seqviz.answers.neighbours import AMONG, NEAREST, nearest_sentences
from seqviz.cards import read_cards
from seqviz.corpora import CORPORA, WordVocabulary, learned
from seqviz.errors import TextError
from seqviz.subjects.translation import Sentence

RUN = read_cards(Path(__file__).parents[3] / "pretrained")["translation-none"].run
TEXT = "le chat ne voit pas la maison"


@torch.no_grad()
def last_state(words):
    """What the decoder begins in, one sentence at a time."""
    from seqviz.models import trained_seq2seq
    from seqviz.store import open_store

    model = trained_seq2seq(open_store().experiment(RUN).model, open_store().weights(RUN)).double()
    symbols = WordVocabulary(CORPORA["fr-en"].source_words).encode(words)
    return model.encode(torch.from_numpy(symbols)[None]).state[0].numpy().ravel()


def cosine(one, other):
    return one @ other / np.sqrt(one @ one * (other @ other))


def test_similarity_is_the_cosine_of_the_two_states_and_nothing_nearer_is_left_out():
    record = nearest_sentences(Sentence(run=RUN, text=TEXT))
    own = last_state(tuple(TEXT.split()))
    assert record.similarity == pytest.approx([cosine(own, last_state(words)) for words in record.sources], abs=1e-12)
    assert len(record.sources) == NEAREST
    assert record.among == AMONG
    others = [pair for pair in learned("fr-en", 60, 12) if pair.source not in record.sources]
    assert max(cosine(own, last_state(pair.source)) for pair in others) <= record.similarity[-1]


def test_a_sentence_that_was_learned_from_is_not_its_own_neighbour():
    pair = learned("fr-en", 1, 12)[0]
    record = nearest_sentences(Sentence(run=RUN, text=" ".join(pair.source)))
    assert pair.source not in record.sources
    assert record.typical < record.similarity[-1]


def test_neighbours_are_sentences_with_their_translations():
    record = nearest_sentences(Sentence(run=RUN, text=TEXT))
    known = {pair.source: pair.target for pair in learned("fr-en", AMONG, 12)}
    assert [known[source] for source in record.sources] == list(record.targets)


def test_no_sentence_has_no_neighbours():
    with pytest.raises(TextError, match="at least one word"):
        nearest_sentences(Sentence(run=RUN, text=" "))
