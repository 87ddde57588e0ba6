"""What is known is written out, what is not known stays as it is, and so do comments."""

from textwrap import dedent

import pytest

from seqviz.errors import ConfigError
from seqviz.experiment import CELL_SPECS, RecurrentConfig
from seqviz.export.known import Code, Known, Record
from seqviz.export.specialised import specialised

TABLE = {"gru": Code("nn.GRU", "somewhere"), "lstm": Code("lambda size: nn.LSTM(size, size)", "somewhere")}


def written(source, **values):
    """Return ``source`` with a GRU of 4 units known as ``config``, and CELLS as a table."""
    known = Known({"config": RecurrentConfig(name="gru", hidden_size=4), **values}, {"CELLS": TABLE}.get)
    return specialised(dedent(source).lstrip("\n"), known)


def test_settings_are_written_as_values():
    assert written("x = f(config.hidden_size, config.name, config.forget_bias)\n") == 'x = f(4, "gru", None)\n'
    assert written("x = 2 * config.hidden_size + y, 1 / config.hidden_size, 2 * 3\n") == "x = 8 + y, 1 / 4, 2 * 3\n"
    assert written('x = f"{config.name} of {config.hidden_size}"\n') == 'x = "gru of 4"\n'


@pytest.mark.parametrize(
    ("tests", "left"),
    [
        (("config.name == 'gru'", "y"), "a()  # first\n"),
        (("config.name == 'rnn'", "y"), "if y:\n    b()\nelse:\n    c()\n"),
        (("y", "config.name == 'gru'"), "if y:\n    a()  # first\nelse:\n    b()\n"),
        (("y", "config.name == 'rnn'"), "if y:\n    a()  # first\nelse:\n    c()\n"),
        (("config.name == 'rnn'", "config.bidirectional"), "c()\n"),
        (("y and config.name == 'gru'", "z"), "if y:\n    a()  # first\nelif z:\n    b()\nelse:\n    c()\n"),
    ],
)
def test_of_branches_those_stay_that_may_be_taken(tests, left):
    source = f"if {tests[0]}:\n    a()  # first\nelif {tests[1]}:\n    b()\nelse:\n    c()\n"
    assert written(source) == left


def test_a_branch_whose_elif_goes_too_is_followed_by_the_next():
    source = "if y:\n    a()\nelif config.bidirectional:\n    b()\nelif z:\n    c()\n"
    assert written(source) == "if y:\n    a()\nelif z:\n    c()\n"


def test_of_expressions_the_chosen_one_stays_without_needless_parentheses():
    assert written("x = size * (2 if config.bidirectional else 1)\n") == "x = size * 1\n"
    assert written("x = f(y if config.name == 'gru' else z)\n") == "x = f(y)\n"
    assert written("x = (y + 1 if config.name == 'gru' else z) * 2\n") == "x = (y + 1) * 2\n"


def test_nothing_hands_settings_on_or_checks_them_again():
    source = """
    class Cell:
        def __init__(self, config, size, more=None):
            self.config = config
            self.inner = Inner(config, size=size)
            if size < 1:
                raise ConfigError("too small")
            assert size

        def check(self):
            if self.config.layers > 4:
                raise ConfigError("too many")
    """
    left = """
    class Cell:
        def __init__(self, size):
            self.inner = Inner(size=size)

    """
    assert written(source, **{"self.config": RecurrentConfig()}) == dedent(left).lstrip("\n")


def test_names_that_settings_alone_decide_are_written_out_where_they_are_read():
    source = """
    def build(count):
        size, both = config.hidden_size, config.bidirectional
        count = size if both else count  # read
        return size * count
    """
    assert written(source) == "def build(count):\n    count = count  # read\n    return 4 * count\n"


def test_nothing_is_left_after_a_return():
    source = """
    def build():
        if config.name == "gru":
            return 1
        return 2
    """
    assert written(source) == "def build():\n    return 1\n"


def test_tables_are_looked_up_and_what_they_hold_is_applied():
    assert written("x = CELLS[config.name](3)\n") == "x = nn.GRU(3)\n"
    assert written("x = CELLS[kind](3)\n", kind="lstm") == "x = nn.LSTM(3, 3)\n"
    assert written("x = CELLS[unknown]\n") == "x = CELLS[unknown]\n"
    with pytest.raises(ConfigError, match="CELLS has no rnn, only gru, lstm"):
        written("x = CELLS[kind](3)\n", kind="rnn")


def test_loops_over_what_is_known_are_written_out():
    stages = (RecurrentConfig(layers=1), RecurrentConfig(layers=2, name="gru"))
    source = """
    for stage in stages:
        x = stage.layers
        if stage.name == "gru":
            y()  # once
    """
    assert written(source, stages=stages) == "x = 1\nx = 2\ny()  # once\n"


def test_an_argument_that_is_not_given_after_all_goes_with_its_line():
    source = """
    f(
        x,
        rate=None if config.name == "gru" else 1,
        y=2,
    )
    """
    assert written(source) == "f(\n    x,\n    y=2,\n)\n"


def test_what_is_no_setting_stays_an_argument():
    assert written('x = y.replace(b"a", b"", ..., config)\n') == 'x = y.replace(b"a", b"", ...)\n'


def test_a_record_in_a_table_is_read_by_its_parts():
    record = Record("", {"states": Code("2", "somewhere"), "step": Code("gru_step", "somewhere")}, "somewhere", ())
    known = Known({"rnn.mode": "GRU"}, {"KINDS": {"GRU": record}}.get)
    source = "kind = KINDS[rnn.mode].step\nx = (zeros,) * KINDS[rnn.mode].states, KINDS[rnn.mode].step(y), KINDS[z].step\n"
    assert specialised(source, known) == "kind = gru_step\nx = (zeros,) * 2, gru_step(y), KINDS[z].step\n"


def test_a_dictionary_of_arguments_is_written_one_by_one():
    relu, gru = CELL_SPECS["rnn"].modules["relu"], CELL_SPECS["gru"].modules["tanh"]
    assert written("x = f(3, y=1, **cell.settings)\n", cell=relu) == 'x = f(3, y=1, nonlinearity="relu")\n'
    assert written("x = f(3, y=1, **cell.settings)\n", cell=gru) == "x = f(3, y=1)\n"


def test_a_known_argument_goes_from_calls_signature_and_docstring_and_a_closure_keeps_its_own():
    source = """
    def drop(rnn, where, rate=1):
        \"""Drop.

        Args:
            rnn: layers.
            where: between layers,
                or between steps.
        \"""
        def inner(x, *, train=False):
            return x
        return f(rnn, where=where, rate=rate) if where == "layers" else g(rnn)
    """
    left = """
    def drop(rnn, rate=1):
        \"""Drop.

        Args:
            rnn: layers.
        \"""
        def inner(x, *, train=False):
            return x
        return f(rnn, rate=rate)
    """
    assert written(source, where="layers") == dedent(left).lstrip("\n")
