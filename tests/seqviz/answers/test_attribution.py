"""A run's attribution is computed from its network, for the words it is given or those it writes."""

from pathlib import Path

import numpy as np
import pytest

from seqviz.answers.attribution import answer_attribution
from seqviz.answers.translation import answer_translation
from seqviz.cards import read_cards
from seqviz.corpora import held_out
from seqviz.errors import SeqvizError
from seqviz.subjects.translation import Sentence

CARDS = read_cards(Path(__file__).parents[3] / "pretrained")
PAIR = held_out("fr-en", 40, 12)[-1]
TEXT, GIVEN = " ".join(PAIR.source), " ".join((*PAIR.target, "<eos>"))


def asked(network="additive", **more):
    return Sentence(run=CARDS[f"translation-{network}"].run, text=TEXT, **more)


@pytest.mark.parametrize("network", ["additive", "dot", "general", "scaled"])
def test_it_is_of_the_translation_that_the_translate_page_shows(network):
    record, translation = answer_attribution(asked(network, given=GIVEN)), answer_translation(asked(network, given=GIVEN))
    assert record.written == translation.written == (*PAIR.target, "<eos>")
    np.testing.assert_allclose(record.weights, translation.weights, atol=1e-12)
    assert record.probability == pytest.approx(translation.probability)


def test_what_is_not_given_is_what_it_writes():
    assert answer_attribution(asked()).written == answer_translation(asked()).written


def test_the_seed_draws_the_permutations_and_nothing_else():
    one, other = (answer_attribution(asked(given=GIVEN, seed=seed)) for seed in (0, 1))
    assert not np.array_equal(one.permuted.distances, other.permuted.distances)
    np.testing.assert_array_equal(one.products, other.products)
    np.testing.assert_array_equal(one.uniform.distances, other.uniform.distances)


@pytest.mark.parametrize(("subject", "said"), [(asked("none"), "no attention"), (asked(given="hippogriff"), "cannot write")])
def test_what_cannot_be_asked_is_one_sentence(subject, said):
    with pytest.raises(SeqvizError, match=said):
        answer_attribution(subject)
