"""Typed lists of numbers are read as written, and nothing but numbers is."""

import re

import pytest


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0.1, 0.01, 0.01", [0.1, 0.01, 0.01]),
        ("0.1·0.01×0.01", [0.1, 0.01, 0.01]),
        ("-2 .5 1e-3", [-2.0, 0.5, 1e-3]),
        ("0.9^3; 2", [0.9, 0.9, 0.9, 2.0]),
        ("3^0, 1", [1.0]),
    ],
)
def test_lists_are_read_as_written(written, read):
    from seqviz.ui.lessons.recurrent.vanishing.chains import CONTROLS, numbers

    assert CONTROLS["factors"].rule.check("factors", written) == written
    assert numbers(written, "factors", 10) == read


@pytest.mark.parametrize("written", ["", "a", "1,,a", "1 2 <b>", "nan", "inf", "1e9999", "1^99999", "__import__('os')"])
def test_what_is_no_list_of_numbers_is_refused(written):
    from seqviz.errors import ConfigError
    from seqviz.ui.lessons.recurrent.vanishing.chains import CONTROLS

    with pytest.raises(ConfigError, match="factors must be of the form"):
        CONTROLS["factors"].rule.check("factors", written)


def test_too_many_numbers_are_refused():
    from seqviz.errors import ConfigError
    from seqviz.ui.lessons.recurrent.vanishing.chains import numbers

    with pytest.raises(ConfigError, match=re.escape("factors may be at most 10 numbers, got '2^11'")):
        numbers("2^11", "factors", 10)


def test_a_long_hostile_list_is_answered_at_once():
    from seqviz.errors import ConfigError
    from seqviz.ui.lessons.recurrent.vanishing.chains import CONTROLS

    with pytest.raises(ConfigError):
        CONTROLS["factors"].rule.check("factors", "1 " * 5_000 + "x")
