"""An examination is the translations of its sentences, one by one, and agrees with what training measured."""

from pathlib import Path

import numpy as np
import pytest

from seqviz.cards import read_cards
from seqviz.corpora import CORPORA, WordVocabulary, alignment_error_rate, held_out, strongest_links
from seqviz.errors import ConfigError, StoreError
from seqviz.subjects.examination import Examined
from seqviz.subjects.translation import Sentence

CARDS = read_cards(Path(__file__).parents[3] / "pretrained")
RUN, PLAIN = CARDS["translation-additive"].run, CARDS["translation-none"].run
FEW = 40
CORPUS = CORPORA["fr-en"]


def examined(**asked):
    from seqviz.answers.examination import answer_examination

    return answer_examination(Examined(**{"run": RUN, "sentences": FEW, **asked}))


def translated(pair, **asked):
    from seqviz.answers.translation import answer_translation

    return answer_translation(Sentence(run=RUN, text=CORPUS.written(pair.source), **asked))


def test_every_sentence_is_written_as_it_is_alone():
    record, pairs = examined(), held_out("fr-en", FEW, 12)
    assert record.source == tuple(pair.source for pair in pairs)
    assert record.wanted == tuple(pair.target for pair in pairs)
    alone = [translated(pair).written for pair in pairs]
    assert record.written == tuple(words[:-1] for words in alone)
    assert record.exact.tolist() == [words == (*pair.target, "<eos>") for words, pair in zip(alone, pairs, strict=True)]
    assert record.lengths.tolist() == [len(pair.source) for pair in pairs]


def test_alignment_and_entropy_are_of_the_attention_on_the_way_to_the_right_translation():
    record, pairs = examined(), held_out("fr-en", FEW, 12)
    for at, pair in enumerate(pairs[:8]):
        weights = translated(pair, given=" ".join(pair.target)).weights[: len(pair.target)]
        found = strongest_links(weights)
        assert record.alignment_error[at] == alignment_error_rate(found, pair.links)
        assert record.near_alignment_error[at] == alignment_error_rate(found, pair.links, within=1)
        assert record.entropy[at] == pytest.approx(-(weights * np.log(weights)).sum(1).mean(), rel=1e-4)
    assert record.mean_alignment_error == record.alignment_error.mean()
    assert record.mean_near_alignment_error <= record.mean_alignment_error
    assert record.mean_entropy == record.entropy.mean()


def test_share_of_exact_sentences_is_what_the_card_says():
    record = examined(sentences=1000)
    assert record.exact_share == pytest.approx(CARDS["translation-additive"].exact, abs=0.02)


def test_without_attention_there_is_no_alignment():
    record = examined(run=PLAIN)
    assert (record.alignment_error, record.near_alignment_error, record.entropy) == (None, None, None)
    assert (record.mean_alignment_error, record.mean_near_alignment_error, record.mean_entropy) == (None, None, None)


def test_a_beam_writes_the_best_that_it_finds():
    from seqviz.answers.translation import answer_translation_search

    record, words = examined(sentences=6, width=3), WordVocabulary(CORPUS.target_words)
    for source, written in zip(record.source, record.written, strict=True):
        tree = answer_translation_search(Sentence(run=RUN, text=CORPUS.written(source), width=3))
        assert words.decode(tree.token[tree.path(int(tree.found[0]))]) == (*written, "<eos>")


def test_sentences_may_be_longer_than_any_that_was_learned_from():
    assert examined(longest=20).lengths.max() > 12


def test_a_network_beside_itself_writes_what_it_writes_alone():
    assert examined(others=RUN).written == examined().written


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"run": "0" * 20}, StoreError, "no run"),
        ({"run": CARDS["adding-gru"].run}, ConfigError, "only networks that translate"),
        ({"others": CARDS["adding-gru"].run}, ConfigError, "only networks that translate"),
    ],
)
def test_what_cannot_be_examined_is_one_sentence(asked, error, said):
    with pytest.raises(error, match=said):
        examined(**asked)
