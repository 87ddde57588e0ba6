"""A script has all that its parts need, each once, and nothing else."""

import pytest

from seqviz.errors import ConfigError
from seqviz.export.parts import linked, names_used, origin, record_of


def test_parts_come_after_what_they_need():
    parts = linked([("share_recalled", "seqviz.tasks.copying")], {})
    assert list(parts.homes) == ["share_recalled", "accuracy"]
    assert str(parts).index("def accuracy") < str(parts).index("def share_recalled")
    assert parts.imports == {("torch", None, "torch")}


def test_methods_that_nothing_reads_are_left_out():
    text = str(linked([("Feedforward", "seqviz.models")], {}))
    assert "def forward" in text
    assert "def states" in text
    assert "def answers" not in text


def test_a_name_is_followed_to_where_it_is_defined():
    assert origin("seqviz.models", "Feedforward") == ("seqviz.models.feedforward", "Feedforward")
    assert origin("seqviz.models.feedforward", "nn") == ("torch", "nn")
    with pytest.raises(ConfigError, match=r"seqviz\.models neither defines nor imports nothing"):
        origin("seqviz.models", "nothing")


def test_two_parts_of_one_name_are_refused():
    with pytest.raises(
        ConfigError, match=r"two parts of it would be called xavier, one of them of seqviz\.models\.initialisation"
    ):
        linked([("xavier", "seqviz.models.feedforward"), ("xavier", "seqviz.models.initialisation")], {})


def test_what_is_built_is_known_by_its_parts():
    record = record_of("seqviz.tasks.copying", "build_copying", {}, ("judge_loss", "judge_metric"))
    assert record.parts["judge_metric"].text == "share_recalled"
    assert record.needs == ("cross_entropy", "share_recalled")
    with pytest.raises(ConfigError, match=r"seqviz\.tasks\.copying has no function build_nothing"):
        record_of("seqviz.tasks.copying", "build_nothing", {}, ())


def test_what_runs_a_cell_is_brought_alone():
    settings = {"rnn.mode": "LSTM", "where": "layers"}
    parts = linked([("plain_scan", "seqviz.models.dropout")], settings)
    assert list(parts.homes) == ["plain_scan", "fused"]
    assert "fused(torch.lstm)(values, (zeros,) * 2, [weights], train=True)" in str(parts)
    own = linked([("masked_scan", "seqviz.models.dropout")], {"rnn.mode": "RNN_SIGMOID"})
    assert {"SigmoidRNN", "OwnRNN", "sigmoid_step"} < own.homes.keys()
    assert not {"KINDS", "LinearRNN", "lstm_step"} & own.homes.keys()


def test_names_are_used_that_are_not_bound():
    assert names_used("def f(x):\n    y = g(x)\n    return [h(z) for z in y]\n") == ("g", "h")
