"""A run's walk is its own network's; what cannot be walked is one sentence."""

from pathlib import Path

import numpy as np
import pytest
import torch
from shortruns import short_run

from seqviz.cards import read_cards
from seqviz.errors import ConfigError, LimitError, StoreError, TextError
from seqviz.experiment.subject import Sentence
from seqviz.experiment.task import LagConfig, TranslationConfig
from seqviz.experiment.walk import WalkedToken

CARDS = read_cards(Path(__file__).parents[3] / "pretrained")
REVERSAL = TranslationConfig(corpus="reversal", sentences=200, longest=6)


def walk(run, **asked):
    from seqviz.lab.walks import walk_sentence

    return walk_sentence(WalkedToken(run=run, **asked))


def test_it_writes_what_the_translation_says_with_the_same_probabilities():
    from seqviz.lab.translations import translate_sentence

    run = short_run(REVERSAL)
    theirs = translate_sentence(Sentence(run=run, text="abcd", given="d c b a <eos>"))
    for position in range(5):
        record = walk(run, text="abcd", given="d c b a <eos>", position=position)
        assert record.written == theirs.written
        assert np.log(record.next.lens.due[-1]) == pytest.approx(theirs.log_probabilities[position], abs=1e-9)
    assert walk(run, text="abcd").written == translate_sentence(Sentence(run=run, text="abcd")).written


def test_its_embedding_is_the_runs_own_row():
    from seqviz.store import open_store

    run = short_run(REVERSAL)
    record = walk(run, text="ab", side="encoder", position=1)
    table = open_store().weights(run)["source_embedding.weight"]
    np.testing.assert_array_equal(record.kept, table[record.symbol])


def test_without_positions_only_the_set_of_words_counts():
    run = short_run(REVERSAL)
    one, other = (walk(run, text=text, side="encoder", position=at, placed=False) for text, at in (("abc", 0), ("cba", 2)))
    torch.testing.assert_close(torch.tensor(one.result), torch.tensor(other.result), atol=1e-12, rtol=0)
    assert (
        np.abs(walk(run, text="abc", side="encoder").result - walk(run, text="cba", side="encoder", position=2).result).max()
        > 1e-3
    )


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"run": "f" * 20, "text": "le"}, StoreError, "there is no run"),
        ({"run": CARDS["translation-dot"].run, "text": "le"}, ConfigError, "only a Transformer is walked through here"),
        ({"run": CARDS["adding-gru"].run, "text": "le"}, ConfigError, "only networks that translate"),
        ({"run": CARDS["translation-transformer"].run, "text": " "}, TextError, "at least one word"),
        ({"run": CARDS["translation-transformer"].run, "text": "le " * 2000}, LimitError, "at most 60 words"),
    ],
)
def test_what_cannot_be_walked_is_one_sentence(asked, error, said):
    with pytest.raises(error, match=said):
        walk(**asked)


def test_a_transformer_without_an_encoder_is_one_sentence():
    with pytest.raises(ConfigError, match="only networks that translate"):
        walk(short_run(LagConfig(), name="causal"), text="a")
