"""Alignment errors of heads equal those counted one by one on what the model returns; other networks have no heads."""

from pathlib import Path

import numpy as np
import pytest
import torch

from seqviz.answers.examination import dealt, examine
from seqviz.answers.head_alignment import align_heads
from seqviz.answers.translators import open_translator
from seqviz.cards import read_cards
from seqviz.corpora import alignment_error_rate, strongest_links
from seqviz.errors import ConfigError
from seqviz.models.seq2seq import START
from seqviz.store import open_store
from seqviz.subjects.examination import Examined

CARDS = read_cards(Path(__file__).parents[3] / "pretrained")
RUN = CARDS["translation-transformer"].run


@pytest.fixture(autouse=True)
def _at_home(monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[3])


def test_each_heads_error_is_that_of_its_own_weights_on_the_way_to_the_right_words():
    subject = Examined(run=RUN, sentences=12, longest=12)
    record = align_heads(subject)
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
    assert align_heads(subject).mean_error == pytest.approx(examine(subject).mean_alignment_error)


def test_the_best_head_is_the_one_with_the_least_error():
    record = align_heads(Examined(run=RUN, sentences=25, longest=12))
    assert record.errors[record.best] == record.errors.min()


def test_a_network_without_heads_is_said():
    with pytest.raises(ConfigError, match="only a Transformer has heads to hold against alignments"):
        align_heads(Examined(run=CARDS["translation-additive"].run, sentences=4, longest=12))
