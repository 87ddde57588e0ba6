"""A link says what it says, and a broken or hostile one is answered by one sentence and the defaults."""

import pytest


def controls():
    from seqviz.experiment import RecurrentConfig
    from seqviz.ui.shell.links import controls_of, flag_control, several_control

    return {
        **controls_of(RecurrentConfig, spans={"layers": (1, 3)}, defaults={"hidden_size": 32}),
        "cells": several_control("cells", {"rnn": "RNN", "lstm": "LSTM"}, ("rnn", "lstm")),
        "direct": flag_control("direct", True),
    }


def test_a_link_is_read_back_as_it_was_written():
    from seqviz.ui.shell.links import read_link, write_link

    table = controls()
    values = {name: control.default for name, control in table.items()}
    values |= {"name": "gru", "hidden_size": 7, "scale": 1.5, "forget_bias": 2.0, "cells": ("lstm",), "direct": False}
    read, complaint = read_link(write_link(values, table), table)
    assert read == values
    assert complaint is None


def test_a_link_leaves_out_what_has_its_default():
    from seqviz.ui.shell.links import read_link, write_link

    table = controls()
    values, complaint = read_link({}, table)
    assert complaint is None
    assert write_link(values, table) == {}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"nonsense": "1"}, "This link was not understood in full: unknown setting 'nonsense' ignored."),
        ({"hidden_size": "big"}, "hidden_size must be a whole number in [1, 1024], got 'big'"),
        ({"hidden_size": "1e308"}, "hidden_size must be a whole number in [1, 1024], got '1e308'"),
        ({"scale": "1e308"}, "scale must be a number in [0, 100], got 1e+308"),
        ({"scale": "nan"}, "scale must be a number in [0, 100], got nan"),
        ({"scale": "inf"}, "scale must be a number in [0, 100], got inf"),
        ({"layers": "4"}, "layers must be a whole number in [1, 3], got 4"),
        ({"hidden_size": "1000"}, "hidden_size must be at most 512 on this server, got '1000'"),
        ({"name": "<script>"}, "name must be one of rnn, lstm, gru, got '<script>'"),
        ({"cells": ""}, "cells must be one or more of rnn, lstm, with commas between, got ''"),
        ({"cells": "rnn,cnn"}, "got 'rnn,cnn'"),
        ({"direct": "maybe"}, "direct must be yes or no, got 'maybe'"),
    ],
)
def test_what_is_wrong_is_said_and_takes_its_default(query, said):
    from seqviz.ui.shell.links import read_link

    table = controls()
    values, complaint = read_link(query, table)
    assert said in complaint
    assert values == {name: control.default for name, control in table.items()}


def test_the_rest_of_a_broken_link_holds():
    from seqviz.ui.shell.links import read_link

    values, complaint = read_link({"x": "y", "layers": "9", "name": "gru"}, controls())
    assert values["name"] == "gru"
    assert complaint == (
        "This link was not understood in full: layers must be a whole number in [1, 3], got 9. The default is shown instead. "
        "Also, unknown setting 'x' ignored."
    )


def test_a_complaint_names_the_first_few_of_many_and_counts_the_rest():
    from seqviz.ui.shell.links import read_link

    query = {"layers": "9", "scale": "nan", "direct": "maybe", "cells": "", "hidden_size": "big"}
    _, complaint = read_link({**query, "x": "1", "y": "2"}, controls())
    for name in ("layers", "scale", "direct"):
        assert f"{name} must be" in complaint
    assert "; and 2 more. The default" in complaint
    assert complaint.endswith("Also, unknown settings 'x', 'y' ignored.")


def test_a_huge_link_is_not_read():
    from seqviz.ui.shell.links import read_link

    values, complaint = read_link({"name": "gru" + "a" * 100_000}, controls())
    assert values["name"] == "lstm"
    assert complaint == "This link has 100009 characters; at most 20000 are read."


def test_a_complaint_never_repeats_a_long_value_in_full():
    from seqviz.ui.shell.links import read_link

    _, complaint = read_link({"a" * 9_000: "1", "scale": "9" * 9_000}, controls())
    assert len(complaint) < 500
