"""Home: real figures, links to every page, the machine, and a person's own runs. Traces are real, computed in this process."""

import json

import pytest
from inprocess import ROOT, LabInThisProcess, answered_by
from streamlit.testing.v1 import AppTest


class Home(LabInThisProcess):
    """A Lab that knows its machine and no runs."""

    def hardware(self):
        machine = {"cores": 2, "memory": 4 * 2**30, "gpus": [], "processor": "x86_64"}
        return {**machine, "system": "Linux", "python": "3.11", "torch": "2.13"}

    def runs(self, person):
        return []


@pytest.fixture(autouse=True)
def _lab(monkeypatch):
    with answered_by(Home(), monkeypatch):
        yield


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
    assert doors == {
        "vanishing",
        "gates",
        "train",
        "influence",
        "depth",
        "clipping",
        "translate",
        "bottleneck",
        "walk",
        "heads",
        "distance",
    }


def test_the_machine_is_named():
    assert any("2 cores (x86_64), 4 GiB of memory, no GPU" in each.value for each in opened().markdown)
