"""Draws follow from seed and width alone; the typical gradient vanishes with width only where nothing is divided."""

from pathlib import Path

import numpy as np
import pytest
import torch

from seqviz.answers.examination import dealt
from seqviz.answers.scaling import answer_scaling, answer_scaling_trained
from seqviz.answers.translators import open_translator
from seqviz.cards import read_cards
from seqviz.errors import ConfigError
from seqviz.records import PLAIN, SCALED
from seqviz.store import open_store
from seqviz.subjects.scaling import WIDTHS, RandomAttention, TrainedAttention

ROOT = Path(__file__).parents[3]


def test_the_same_subject_gives_the_same_numbers_and_another_seed_or_width_others():
    first, again = (answer_scaling(RandomAttention(width=8, keys=4)) for _ in range(2))
    np.testing.assert_array_equal(first.scores, again.scores)
    assert not np.allclose(first.scores, answer_scaling(RandomAttention(width=8, keys=4, seed=1)).scores)
    seen = {
        float(answer_scaling(RandomAttention(width=width, keys=4, seed=seed)).scores[0, 0, 0])
        for width in (1, 1024)
        for seed in range(3)
    }
    assert len(seen) == 6


def test_every_number_of_keys_gives_about_as_many_queries():
    for keys in (2, 3, 100, 128):
        scores = answer_scaling(RandomAttention(width=2, keys=keys)).scores
        assert scores.shape[1:] == (keys, keys)
        assert 190 <= scores.shape[0] * keys <= 256


def test_the_typical_gradient_vanishes_with_width_unless_scores_are_divided():
    found = [answer_scaling(RandomAttention(width=width, keys=16)) for width in WIDTHS]
    medians = np.array([np.median(record.softmax_gradients, axis=(1, 2)) for record in found])
    assert medians[-1, PLAIN] < 0.01 * medians[0, PLAIN]
    assert 0.5 < medians[-1, SCALED] / medians[0, SCALED] < 2
    largest = np.array([record.largest.mean(axis=(1, 2)) for record in found])
    assert largest[-1, PLAIN] > 0.9
    assert largest[-1, SCALED] < 0.4


def shipped(name):
    return read_cards(ROOT / "pretrained")[name].run


def test_trained_heads_are_those_of_the_network_itself(monkeypatch):
    monkeypatch.chdir(ROOT)
    record = answer_scaling_trained(TrainedAttention(run=shipped("translation-transformer"), words=6, sentences=3))
    translator = open_translator(open_store(), shipped("translation-transformer"))
    pairs = [pair for pair in dealt(translator.task.corpus, 500, 12) if len(pair.source) == 6]
    model = translator.model.double()
    with torch.no_grad():
        for at in range(3):  # one sentence at a time
            words = torch.from_numpy(translator.source.encode(pairs[at].source)).unsqueeze(0)
            for layer, heads in zip(model.encoder(model.embed(words)).layers, record.layers, strict=True):
                for head, weights in zip(heads, layer[0].attended.weights[0], strict=True):
                    assert head.width == 64 // 4
                    np.testing.assert_allclose(head.largest[SCALED, at], weights.amax(-1).numpy(), rtol=1e-9)
    assert list(record.heads) == ["1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "2.3", "2.4"]
    assert all(head.disagreement < 1e-12 for head in record.heads.values())


@pytest.mark.parametrize("words", range(4, 13))
def test_there_are_sentences_of_every_length_that_may_be_asked_for(monkeypatch, words):
    monkeypatch.chdir(ROOT)
    record = answer_scaling_trained(TrainedAttention(run=shipped("translation-transformer"), words=words))
    assert record.layers[0][0].scores.shape[1:] == (words, words)


def test_a_network_without_queries_and_keys_is_refused_in_one_sentence(monkeypatch):
    monkeypatch.chdir(ROOT)
    with pytest.raises(ConfigError, match="only Transformers have queries and keys"):
        answer_scaling_trained(TrainedAttention(run=shipped("translation-additive")))
