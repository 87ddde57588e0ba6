"""Numbers go to the browser as JSON has them; what a component imports is there."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from seqviz.ui.components.component import plain_numbers


def test_what_is_not_finite_is_a_word_with_its_sign():
    assert plain_numbers(np.array([[1.5, np.nan], [np.inf, -np.inf]])) == [[1.5, "not a number"], ["∞", "-∞"]]
    assert plain_numbers(-np.inf) == "-∞"


@pytest.mark.parametrize("values", [np.zeros((0,)), np.arange(3), np.full((2, 2, 2), np.nan), np.float64(0.1), 2])
def test_json_holds_whatever_is_sent(values):
    json.dumps(plain_numbers(values), allow_nan=False)


def test_single_precision_is_sent_without_the_digits_that_it_lacks():
    sent = plain_numbers(np.float32([0.1, 1e-38, 123456.78]), 8)
    assert sent[0] == 0.1
    np.testing.assert_array_equal(np.float32(sent), np.float32([0.1, 1e-38, 123456.78]))


UI = Path(__file__).parents[4] / "seqviz" / "ui"
SCRIPTS = sorted(UI.rglob("*.js"))
IMPORTED = re.compile(r"""^(?:import|export)\b[^;"']*from\s*["']([^"']+)["'];|\bimport\(\s*["']([^"']+)["']""", re.MULTILINE)


def imported(script):
    return ["".join(each) for each in IMPORTED.findall(script.read_text())]


@pytest.mark.parametrize("script", [pytest.param(each, id=each.name) for each in SCRIPTS])
def test_every_import_leads_to_a_module_that_is_placed(script):
    for path in imported(script):
        assert path.startswith("."), f"{path}: a browser finds what another module is by where it lies"
        assert (script.parent / path).resolve() in SCRIPTS


def test_imports_are_found():
    assert sum(len(imported(script)) for script in SCRIPTS) > len(SCRIPTS)


def test_every_component_has_its_module_and_every_module_is_imported_or_a_component():
    components = {file.parent / f"{file.parent.name}.js" for file in UI.rglob("*.html")}
    reached = {(script.parent / path).resolve() for script in SCRIPTS for path in imported(script)}
    assert components <= set(SCRIPTS)
    assert set(SCRIPTS) == components | reached | {UI / "components" / "loader.js"}
