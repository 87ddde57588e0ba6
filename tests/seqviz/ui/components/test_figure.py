"""Figures travel as JSON, whole and small; what a browser reports is checked."""

import json

import numpy as np
import pytest


def test_every_figure_can_be_sent_as_json():
    from seqviz.figures import gradient_flow_figure
    from seqviz.records import GradientFlow
    from seqviz.ui.components.figure import _spec

    for length in (0, 1, 5):
        norms = np.full((1, 1, 1, length), np.nan)
        spec = _spec(
            gradient_flow_figure(GradientFlow(hidden_norms=norms, cell_norms=None, direct_norms=norms)), "a b/c", False
        )
        assert "NaN" not in json.dumps(spec)
        assert spec["empty"] == (length == 0)
        assert spec["name"] == "a-b-c"
        assert "template" not in spec["layout"]


@pytest.mark.parametrize(
    "reported", [None, 3, "x", [], {}, {"x": 1, "y": 2}, {"x": None, "y": 1, "curve": 0}, {"x": 1, "y": 1, "curve": "0"}]
)
def test_what_is_no_point_is_none(reported):
    from seqviz.ui.components.figure import point_of

    assert point_of(reported) is None


def test_a_point_is_what_was_clicked():
    from seqviz.ui.components.figure import Point, point_of

    assert point_of({"x": 3, "y": 0.5, "curve": 1, "series": "RNN"}) == Point(3, 0.5, 1, "RNN")
