"""An encoder-decoder's script is torch alone, holds its sentences, and writes the very numbers that the lab records."""

import re
import subprocess
import sys
from dataclasses import replace

import pytest

from seqviz.corpora import held_out, learned, pairs_as_text
from seqviz.errors import ConfigError, TextError
from seqviz.experiment import Experiment, Parent, Seq2SeqConfig, TrainingConfig
from seqviz.experiment.model import CaptionerConfig
from seqviz.experiment.task import CaptionsConfig, TranslationConfig
from seqviz.export import sentences, training_script
from tests.seqviz.export.test_script import lab_metrics, script_metrics  # noqa: F401  the fixture

REVERSAL = TranslationConfig(corpus="reversal", sentences=200, longest=6)
SMALL = Experiment(
    task=REVERSAL,
    model=Seq2SeqConfig(hidden_size=5, embedding_size=4),
    training=TrainingConfig(batch_size=4, steps=4, threshold=0.1),
    seed=3,
)


@pytest.mark.parametrize(
    "model",
    [
        {"cell": "gru", "attention": "additive", "order": "before"},
        {"cell": "lstm", "attention": "dot", "order": "after", "reverse_source": True, "layers": 2},
        {"cell": "rnn", "attention": "none", "bidirectional": False, "reverse_source": True},
        {"cell": "gru", "attention": "none", "layers": 2},
        {"cell": "lstm", "attention": "general", "order": "before", "bidirectional": False},
        {"cell": "gru", "attention": "scaled", "order": "after", "teacher_forcing": 0.5},
        {"cell": "lstm", "attention": "additive", "order": "before", "layers": 2, "teacher_forcing": 0.5},
        {"cell": "rnn", "attention": "none", "bidirectional": False, "teacher_forcing": 0.3},
    ],
    ids=lambda model: "-".join(map(str, model.values())),
)
def test_script_gives_the_labs_metrics_to_the_last_bit(model, script_metrics):  # noqa: F811
    experiment = replace(SMALL, model=Seq2SeqConfig(hidden_size=5, embedding_size=4, **model))
    assert script_metrics(training_script(experiment)) == lab_metrics(experiment)[0]


def test_script_of_an_encoder_decoder_with_a_schedule(script_metrics):  # noqa: F811
    experiment = replace(SMALL, training=replace(SMALL.training, schedule="noam", warmup=2))
    assert script_metrics(training_script(experiment)) == lab_metrics(experiment)[0]


def test_script_runs_alone_and_its_sentences_stand_below_what_is_worth_reading(tmp_path):
    task = TranslationConfig(corpus="dates", sentences=200, longest=25)  # among whose symbols is the blank
    experiment = replace(SMALL, task=task, training=TrainingConfig(batch_size=8, steps=2))
    script = training_script(experiment)
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    subprocess.run([sys.executable, "-I", "script.py"], cwd=tmp_path, capture_output=True, check=True)
    assert (tmp_path / "metrics.csv").read_text() == lab_metrics(experiment)[0]
    assert not re.search(r"^\s*(import|from) (seqviz|numpy|jaxtyping)", script, re.MULTILINE)
    assert script.index("def main()") < script.index('SENTENCES = """') < script.index("if __name__")
    assert max(map(len, script.splitlines())) <= 160


def test_script_learns_from_a_persons_own_sentences_and_knows_their_frequent_words(script_metrics):  # noqa: F811
    text = pairs_as_text([*learned("fr-en", 150, 8), *held_out("fr-en", 9, 8)])
    task = TranslationConfig(corpus="own", text="pairs-0123456789abcdef", sentences=100, longest=12, vocabulary=10)
    experiment = replace(SMALL, task=task)
    assert script_metrics(training_script(experiment, text=text)) == lab_metrics(experiment, text)[0]
    with pytest.raises(TextError, match="needs these sentences"):
        training_script(experiment)


def test_script_of_a_run_that_goes_on_trains_its_parent_first(script_metrics):  # noqa: F811
    child = replace(
        SMALL, training=TrainingConfig(learning_rate=0.02, batch_size=3, steps=3), parent=Parent(run=SMALL.run_id, step=2)
    )
    _, start = lab_metrics(replace(SMALL, training=replace(SMALL.training, steps=2)))
    assert script_metrics(training_script(child, (SMALL,))) == lab_metrics(child, start=start)[0]
    other = replace(child, task=replace(REVERSAL, longest=5))
    with pytest.raises(ConfigError, match="the same sentences and the same network"):
        training_script(other, (SMALL,))


def test_more_sentences_than_a_script_should_hold_are_refused(monkeypatch):
    monkeypatch.setattr(sentences, "LARGEST", 100)
    with pytest.raises(ConfigError, match=r"at most 100 characters .* these 200 take .*: let the network learn from fewer"):
        training_script(SMALL)


def test_a_network_that_scripts_do_not_have_has_no_script():
    with pytest.raises(ConfigError, match="no script can be written: NETWORKS has no captioner, only recurrent, feedforward"):
        training_script(Experiment(task=CaptionsConfig(), model=CaptionerConfig()))
