"""A script of a word language model holds the sentences that the run learned from."""

import json
import re
import zlib
from base64 import b64decode
from dataclasses import replace

import pytest

from seqviz.corpora import learned_dependencies
from seqviz.errors import ConfigError
from seqviz.experiment import Experiment, RecurrentConfig
from seqviz.experiment.task import WordsConfig
from seqviz.export.sentences import sentences_of

EXPERIMENT = Experiment(task=WordsConfig(sentences=120, fillers=2), model=RecurrentConfig())


def test_the_sentences_are_those_of_every_stage():
    other = replace(EXPERIMENT, task=WordsConfig(sentences=110, fillers=0))
    packed = re.search(r'"""\n(.*)\n"""', sentences_of([other.task, EXPERIMENT.task]), re.DOTALL)[1]
    written = json.loads(zlib.decompress(b64decode(packed)))["sentences"]
    assert set(written) == {"110 with up to 0", "120 with up to 2"}
    assert [tuple(one) for one in written["120 with up to 2"]] == [one.words for one in learned_dependencies(120, 2)]


def test_too_many_sentences_are_refused(monkeypatch):
    monkeypatch.setattr("seqviz.export.sentences.LARGEST", 100)
    with pytest.raises(ConfigError, match=r"at most 100 characters of them compressed, and these 120 take"):
        sentences_of([EXPERIMENT.task])
