"""The page on initialisation: studies at once, the gradient's reach exactly, links and bad input in one sentence."""

import json

import pytest
from inprocess import LabInThisProcess, answered_by, open_page

PAGE = "pages/gradient/initialisation.py"


@pytest.fixture(autouse=True)
def _lab(monkeypatch):
    with answered_by(LabInThisProcess(), monkeypatch):
        yield


def opened(**query):
    return open_page(PAGE, {"reach.length": "12", "distance": "12", "reach.hidden_size": "4", **query})


def figures(app):
    """Each figure on the page, by its file name."""
    sent = [json.loads(each.proto.mixed.json or each.proto.json) for each in app.get("bidi_component")]
    return {each["name"]: each for each in sent if "traces" in each}


def test_the_race_stands_at_once_with_its_band_and_baseline():
    app = opened()
    assert not app.exception
    assert not app.error
    figure = figures(app)["initialisation"]
    assert figure["finding"].startswith("A loss below 0.01 is reached by ")
    names = {trace["name"] for trace in figure["traces"]}
    assert {"LSTM", "GRU", "identity + ReLU", "LSTM, range", "always answering 1: 1/6"} <= names


def test_the_reach_is_a_map_and_two_slices():
    app = opened(view="reach")
    assert not app.exception
    assert not app.error
    assert set(figures(app)) == {"forget-bias-map", "gradient-by-distance", "gradient-by-bias"}
    assert figures(app)["forget-bias-map"]["finding"].startswith("Over 12 steps, of the gradient reaches step 0: ")


def test_gates_of_their_biases_alone_leave_the_product():
    app = opened(view="reach", bias="3.0")
    app.toggle(key="initialisation.reach.gates_alone").set_value(True).run()
    figure = figures(app)["gradient-by-distance"]
    assert figure["finding"].startswith("Bias 3: over 12 steps 0.56 of the gradient is left, which is σ(3)^12")


def test_the_slices_follow_their_sliders():
    app = opened(view="reach")
    app.slider(key="initialisation.bias").set_value(5.0).run()
    assert figures(app)["gradient-by-distance"]["finding"].startswith("Bias 5: over 12 steps ")
    app.slider(key="initialisation.distance").set_value(4).run()
    assert figures(app)["gradient-by-bias"]["finding"].startswith("Over 4 steps")


def test_a_distance_beyond_the_longest_is_brought_down():
    app = opened(view="reach", distance="200")
    assert not app.exception
    assert figures(app)["gradient-by-bias"]["finding"].startswith("Over 12 steps")


def test_learning_with_each_forget_bias_is_told():
    figure = figures(opened(view="order"))["forget-bias"]
    assert figure["finding"].startswith("An accuracy above 99% is reached by chrono(60) at step ")


@pytest.mark.parametrize("raced", ["999.100.0.lstm", "50.100.0.lsmt", "<b>"])
def test_a_race_that_cannot_be_is_one_sentence(raced):
    app = opened(raced=raced)
    assert not app.exception
    assert len(app.warning) + len(app.error) == 1


def test_the_answer_appears_once_a_guess_is_made():
    app = opened(view="reach")
    assert not any(each.value.startswith("**Over 100 steps") for each in app.markdown)
    app.query_params["guess"] = "5"
    app.run()
    assert any("bias 5 keeps 0.51.** You saw that." in each.value for each in app.markdown)


def test_what_a_reader_sees_is_at_most_250_words():
    from seqviz.ui.content import sections
    from seqviz.ui.initialisation.settings import VIEW_TITLES

    held = sections("initialisation")
    more = {"race": ("own", "rewind"), "reach": ("predict", "answer"), "order": ()}
    common = sum(len(held[name].split()) for name in ("lead", "why", "sources"))
    for view in VIEW_TITLES:
        assert common + sum(len(held[name].split()) for name in (view, *more[view])) <= 250
