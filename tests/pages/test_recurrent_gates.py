"""The gates page: a finding at once, every array, bad input in one sentence. Traces are real, in this process."""

import base64
import json

import numpy as np
import pytest
import streamlit as st
import torch
from inprocess import LabInThisProcess, answered_by, open_page
from torch.nn import functional as F

PAGE = "pages/recurrent/gates.py"


@pytest.fixture(autouse=True)
def _lab(monkeypatch):
    with answered_by(LabInThisProcess(), monkeypatch, keeps_records=True):
        yield


def opened(**query):
    return open_page(PAGE, query)


def sent(app):
    """What the browser is sent: the coloured text, and the figures by their file names."""
    parts = [json.loads(each.proto.mixed.json or each.proto.json) for each in app.get("bidi_component")]
    text = next((each for each in parts if "text" in each), None)
    return text, {each["name"]: each for each in parts if "traces" in each}


def values_of(text):
    return np.frombuffer(base64.b64decode(text["values"]), dtype="<f4")


def _numbers(held):
    return np.frombuffer(base64.b64decode(held["bdata"]), dtype=held["dtype"]) if isinstance(held, dict) else held


def test_the_finding_is_there_at_once_for_the_unit_that_follows_quotes_best():
    app = opened()
    text, figures = sent(app)
    assert not app.exception
    assert not app.error
    assert "inside quotes: AUC 0.9" in text["title"]
    assert "'hello'" in text["text"]
    assert text["marks"]["underlined"]["said"] == "inside quotes"
    assert set(figures) == {"tanh", "units-by-property", "saturation"}


def test_the_coloured_values_are_those_of_torchs_own_lstm():
    from seqviz.experiment.vocabulary import Vocabulary
    from seqviz.store import open_store
    from seqviz.ui.lessons.recurrent.gates.reading import pretrained

    text, _ = sent(opened(unit="5"))
    run = pretrained("lstm").run
    weights, vocabulary = open_store().weights(run), Vocabulary(open_store().vocabulary(run))
    lstm = torch.nn.LSTM(len(vocabulary), weights["rnn.weight_hh_l0"].shape[1])
    lstm.load_state_dict({name: torch.tensor(weights[f"rnn.{name}"]) for name in lstm.state_dict()})
    state, expected = None, []
    for one in F.one_hot(torch.from_numpy(vocabulary.encode(text["text"])), len(vocabulary)).float():
        _, state = lstm(one[None], state)
        expected.append(torch.tanh(state[1])[0, 5].item())
    np.testing.assert_allclose(values_of(text), expected, atol=1e-5)


@pytest.mark.parametrize(("network", "array"), [("gru", "update"), ("gru", "reset"), ("rnn", "hidden"), ("lstm", "forget")])
def test_every_network_shows_its_own_states_and_gates(network, array):
    app = opened(network=network, array=array)
    text, figures = sent(app)
    assert not app.exception
    assert not app.error
    assert array in figures
    assert text["label"].startswith("unit ")


def test_an_array_that_the_network_lacks_gives_its_hidden_state():
    app = opened(network="rnn", array="forget")
    assert not app.exception
    assert "hidden" in sent(app)[1]
    assert "A plain RNN has no gates" in sent(app)[1]["saturation"]["finding"]


def test_every_gate_and_state_can_be_seen_at_once():
    assert set(sent(opened(every="yes"))[1]) >= {"tanh", "cell", "hidden", "input", "forget", "candidate", "output"}


def test_another_property_is_the_turn_of_another_unit():
    app = opened()
    first = app.number_input(key="gates.unit_typed").value
    app.selectbox(key="gates.property").select("column").run()
    assert app.number_input(key="gates.unit_typed").value != first
    assert "the further along a line" in sent(app)[0]["title"]


def test_a_typed_unit_is_shown_and_said_plainly_not_to_follow():
    app = opened()
    quiet = 0 if app.number_input(key="gates.unit_typed").value else 1
    app.number_input(key="gates.unit_typed").set_value(quiet).run()
    text, _ = sent(app)
    assert text["label"].startswith(f"unit {quiet},")
    assert f"Unit {quiet}'s cell state does not clearly follow “inside quotes”" in text["title"]


def test_a_click_on_the_heat_map_chooses_its_unit():
    app = opened()
    app.session_state["gates.heat"] = {"point": {"x": 3, "y": 17, "curve": 0, "series": ""}}
    app.run()
    assert app.number_input(key="gates.unit_typed").value == 17


def test_a_click_on_a_dot_chooses_its_property_and_its_unit():
    app = opened()
    dots = sent(app)[1]["units-by-property"]["traces"][0]
    at = next(at for at, title in enumerate(dots["y"]) if title == "bracket depth") + 7
    app.session_state["gates.ranking"] = {"point": {"x": _numbers(dots["x"])[at], "y": dots["y"][at], "curve": 0, "series": ""}}
    app.run()
    assert dots["customdata"][at].startswith(f"unit {app.number_input(key='gates.unit_typed').value}:")
    assert app.selectbox(key="gates.property").value == "brackets"


def test_a_link_to_a_unit_holds_although_its_property_is_new():
    app = opened()
    app.query_params["property"], app.query_params["unit"] = "column", "9"
    app.run()
    assert app.number_input(key="gates.unit_typed").value == 9
    assert "position in the line" in sent(app)[0]["title"]


def test_hostile_and_foreign_text_is_shown_as_typed_and_marked():
    typed = "<img src=x onerror=alert(1)> 漢字 👩🏽‍🚀 'a'"
    app = opened(text="typed", typed=typed)
    text, _ = sent(app)
    assert not app.exception
    assert not app.error
    assert text["text"] == typed
    marked = [list(typed)[at] for at in text["marks"]["unknown"]["at"]]
    assert marked == [*"漢字", *"👩🏽‍🚀"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type at least two characters for the network to read; there are none yet."),
        ("x" * 2001, "A text to look at may have at most 2,000 characters on this server, got 2,001."),
    ],
)
def test_a_text_that_cannot_be_read_gives_one_sentence(typed, said):
    app = opened(text="typed", typed=typed)
    assert not app.exception
    assert [one.value for one in app.error] == [said]


def test_the_longest_text_allowed_is_read():
    app = opened(text="typed", typed="ab" * 1000)
    assert not app.exception
    assert not app.error
    assert len(sent(app)[0]["text"]) == 2000


def test_a_hostile_link_gives_one_sentence_and_the_defaults():
    app = opened(unit="1e308", network="<b>", nonsense="1")
    assert not app.exception
    assert len(app.warning) == 1
    assert "inside quotes" in sent(app)[0]["title"]


def test_on_another_python_the_texts_and_the_ranking_are_of_source_that_came_with_the_app(monkeypatch):
    first = sent(opened(text="unseen2"))[0]
    st.cache_data.clear()
    monkeypatch.setattr("seqviz.store.texts.standard_library_name", lambda: "python-0.0-000000000000")
    app = opened(text="unseen2")
    st.cache_data.clear()
    assert not app.exception
    assert not app.error
    text, figures = sent(app)
    assert text["text"] != first["text"]
    assert "units-by-property" in figures


def test_a_guess_brings_the_comparison_of_networks():
    app = opened()
    assert "best-unit-by-network" not in sent(app)[1]
    app.segmented_control(key="gates.guess").set_value("worse").run()
    assert "LSTM 0.9" in sent(app)[1]["best-unit-by-network"]["finding"]


def test_a_persons_own_run_opens_by_its_link_layer_by_layer(own_store):
    from seqviz.experiment import Experiment, RecurrentConfig, TrainingConfig
    from seqviz.experiment.task import CharactersConfig
    from seqviz.jobs.training import train_run
    from seqviz.settings import settings
    from seqviz.store import open_store
    from seqviz.ui.runs.sharing import write_run

    name = open_store().texts.add("ab 'c' # d\n" * 300)
    experiment = Experiment(
        task=CharactersConfig(length=10, text=name), model=RecurrentConfig(name="gru", hidden_size=4, layers=2),
        training=TrainingConfig(steps=1, batch_size=2),
    )  # fmt: skip
    train_run(experiment, open_store(), settings().store)
    app = opened(run=write_run(experiment), layer="1", text="unseen1")
    assert not app.exception
    assert not app.error
    assert app.slider(key="gates.layer").value == 1
    text, figures = sent(app)
    assert text["text"].startswith("ab") or "# d" in text["text"]
    assert "hidden" in figures


def test_a_run_of_another_task_is_refused_in_one_sentence():
    app = opened(run="adding~rnn~seed-0~length-4~hidden_size-2")
    assert not app.exception
    assert len(app.error) + len(app.warning) == 1


def test_a_run_that_is_not_here_is_said_to_be_missing():
    app = opened(run="characters~rnn~seed-77~length-4~hidden_size-2")
    assert not app.exception
    assert any("is not trained here" in one.value for one in app.error)
