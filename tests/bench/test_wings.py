"""Every wing of the bench names its lines once, and says what they promise before anything is measured."""

import importlib

import pytest

from bench.__main__ import TITLE_WIDTH, WINGS

LINES = [line for wing in WINGS for line in importlib.import_module(f"bench.{wing}").lines()]


def test_names_are_unique():
    names = [line.name for line in LINES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.name)
def test_line_fits_the_table_and_has_a_target(line):
    assert len(line.title) <= TITLE_WIDTH
    assert line.target > 0
    assert line.better in ("lower", "higher")
