"""What pages say about the shipped translators holds for their weights, on held-out sentences."""

from collections import defaultdict
from functools import cache
from operator import attrgetter
from pathlib import Path

import numpy as np
import pytest
import torch

from seqviz.cards import read_cards
from seqviz.corpora import CORPORA, WordVocabulary, alignment_error_rate, held_out, strongest_links
from seqviz.models import build_network, greedy, trained_network
from seqviz.store import Store

SHIPPED = Path(__file__).parents[3] / "pretrained"
CARDS = read_cards(SHIPPED)
CORPUS = CORPORA["fr-en"]
SOURCE, TARGET = WordVocabulary(CORPUS.source_words), WordVocabulary(CORPUS.target_words)


def sentences(length):
    """Held-out pairs whose source has ``length`` words."""
    return [pair for pair in held_out("fr-en", 2000, 12) if len(pair.source) == length]


@cache
def translator(attention, *, trained=True):
    store = Store(str(SHIPPED))
    run = CARDS[f"translation-{attention}"].run
    config = store.experiment(run).model
    if trained:
        return trained_network(config, store.weights(run)).eval()
    generator = torch.Generator().manual_seed(0)
    return build_network(config, input_size=len(SOURCE), output_size=len(TARGET), generator=generator).eval()


def read(pairs):
    return torch.from_numpy(np.stack([SOURCE.encode(pair.source) for pair in pairs]))


def share_right(attention, length):
    pairs = sentences(length)
    tokens = greedy(translator(attention), read(pairs), most=40).tokens.tolist()
    written = [TARGET.decode(np.array([token for token in row if token > 2])) for row in tokens]
    return np.mean([words == pair.target for words, pair in zip(written, pairs, strict=True)])


@cache
def looks(attention, length, *, trained=True):
    """The attention while the right translations are forced, with the pairs."""
    return list(attended(translator(attention, trained=trained), sentences(length), SOURCE, TARGET))


@torch.no_grad()
def attended(model, pairs, source, target):
    """Each pair with its attention; pairs of one shape are read together."""
    for alike in batches(pairs):
        given, right = (
            torch.from_numpy(np.stack([words.encode(side(pair)) for pair in alike]))
            for words, side in ((source, attrgetter("source")), (target, attrgetter("target")))
        )
        yield from zip(alike, model(given, None, right).weights.double().numpy(), strict=True)


def batches(pairs):
    """Pairs whose two sentences are as long as one another's."""
    alike = defaultdict(list)
    for pair in pairs:
        alike[len(pair.source), len(pair.target)].append(pair)
    return alike.values()


def alignment_error(attention):
    return np.mean([alignment_error_rate(strongest_links(weights), pair.links) for pair, weights in looks(attention, 8)])


def test_additive_attention_finds_the_word_that_is_due_where_the_orders_differ():
    assert alignment_error("additive") < 0.1
    crossed = [(pair, weights) for pair, weights in looks("additive", 9) if is_crossed(pair)]
    assert len(crossed) > 100
    assert np.mean([alignment_error_rate(strongest_links(weights), pair.links) for pair, weights in crossed]) < 0.1


def is_crossed(pair):
    order = [source for source, _ in sorted(pair.links, key=lambda link: (link[1], link[0]))]
    return order != sorted(order)


def test_the_dot_product_aligns_nearly_as_well():
    assert alignment_error("dot") < alignment_error("additive") + 0.1
    assert not list(translator("dot").score.parameters())  # no weights of its own


def test_general_attention_compares_through_a_matrix_that_is_learned():
    begun, learned = (translator("general", trained=trained).score.state_dict() for trained in (False, True))
    assert [value.dim() for value in begun.values()] == [2]
    assert not any(torch.equal(begun[name], learned[name]) for name in begun)


def test_the_scaled_product_is_softer_at_the_start_and_writes_the_same_words_in_the_end():
    sharpest = [np.mean([w.max(1).mean() for _, w in looks(name, 8, trained=False)]) for name in ("dot", "scaled")]
    assert sharpest[1] < sharpest[0]
    assert CARDS["translation-scaled"].exact == pytest.approx(CARDS["translation-dot"].exact, abs=0.02)


def test_without_attention_short_sentences_come_out_right_and_long_ones_are_lost():
    assert share_right("none", 4) > 0.9
    assert share_right("none", 12) < 0.1
    assert share_right("additive", 12) > 0.85


def looks_of(corpus, count=200):
    """Held-out pairs of another corpus, with the attention while the right answers are forced."""
    store, run = Store(str(SHIPPED)), CARDS[f"translation-{corpus}"].run
    task = store.experiment(run).task
    model = trained_network(store.experiment(run).model, store.weights(run)).eval()
    source, target = WordVocabulary(CORPORA[corpus].source_words), WordVocabulary(CORPORA[corpus].target_words)
    for pair, weights in attended(model, held_out(corpus, count, task.longest), source, target):
        yield pair, weights.argmax(-1).tolist()


def test_dates_are_read_from_the_year_wherever_that_stands():
    places = [(sorted(s for s, t in pair.links if t == 3), looked[3], len(pair.source)) for pair, looked in looks_of("dates")]
    assert np.mean([looked in year for year, looked, _ in places]) > 0.9
    assert any(year[0] < 4 for year, _, _ in places)
    assert any(year[-1] == length - 1 for year, _, length in places)
    assert CARDS["translation-dates"].exact > 0.99


def test_reversal_is_read_backwards():
    steps = [np.diff(looked) for _, looked in looks_of("reversal") if len(looked) > 2]
    assert np.mean(np.concatenate(steps) == -1) > 0.9
    assert CARDS["translation-reversal"].exact > 0.99


def test_sorting_is_read_in_the_alphabets_order():
    right = [
        pair.source[place] == word
        for pair, looked in looks_of("sorting")
        for place, word in zip(looked, pair.target, strict=True)
    ]
    assert np.mean(right) > 0.8
    assert CARDS["translation-sorting"].exact > 0.9
