"""The translation page: a finding at once, every network, bad input in one sentence. Traces are real, in this process."""

import json
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from seqviz.corpora import alignment_error_rate, strongest_links

ROOT = Path(__file__).parents[2]
PAGE = "pages/attention/translate.py"


class LabInThisProcess:
    """What the page asks of a Lab, answered without workers."""

    @property
    def store(self):
        from seqviz.store import open_store

        return open_store()

    def trace(self, verb, subject):
        from seqviz.lab.traces import TRACES

        return TRACES[verb](subject)


@pytest.fixture(autouse=True)
def _lab(monkeypatch):
    monkeypatch.setattr("seqviz.lab.Lab", LabInThisProcess)
    monkeypatch.chdir(ROOT)
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return app.switch_page(PAGE).run()


def sent(app):
    """What the browser is sent: the alignment, and the tree."""
    parts = [json.loads(each.proto.mixed.json or each.proto.json) for each in app.get("bidi_component")]
    return next((each for each in parts if "written" in each), None), next((each for each in parts if "traces" in each), None)


@pytest.mark.parametrize("network", ["additive", "dot", "general", "scaled"])
def test_rows_of_the_alignment_sum_to_1_for_every_score(network):
    app = opened(network=network)
    assert not app.error
    alignment, _ = sent(app)
    np.testing.assert_allclose(np.sum(alignment["weights"], axis=1), 1, atol=1e-9)


def test_opens_with_a_right_translation_whose_order_changes():
    alignment, tree = sent(opened())
    assert alignment["title"].startswith("Right: ")
    assert "Attention goes back where the order changes" in alignment["title"]
    assert alignment["gold"]
    assert tree["finding"].startswith("The best of 4: ")


def test_alignment_error_rate_on_the_page_is_its_definition():
    app = opened(network="dot")
    alignment, _ = sent(app)
    found = strongest_links(np.array(alignment["weights"][:-1]))
    rate = alignment_error_rate(found, {tuple(link) for link in alignment["gold"]})
    said = next(one.value for one in app.caption if one.value.startswith("Alignment error rate"))
    assert float(said.split(": ")[1].split(";")[0]) == pytest.approx(rate, abs=0.006)


def test_without_attention_there_is_nothing_to_look_at():
    alignment, _ = sent(opened(network="none"))
    assert alignment["weights"] is None
    assert "It has no attention" in alignment["title"]


def test_what_is_forced_is_written():
    alignment, _ = sent(opened(given="the dog"))
    assert alignment["written"][:2] == ["the", "dog"]
    assert alignment["forced"][:3] == [True, True, False]


def test_a_typed_sentence_is_in_the_link_and_unknown_words_are_marked():
    alignment, _ = sent(opened(sentence="typed", text="le hippogriffe <b>dort</b>"))
    assert alignment["known"][0]
    assert not alignment["known"][1]
    assert "hippogriffe" in alignment["source"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"sentence": "typed", "text": " "}, "at least one word"),
        ({"sentence": "typed", "text": "le " * 500}, "at most 60 words"),
        ({"given": "flibbertigibbet"}, "cannot write 'flibbertigibbet'"),
        ({"looks": "0:59"}, "Attention can be moved to a word at 0 to"),
    ],
)
def test_bad_input_is_one_sentence(query, said):
    app = opened(**query)
    assert not app.exception
    assert any(said.lower() in error.value.lower() for error in app.error), [error.value for error in app.error]


@pytest.mark.parametrize("query", [{"width": "0"}, {"width": "1000"}, {"temperature": "nan"}, {"network": "telepathy"}])
def test_a_broken_link_gives_a_sentence_and_the_default(query):
    app = opened(**query)
    assert not app.exception
    (name,) = query
    assert any(name in warning.value for warning in app.warning)
    assert sent(app)[0] is not None
