"""A batch of translations holds sentences of one length; its symbols, targets and held-out sentences are the corpus's own."""

import json
from collections import Counter

import pytest
import torch

from seqviz import corpora
from seqviz.corpora.pair import SentencePair
from seqviz.corpora.vocabulary import EOS, WordVocabulary
from seqviz.errors import TextError
from seqviz.experiment.task import CORPUS_TITLES, TranslationConfig
from seqviz.tasks import build_task
from seqviz.tasks.translation import buckets_of, translation_batch

CONFIG = TranslationConfig(corpus="reversal", sentences=300, longest=6)


@pytest.fixture(scope="module")
def task():
    return build_task(CONFIG)


def words_of(task):
    written = json.loads(task.vocabulary)
    return [["<pad>", "<sos>", "<eos>", "<unk>", *written[side]] for side in ("source", "target")]


def said(task, batch):
    sources, targets = words_of(task)
    for source, target in zip(batch.inputs.tolist(), batch.targets.tolist(), strict=True):
        asked = [symbol for symbol in target if symbol >= 0]
        assert target[len(asked) :] == [-100] * (len(target) - len(asked))
        assert asked[-1] == EOS
        yield [sources[symbol] for symbol in source], [targets[symbol] for symbol in asked[:-1]]


def test_batch_holds_sentences_of_one_length_and_what_they_become(task):
    lengths = set()
    for seed in range(12):
        batch = task.batch(7, torch.Generator().manual_seed(seed))
        assert batch.inputs.shape[0] == 7
        assert bool((batch.inputs >= 4).all())  # words, and nothing else
        assert bool((batch.targets[:, -1] >= 0).any())  # no column is empty
        lengths.add(batch.inputs.shape[1])
        for source, target in said(task, batch):
            assert target == source[::-1]
    assert len(lengths) > 1
    assert max(lengths) <= 6


def test_what_is_held_out_is_never_learned(task):
    drawn = {kind: set() for kind in ("batch", "held_out")}
    for kind, sentences in drawn.items():
        for seed in range(30):
            batch = getattr(task, kind)(20, torch.Generator().manual_seed(seed))
            sentences |= {tuple(source) for source, _ in said(task, batch)}
    assert not drawn["batch"] & drawn["held_out"]


def test_lengths_are_drawn_as_often_as_sentences_have_them():
    words = WordVocabulary(("1",))
    pairs = [SentencePair(("1",) * length, ("1",)) for length in (1, 2, 2, 2)]
    buckets = buckets_of(pairs, words, words)
    generator = torch.Generator().manual_seed(0)
    drawn = [translation_batch(1, buckets, generator)[0].shape[1] for _ in range(2000)]
    assert drawn.count(1) / 2000 == pytest.approx(1 / 4, abs=0.04)
    assert set(drawn) == {1, 2}


def test_every_corpus_of_the_settings_is_there():
    from seqviz.corpora import CORPORA

    assert CORPORA.keys() == CORPUS_TITLES.keys()


OWN = TranslationConfig(corpus="own", text="pairs-0123456789abcdef", sentences=100, longest=6, vocabulary=10)


def test_somebodys_own_sentences_are_learned_with_their_frequent_words_and_unk_for_the_rest():
    learned, held = corpora.learned("reversal", 150, 6), corpora.held_out("reversal", 20, 6)
    task = build_task(OWN, text=corpora.pairs_as_text([*learned, *held]))
    sources, targets = words_of(task)
    count = Counter(word for pair in learned[:100] for word in pair.source)
    assert sources[4:] == sorted(count, key=lambda word: (-count[word], word))[:10]
    unknown = 0
    for kind, pairs in (("batch", learned[:100]), ("held_out", held)):
        given = {tuple(word if word in sources else "<unk>" for word in pair.source) for pair in pairs}
        for seed in range(10):
            for source, target in said(task, getattr(task, kind)(5, torch.Generator().manual_seed(seed))):
                assert tuple(source) in given
                assert len(source) == len(target)
                unknown += source.count("<unk>")
    assert unknown
    assert len(targets) == 14


def test_own_sentences_that_are_missing_are_named():
    with pytest.raises(TextError, match="pairs-0123456789abcdef needs these sentences"):
        build_task(OWN)
