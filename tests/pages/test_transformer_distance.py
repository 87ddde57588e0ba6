"""The page "No chain of steps": its findings at once, every view and control, bad input in one sentence."""

import json
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.pages.test_gradient_depth import LabInThisProcess

ROOT = Path(__file__).parents[2]
PAGE = "pages/transformer/distance.py"
SMALL = {"length": 12, "width": 8, "layers": 1, "heads": 2}


@pytest.fixture(autouse=True)
def lab(monkeypatch):
    one = LabInThisProcess()
    monkeypatch.setattr("seqviz.lab.Lab", lambda: one)
    monkeypatch.chdir(ROOT)
    st.cache_resource.clear()
    st.cache_data.clear()
    yield one
    st.cache_resource.clear()
    st.cache_data.clear()


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = str(value)
    return app.switch_page(PAGE).run()


def figures(app):
    assert not app.exception
    assert not app.error
    sent = [json.loads(each.proto.mixed.json or each.proto.json) for each in app.get("bidi_component")]
    return {each["name"]: each for each in sent if "traces" in each}


def finding(app, name):
    return figures(app)[name]["finding"]


def said(app):
    return " ".join(each.value for each in app.markdown)


def test_the_finding_is_there_at_once():
    app = opened()
    told = finding(app, "gradient-by-distance")
    assert told.startswith("From 1 step back to 99, the gradient at the input shrinks to")
    assert told.endswith("in the Transformer.")
    assert "One step back, of the gradient at the loss’s own step there is" in said(app)
    assert said(app).count("agrees with finite differences") == 4
