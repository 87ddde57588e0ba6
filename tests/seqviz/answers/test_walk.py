"""A run's walk is its network's, for translators and language models; bad input gets one sentence."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from shortruns import short_run

from seqviz.cards import read_cards
from seqviz.errors import ConfigError, LimitError, StoreError, TextError, TraceError
from seqviz.experiment.task import CharactersConfig, LagConfig, TranslationConfig, WordsConfig
from seqviz.experiment.vocabulary import Vocabulary
from seqviz.subjects.translation import Sentence
from seqviz.subjects.walk import WalkedToken

CARDS = read_cards(Path(__file__).parents[3] / "pretrained")
WORDS = WordsConfig(sentences=100, fillers=0)
REVERSAL = TranslationConfig(corpus="reversal", sentences=200, longest=6)


def walk(run, **asked):
    from seqviz.answers.walk import answer_walk

    return answer_walk(WalkedToken(run=run, **asked))


def test_it_writes_what_the_translation_says_with_the_same_probabilities():
    from seqviz.answers.translation import answer_translation

    run = short_run(REVERSAL)
    theirs = answer_translation(Sentence(run=run, text="abcd", given="d c b a <eos>"))
    for position in range(5):
        record = walk(run, text="abcd", given="d c b a <eos>", position=position)
        assert record.written == theirs.written
        assert np.log(record.next.lens.due[-1]) == pytest.approx(theirs.log_probabilities[position], abs=1e-9)
    assert walk(run, text="abcd").written == answer_translation(Sentence(run=run, text="abcd")).written


def test_its_embedding_is_the_runs_own_row():
    from seqviz.store import open_store

    run = short_run(REVERSAL)
    record = walk(run, text="ab", side="encoder", position=1)
    table = open_store().weights(run)["source_embedding.weight"]
    row = int(re.fullmatch(r"row (\d+) of source_embedding.weight", record.table)[1]) - 1
    np.testing.assert_array_equal(record.kept, table[row])


@pytest.mark.parametrize("positions", ["sinusoidal", "learned", "none"])
@pytest.mark.parametrize(
    ("task", "text", "tokens"),
    [(CharactersConfig(length=8), "if é:", tuple("if é:")), (WORDS, "The zebra is", ("the", "zebra", "is"))],
)
def test_a_language_model_is_walked_with_its_own_numbers(task, text, tokens, positions):
    from seqviz.models import trained_network
    from seqviz.store import open_store

    run, store = short_run(task, name="causal", positions=positions), open_store()
    record = walk(run, text=text, position=len(tokens) - 1)
    assert record.read == tokens
    assert record.noun == ("character" if isinstance(task, CharactersConfig) else "word")
    assert record.unknown == (("é",) if record.noun == "character" else ("zebra",))
    weights = store.weights(run)
    column = int(re.fullmatch(r"column (\d+) of embedding.weight", record.table)[1]) - 1
    np.testing.assert_array_equal(record.kept, weights["embedding.weight"][:, column])
    if record.noun == "character":
        symbols = Vocabulary(store.vocabulary(run)).encode(text)
    else:
        symbols = store.word_vocabularies(run)["words"].encode(tokens)
    model = trained_network(store.experiment(run).model, weights, answer="every").double()
    inputs = torch.eye(weights["embedding.weight"].shape[1], dtype=torch.float64)[torch.from_numpy(symbols)]
    with torch.no_grad():
        np.testing.assert_allclose(record.next.logits, model(inputs[None])[0, -1], rtol=0, atol=1e-12)


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
        ({"run": CARDS["translation-dot"].run, "text": "le"}, ConfigError, "only Transformers that read a text"),
        ({"run": CARDS["adding-gru"].run, "text": "le"}, ConfigError, "only Transformers that read a text"),
        ({"run": CARDS["translation-transformer"].run, "text": " "}, TextError, "at least one word"),
        ({"run": CARDS["translation-transformer"].run, "text": "le " * 2000}, LimitError, "at most 60 words"),
        ({"run": CARDS["words-transformer"].run, "text": " "}, TextError, "must have at least one word, got none"),
        ({"run": CARDS["words-transformer"].run, "text": "a " * 129}, LimitError, "at most 128 words on this server, got 129"),
        ({"run": CARDS["words-transformer"].run, "text": "a", "side": "encoder"}, ConfigError, "has no encoder"),
        ({"run": CARDS["words-transformer"].run, "text": "a", "position": 3}, TraceError, "must be 1 to 1, got 4"),
    ],
)
def test_what_cannot_be_walked_is_one_sentence(asked, error, said):
    with pytest.raises(error, match=said):
        walk(**asked)


def test_what_reads_no_text_is_one_sentence():
    with pytest.raises(ConfigError, match="only Transformers that read a text"):
        walk(short_run(LagConfig(), name="causal"), text="a")


def test_a_text_beyond_the_positions_learned_is_one_sentence():
    run = short_run(WORDS, name="causal", positions="learned")
    assert len(walk(run, text="a " * 128).places) == 128
    few = short_run(CharactersConfig(length=4), name="causal", positions="learned", learned_positions=4)
    with pytest.raises(ConfigError, match="has learned 4 positions and can read no more, got 5"):
        walk(few, text="abcde")
