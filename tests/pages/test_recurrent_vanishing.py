"""The vanishing page: a finding at once, every view, bad input in one sentence. Traces are real, in this process."""

import json

import pytest
from inprocess import LabInThisProcess, answered_by, open_page

PAGE = "pages/recurrent/vanishing.py"


@pytest.fixture(autouse=True)
def _lab(monkeypatch):
    with answered_by(LabInThisProcess(), monkeypatch):
        yield


def opened(**query):
    return open_page(PAGE, {"hidden_size": "6", "length": "8", **query})


def figures(app):
    """The data of each figure on the page, by its file name."""
    sent = [json.loads(each.proto.mixed.json or each.proto.json) for each in app.get("bidi_component")]
    return {each["name"]: each for each in sent if "traces" in each}


def test_the_finding_is_there_at_once_for_three_networks():
    app = opened()
    assert not app.exception
    assert not app.error
    figure = figures(app)["gradient-flow"]
    assert figure["finding"].startswith("On its way from t = 7 back to t = 0, the gradient ")
    assert {trace["name"].split()[0] for trace in figure["traces"] if " " in trace["name"]} >= {"RNN", "LSTM", "GRU"}


def test_every_gradient_has_its_check_beside_it():
    said = " ".join(each.value for each in opened().markdown)
    assert said.count("finite differences") == 6  # three networks, near the loss and at the first step
    assert said.count("agrees with finite differences to") >= 3


def test_a_cut_is_drawn_beside_the_whole_map():
    app = opened(view="map", cut="3")
    assert not app.error
    drawn = figures(app)
    assert "gradient-map" in drawn
    assert drawn["truncated-gradient-map"]["finding"].startswith("A cut every 3 steps discards ")


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize(
    ("view", "names"),
    [
        ("bound", {"jacobian-bound"}),
        ("map", {"gradient-map", "gradient-of-one-loss", "gradient-at-one-state"}),
        ("step", {"one-step-jacobian", "one-step-singular-values"}),
        ("values", {"singular-values"}),
        ("weights", {"weight-contributions"}),
    ],
)
def test_every_view_draws_every_cell(view, names, cell):
    app = opened(view=view, cell=cell)
    assert not app.exception
    assert not app.error
    assert set(figures(app)) == names
    assert any("finite differences" in each.value for each in app.markdown)


def test_the_bound_comes_with_pascanus_criterion_for_a_plain_rnn():
    said = " ".join(each.value for each in opened(view="bound", cell="rnn", initialisation="orthogonal", scale="0.5").markdown)
    assert "that suffices for the gradient to vanish" in said
    assert "spectral radius is 0.5" in said


def test_typed_factors_are_multiplied():
    app = opened(view="chain", factors="0.1, 0.01^2")
    assert not app.exception
    assert figures(app)["chain-of-factors"]["finding"] == "The product of 3 factors is 10⁻⁵."
    app.text_input(key="vanishing.factors").set_value("0.1^400").run()
    assert "too small for a float" in figures(app)["chain-of-factors"]["finding"]


@pytest.mark.parametrize(
    ("factors", "said"),
    [("0.1; drop table", "Factors must be of the form"), ("2^999 2^999", "Factors may be at most 1000 numbers")],
)
def test_factors_that_cannot_be_read_are_refused_in_one_sentence(factors, said):
    app = opened(view="chain")
    app.text_input(key="vanishing.factors").set_value(factors).run()
    assert not app.exception
    assert said in app.error[0].value


@pytest.mark.parametrize("length", ["1", "2"])
@pytest.mark.parametrize("view", ["flow", "bound", "map", "step", "values", "weights"])
def test_the_shortest_sequences_stand(view, length):
    app = opened(view=view, length=length)
    assert not app.exception
    assert not app.error


def test_a_broken_link_is_one_sentence_and_the_default():
    app = opened(hidden_size="NaN")
    assert len(app.warning) == 1
    assert "hidden_size must be a whole number in [1, 64], got 'NaN'" in app.warning[0].value
    assert app.slider(key="vanishing.hidden_size").value == 32


def test_the_answer_appears_once_a_guess_is_made():
    app = opened()
    assert "orthogonal-rnn" not in figures(app)
    app.query_params["guess"] = "keeps"
    app.run()
    assert "orthogonal-rnn" in figures(app)
    assert any(each.value.startswith("**It ") for each in app.markdown)


def test_what_a_reader_sees_is_at_most_250_words():
    from seqviz.ui.lessons.recurrent.vanishing.settings import VIEW_TITLES
    from seqviz.ui.shell.content import sections

    held = sections("vanishing")
    common = sum(len(held[name].split()) for name in ("lead", "why", "sources"))
    for view in VIEW_TITLES:
        shown = len(held[view].split()) + (len((held["predict"] + held["answer"]).split()) if view == "flow" else 0)
        assert common + shown <= 250
