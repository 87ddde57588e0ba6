"""A run's heads are its network's on exactly that text; bad input gets one sentence."""

from pathlib import Path

import numpy as np
import pytest
import torch
from shortruns import short_run

from seqviz.answers.examination import answer_examination, dealt
from seqviz.answers.heads import answer_heads_alignment
from seqviz.answers.translators import open_translator
from seqviz.cards import read_cards
from seqviz.corpora import alignment_error_rate, strongest_links
from seqviz.errors import ConfigError, LimitError, StoreError, TextError, TraceError
from seqviz.experiment.task import AddingConfig, CharactersConfig, LagConfig, TranslationConfig, WordsConfig
from seqviz.models.seq2seq import START
from seqviz.store import open_store
from seqviz.subjects.examination import Examined
from seqviz.subjects.heads import ReadByHeads

GRU = read_cards(Path(__file__).parents[3] / "pretrained")["adding-gru"].run
REVERSAL = TranslationConfig(corpus="reversal", sentences=200, longest=6)


def read(run, **asked):
    from seqviz.answers.heads import answer_heads

    return answer_heads(ReadByHeads(run=run, **asked))


def test_a_translator_has_three_kinds_and_writes_what_the_translation_says():
    from seqviz.answers.translation import answer_translation
    from seqviz.subjects.translation import Sentence

    run = short_run(REVERSAL)
    trace = read(run, text="abc")
    written = answer_translation(Sentence(run=run, text="abc")).written
    assert trace.written == written
    assert not trace.given
    own, masked, cross = trace.attentions
    assert (own.queries_of, own.keys_of) == (("a", "b", "c"), ("a", "b", "c"))
    assert masked.keys_of == ("<sos>", *written[:-1])
    assert (cross.queries_of, cross.keys_of) == (written, ("a", "b", "c"))
    assert trace.of("cross") is cross


def test_last_layers_heads_average_to_what_translation_calls_its_attention():
    from seqviz.answers.translation import answer_translation
    from seqviz.subjects.translation import Sentence

    run = short_run(REVERSAL)
    theirs = answer_translation(Sentence(run=run, text="abcd", given="d c b a <eos>"))
    trace = read(run, text="abcd", target="d c b a <eos>")
    assert trace.given
    np.testing.assert_allclose(trace.of("cross").weights[-1].mean(axis=0), theirs.weights, atol=1e-6)


def test_a_language_model_has_masked_attention_over_the_text_typed():
    (record,) = read(short_run(CharactersConfig(length=8), name="causal"), text="if x:").attentions
    assert record.kind == "masked self"
    assert record.keys_of == tuple("if x:")
    (words,) = read(short_run(WordsConfig(sentences=100), name="causal"), text="the key is").attentions
    assert words.keys_of == ("the", "key", "is")


def test_other_tasks_are_read_as_a_held_out_sequence():
    (lag,) = read(short_run(LagConfig(length=7, lag=2), name="causal")).attentions
    assert len(lag.keys_of) == 7
    assert set(lag.keys_of) <= set("0123")
    (adding,) = read(short_run(AddingConfig(length=6), name="causal")).attentions
    assert sum(token.endswith("*") for token in adding.keys_of) == 2


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        (lambda: read("f" * 20, text="a"), StoreError, "no run"),
        (lambda: read(GRU, text="a"), ConfigError, "only Transformers that read a text"),
        (lambda: read(short_run(REVERSAL), text=" "), TextError, "at least one word"),
        (lambda: read(short_run(REVERSAL), text="abc", target="Ω"), TraceError, "cannot write"),
        (lambda: read(short_run(CharactersConfig(length=8), name="causal")), TextError, "at least one token, got none"),
        (lambda: read(short_run(CharactersConfig(length=8), name="causal"), text="x" * 129), LimitError, "at most 128 tokens"),
        (lambda: read(short_run(LagConfig(length=7, lag=2), name="causal"), text="0 1"), TextError, "reads no text"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(asked, error, said):
    with pytest.raises(error, match=said):
        asked()


CARDS = read_cards(Path(__file__).parents[3] / "pretrained")
RUN = CARDS["translation-transformer"].run


@pytest.fixture(autouse=True)
def _at_home(monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[3])


def test_each_heads_error_is_that_of_its_own_weights_on_the_way_to_the_right_words():
    subject = Examined(run=RUN, sentences=12, longest=12)
    record = answer_heads_alignment(subject)
    one = open_translator(open_store(), RUN)
    errors = []
    for pair in dealt("fr-en", 12, 12):
        source, target = one.source.encode(pair.source), one.target.encode(pair.target)
        walked = one.model.walk(torch.tensor([[*source]]), torch.tensor([[START, *target[:-1]]]))
        crossings = [part.attended.weights[0] for layer in walked.decoder.layers for part in layer if part.kind == "cross"]
        errors.append(
            [[alignment_error_rate(strongest_links(head.numpy()), pair.links) for head in each] for each in crossings]
        )
    assert record.errors == pytest.approx(np.mean(errors, axis=0))
    assert record.sentences == 12
    assert record.near_errors.max() <= record.errors.max()


def test_the_mean_of_the_last_layers_heads_is_what_an_examination_calls_its_attention():
    subject = Examined(run=RUN, sentences=25, longest=12)
    assert answer_heads_alignment(subject).mean_error == pytest.approx(answer_examination(subject).mean_alignment_error)


def test_the_best_head_is_the_one_with_the_least_error():
    record = answer_heads_alignment(Examined(run=RUN, sentences=25, longest=12))
    assert record.errors[record.best] == record.errors.min()


def test_a_network_without_heads_is_said():
    with pytest.raises(ConfigError, match="only a Transformer has heads to hold against alignments"):
        answer_heads_alignment(Examined(run=CARDS["translation-additive"].run, sentences=4, longest=12))
