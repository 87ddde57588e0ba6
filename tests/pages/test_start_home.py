"""Home: real figures, doors to every page, the machine, and a person's own runs. Traces are real, in this process."""

import json
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]


class LabInThisProcess:
    """What the page asks of a Lab, answered without workers."""

    def trace_many(self, asked):
        from seqviz.lab.traces import TRACES

        return [TRACES[verb](subject) for verb, subject in asked]

    def hardware(self):
        machine = {"cores": 2, "memory": 4 * 2**30, "gpus": [], "processor": "x86_64"}
        return {**machine, "system": "Linux", "python": "3.11", "torch": "2.13"}

    def runs(self, person):
        return []

    def view(self, run_id, person=None):
        from seqviz.lab.shelf import stored_view
        from seqviz.store import open_store

        return stored_view(open_store().open(run_id))


@pytest.fixture(autouse=True)
def _lab(monkeypatch):
    monkeypatch.setattr("seqviz.lab.Lab", LabInThisProcess)
    monkeypatch.chdir(ROOT)
    st.cache_resource.clear()
    st.cache_data.clear()
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


def opened():
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()


def test_every_picture_states_a_finding():
    app = opened()
    assert not app.exception
    assert not app.error
    sent = [json.loads(each.proto.mixed.json or each.proto.json) for each in app.get("bidi_component")]
    figures = [each for each in sent if "traces" in each]
    assert len(figures) >= 11
    assert all(each["finding"] and not each["empty"] for each in figures)


def test_every_page_is_one_click_away():
    doors = {each.proto.page for each in opened().get("page_link")}
    assert doors == {"vanishing", "gates", "train", "influence", "depth", "clipping", "translate", "bottleneck"}


def test_the_machine_is_named():
    assert any("2 cores (x86_64), 4 GiB of memory, no GPU" in each.value for each in opened().markdown)
