"""What the descent's component is sent is the record's, and what the browser reports is checked."""

import base64

import numpy as np
import pytest

from seqviz.records import Agreement, ErrorSurface, GradientDescent
from seqviz.ui.components.descent import _descent, _surface, place_of

SURFACE = ErrorSurface(
    unit="rnn", w=np.array([2.0, 7.0]), b=np.array([-4.0, -1.0]), errors=np.array([[0.1, 0.2], [0.3, 0.4]]),
    gradient_norms=np.array([[1.0, 2.0], [3.0, 4.0]]),
)  # fmt: skip
RECORD = GradientDescent(
    unit="rnn", rate=0.1, threshold=1.0, places=np.array([[[3.0, -2.0], [-np.inf, np.nan]], [[3.0, -2.0], [3.1, -2.0]]]),
    errors=np.array([[0.2, np.nan], [0.2, 0.1]]), gradients=np.zeros((2, 2, 2)),
    clipped=np.array([[False, False], [True, False]]),
    agreement=Agreement(relative_error=1e-9, gradient=1.0, difference=1.0),
)  # fmt: skip


def test_the_surface_is_sent_row_by_row():
    sent = _surface(SURFACE, ("w", "b"))
    assert np.frombuffer(base64.b64decode(sent["errors"]), "<f4").tolist() == pytest.approx([0.1, 0.2, 0.3, 0.4])
    assert (sent["w"], sent["b"], sent["points"], sent["names"]) == ([2.0, 7.0], [-4.0, -1.0], 2, ["w", "b"])


def test_what_is_not_finite_is_sent_as_a_word():
    free, clipped = _descent(RECORD, "a title")["paths"]
    assert free["places"] == [[3.0, -2.0], ["-∞", "not a number"]]
    assert free["errors"] == [0.2, "not a number"]
    assert (clipped["places"], clipped["clipped"]) == ([[3.0, -2.0], [3.1, -2.0]], [True, False])


@pytest.mark.parametrize(
    ("reported", "place"),
    [
        ({"w": 3, "b": -2.5, "at": 1}, (3.0, -2.5)),
        ({"w": float("nan"), "b": 0}, None),
        ({"w": True, "b": 0}, None),
        ({"w": "3", "b": 0}, None),
        ("nonsense", None),
        (None, None),
    ],
)
def test_only_two_numbers_are_a_place(reported, place):
    assert place_of(reported) == place
