"""The page "One task, three networks": its findings at once, every view, own runs, bad input in one sentence."""

import json
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.pages.test_gradient_depth import LabInThisProcess

ROOT = Path(__file__).parents[2]
PAGE = "pages/transformer/comparison.py"


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


def findings(app):
    assert not app.exception
    assert not app.error
    sent = [json.loads(each.proto.mixed.json or each.proto.json) for each in app.get("bidi_component")]
    return {each["name"]: each["finding"] for each in sent if "traces" in each}


def test_what_each_buys_and_costs_is_there_at_once():
    found = findings(opened())
    assert set(found) == {"held-out", "bleu", "alignment", "weights", "pace"}
    for f in found.values():
        print(f)


def test_learning():
    for axis in ("steps", "seconds"):
        print(findings(opened(view="learning", axis=axis)))
    print(findings(opened(view="heads")))
    print(findings(opened(view="length")))
