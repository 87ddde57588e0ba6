"""The page "Why scale": its finding at once, every choice, a question, any width by link, bad input in one sentence."""

import json
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
PAGE = "pages/transformer/scaling.py"


class LabInThisProcess:
    """What the page asks of a Lab, answered without workers."""

    def trace(self, question, subject):
        from seqviz.answers.answering import ANSWERS

        return ANSWERS[question.name](subject)

    def trace_many(self, asked):
        return [self.trace(*one) for one in asked]


@pytest.fixture(autouse=True)
def lab(monkeypatch):
    monkeypatch.setattr("seqviz.lab.Lab", LabInThisProcess)
    monkeypatch.chdir(ROOT)
    st.cache_resource.clear()
    st.cache_data.clear()
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = str(value)
    return app.switch_page(PAGE).run()


def findings(app):
    """The titles of the figures on the page, by their file names."""
    assert not app.exception
    assert not app.error
    sent = [json.loads(each.proto.mixed.json or each.proto.json) for each in app.get("bidi_component")]
    return {each["name"]: each["finding"] for each in sent if "traces" in each}


def said(app):
    return " ".join(each.value for each in app.markdown)


def test_the_whole_chain_is_there_at_once():
    app = opened()
    found = findings(app)
    assert set(found) == {"scores", "variance-of-scores", "softmax", "gradient-left"}
    assert found["softmax"].startswith("With dₖ = 256 a query gives on average 90 % of its weight to one of 32 keys; ")
    assert "what our attention gives out" in said(app)


def test_any_width_is_open_to_a_link_and_stands_among_the_others():
    found = findings(opened(width=100, keys=2, seed=7))
    assert found["variance-of-scores"].startswith("With dₖ = 100 the variance is ")


def test_one_dimension_is_told_as_such_and_the_other_views_stand():
    found = findings(opened(width=1, softmax="entropy", gradient="query"))
    assert "divides nothing" in found["gradient-left"]
    assert "bits of entropy" in found["softmax"]


def test_a_trained_transformer_is_looked_at_head_by_head():
    found = findings(opened(source="trained", words=8))
    assert set(found) == {"scores-by-head", "largest-weight-by-head", "gradient-by-head"}
    assert found["scores-by-head"].startswith("Trained, with dₖ = 16, q·k has a mean square of ")
    assert " to one of 8 words; " in found["largest-weight-by-head"]


def test_the_answer_appears_once_a_guess_is_made():
    assert "of it, while" not in said(opened())
    right, wrong = said(opened(guess="less")), said(opened(guess="most"))
    assert "of it, while the largest weight goes from 65 % to 96 % on average" in right
    assert "You saw that" in right
    assert "You saw that" not in wrong


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"width": "0"}, "width must be a whole number in [1, 1024], got 0"),
        ({"width": "2048"}, "width must be a whole number in [1, 1024], got 2048"),
        ({"keys": "1"}, "keys must be a whole number in [2, 128], got 1"),
        ({"gradient": "<b>"}, r"gradient must be one of softmax, query, got '\<b\>'"),
    ],
)
def test_a_broken_link_is_one_sentence_and_the_default(query, told):
    app = opened(**query)
    assert not app.exception
    assert len(app.warning) == 1
    assert told in app.warning[0].value


def test_what_a_reader_sees_is_at_most_250_words():
    from seqviz.ui.shell.content import sections

    held = {name: len(section.split()) for name, section in sections("scaling").items()}
    assert sum(held.values()) - held["trained"] <= 250
