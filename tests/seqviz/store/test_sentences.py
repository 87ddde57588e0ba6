"""A task's sentences are its corpus's, or a person's, found by content."""

import pytest

from seqviz import corpora
from seqviz.errors import MissingTextError
from seqviz.experiment.task import TranslationConfig
from seqviz.store import Store
from seqviz.store.sentences import held_out_of, learned_from


@pytest.fixture
def texts(tmp_path):
    return Store(str(tmp_path)).texts


def test_generated_sentences_are_the_corpus_own(texts):
    task = TranslationConfig(corpus="reversal", sentences=100, longest=6)
    assert learned_from(task, texts, 500) == corpora.learned("reversal", 100, 6)
    assert held_out_of(task, texts, 9) == corpora.held_out("reversal", 9, 6)


def test_somebodys_own_are_found_by_their_content(texts):
    pairs = [*corpora.learned("reversal", 120, 6), *corpora.held_out("reversal", 9, 6)]
    bare = [corpora.SentencePair(pair.source, pair.target) for pair in pairs]
    task = TranslationConfig(corpus="own", text=texts.add_pairs(pairs), sentences=100, longest=6)
    assert learned_from(task, texts, 500) == bare[:100]
    assert held_out_of(task, texts, 500) == bare[120:]


def test_sentences_that_are_not_here_are_named(texts):
    with pytest.raises(MissingTextError, match=r"does not have the sentences pairs-0{16}; give the same file"):
        learned_from(TranslationConfig(corpus="own", text="pairs-" + "0" * 16), texts, 5)
