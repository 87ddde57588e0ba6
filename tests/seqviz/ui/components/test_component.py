"""Numbers go to the browser as JSON has them; the pieces of a component go together."""

import ast
import json
import re
from collections import Counter
from importlib import import_module
from itertools import chain
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
DECLARED = re.compile(r"^(?:export default )?(?:async )?(?:function\*? (\w+)|(?:const|let) (.*))", re.MULTILINE)


def made_of():
    """The pieces of every component, by its folder."""
    for file in UI.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "component":
                made = vars(import_module(".".join(file.parent.relative_to(UI.parents[1]).parts)))
                shared = [eval(ast.unparse(one.value), made) for one in call.keywords if one.arg == "shared"]
                yield file.parent, (*chain(*shared), file.parent.name)


def script_of(folder, piece):
    own = folder / f"{piece}.js"
    return own if own.exists() else UI / "components" / "shared" / f"{piece}.js"


def declared(script):
    for function, constants in DECLARED.findall(script):
        yield from [function] if function else re.findall(r"(?:^|, )(\w+) = ", constants)


@pytest.mark.parametrize(("folder", "pieces"), [pytest.param(*each, id=each[0].name) for each in made_of()])
def test_no_two_pieces_of_a_component_declare_one_name(folder, pieces):
    names = Counter(each for piece in pieces for each in declared(script_of(folder, piece).read_text()))
    assert len(names) > 1
    assert not [each for each, count in names.items() if count > 1]
