"""The page "Depth": a finding at once, every view, every combination of switches, bad input in one sentence."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from inprocess import LabWithoutTraining, answered_by
from streamlit.testing.v1 import AppTest

from seqviz.studies import read_study

ROOT = Path(__file__).parents[2]
PAGE = "pages/gradient/depth.py"


@pytest.fixture(autouse=True)
def lab(monkeypatch):
    with answered_by(LabWithoutTraining(), monkeypatch) as one:
        yield one


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["person.id"] = "0" * 32
    for name, value in query.items():
        app.query_params[name] = str(value)
    return app.switch_page(PAGE).run()


def figures(app):
    """The data of each figure on the page, by its file name."""
    sent = [json.loads(each.proto.mixed.json or each.proto.json) for each in app.get("bidi_component")]
    return {each["name"]: each for each in sent if "traces" in each}


def right(app):
    assert not app.exception
    assert not app.error
    return figures(app)


def said(app):
    return " ".join(each.value for each in app.markdown)


def test_the_finding_is_there_at_once_for_all_four():
    figure = right(opened())["gradient-by-layer"]
    assert figure["finding"].startswith("On its way from layer 20 back to layer 1, the gradient ")
    assert [trace["name"] for trace in figure["traces"]] == ["plain", "residual", "dense", "highway"]


def test_every_gradient_has_its_check_beside_it():
    told = said(opened(depth=6))
    assert told.count("∂L/∂h at layer") == 2
    assert told.count("finite differences") == 8
    assert "differs from" not in told
    assert "∂L/∂h at layer 3 (3 below the last, where no gradient has come far), checked: " in told
    assert "∂L/∂h at layer 1 (the first), checked: " in told
    assert "e-" not in "".join(re.findall(r"differences to [^;.]*", told))


def test_a_poor_agreement_is_explained_and_only_then():
    assert "keep few digits" not in said(opened(depth=1))
    far = said(opened(kinds="plain", activation="sigmoid", initialisation="xavier", depth=60))
    assert "plain is smaller than finite differences can resolve" in far
    assert "keep few digits" in far


SWITCHES = [
    {"activation": "relu", "initialisation": "small", "normalisation": "batch"},
    {"activation": "sigmoid", "initialisation": "orthogonal", "normalisation": "layer"},
]


@pytest.mark.parametrize("switches", SWITCHES, ids=lambda switches: "-".join(switches.values()))
def test_every_switch_gives_a_finding(switches):
    assert right(opened(depth=5, hidden_size=4, **switches))["gradient-by-layer"]["finding"].startswith("On its way")


@pytest.mark.parametrize(("depth", "width"), [(1, 1), (2, 1), (100, 4)])
def test_the_shallowest_the_narrowest_and_the_deepest_stand(depth, width):
    assert "gradient-by-layer" in right(opened(depth=depth, hidden_size=width))


def test_depth_makes_the_plain_network_of_sigmoids_vanish_further():
    def reached(depth):
        settings = {"kinds": "plain", "activation": "sigmoid", "initialisation": "xavier", "depth": depth}
        trace = right(opened(**settings))["gradient-by-layer"]
        return trace["finding"]

    assert "shrinks to" in reached(5)
    assert re.search("10⁻[²³⁴⁵][⁰¹²³⁴⁵⁶⁷⁸⁹]", reached(60))


def test_the_networks_that_come_along_have_been_trained():
    found = right(opened(view="trained"))
    assert {"gradient-plain", "gradient-residual", "gradient-dense", "gradient-highway"} <= set(found)
    assert "after step 600" in found["gradient-residual"]["finding"]
    link = next(each.value for each in opened(view="trained").markdown if "take home" in each.value)
    assert [part.split("~")[1] for part in link.split("runs=")[1].split("~~")] == ["plain", "residual", "dense", "highway"]


def test_what_five_seeds_come_to_is_told_of_the_networks_that_come_along_and_of_no_others():
    app = opened(view="trained")
    assert any(each.value.startswith("Drawn is seed 0. Plain, residual, dense and highway") for each in app.caption)
    (table,) = [each.value for each in app.markdown if each.value.startswith("| median (range) |")]
    values = read_study(ROOT / "pretrained", "connections").values("plain", "metric")
    assert f"| plain | {100 * np.median(values):.3g} ({100 * values.min():.3g} to {100 * values.max():.3g}) |" in table
    assert not any(each.value.startswith("Drawn is seed") for each in opened(view="trained", depth=3).caption)


def test_other_settings_are_trained_when_asked(lab):
    app = opened(view="trained", depth=3, kinds="plain,dense")
    assert any("Nobody has trained" in each.value for each in app.info)
    next(each for each in app.button if each.label.startswith("Train")).click().run()
    assert [(one.model.name, one.model.depth) for one in lab.submitted] == [("plain", 3), ("dense", 3)]


@pytest.mark.parametrize("hidden_layers", ["2", "10"])
def test_sums_of_every_depth_and_activation_are_there(hidden_layers):
    app = opened(view="activations", hidden_layers=hidden_layers, layer=2)
    figure = right(app)["sum-of-gradient-magnitudes"]
    assert f"In layer 2 of {hidden_layers}" in figure["finding"]
    assert {trace["name"] for trace in figure["traces"] if trace.get("name")} == {"ReLU", "tanh", "sigmoid"}


def test_a_layer_beyond_the_last_is_brought_down():
    app = opened(view="activations", hidden_layers="2", layer=9)
    assert "In layer 2 of 2" in right(app)["sum-of-gradient-magnitudes"]["finding"]


def test_the_answer_appears_once_a_guess_is_made():
    app = opened(depth=4)
    assert "plain-sigmoid-network" not in figures(app)
    app.query_params["guess"] = "few"
    app.run()
    assert "plain-sigmoid-network" in right(app)
    assert re.search(r"\*\*\d+ layers back\.\*\*", said(app))


def test_the_question_is_about_one_network_whatever_the_page_is_set_to():
    first, other = (
        opened(depth=4, guess="few", **more) for more in ({}, {"hidden_size": 2, "seed": 9, "normalisation": "batch"})
    )
    assert right(first)["plain-sigmoid-network"] == right(other)["plain-sigmoid-network"]
    assert "100 layers of 16 sigmoids" in said(first)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"depth": "101"}, "depth must be a whole number in [1, 100], got 101"),
        ({"hidden_size": "65"}, "hidden_size must be a whole number in [1, 64], got 65"),
        ({"hidden_layers": "5"}, "hidden_layers must be one of 2, 4, 6, 8, 10, got '5'"),
        ({"kinds": "resnet"}, "kinds must be one or more of plain, residual, dense, highway"),
        ({"scale": "nan"}, "scale must be a number in [0, 4], got nan"),
    ],
)
def test_a_broken_link_is_one_sentence_and_the_default(query, told):
    app = opened(**query)
    assert not app.exception
    assert len(app.warning) == 1
    assert told in app.warning[0].value


def test_what_a_reader_sees_is_at_most_250_words():
    from seqviz.ui.lessons.gradient.depth.settings import VIEW_TITLES
    from seqviz.ui.shell.content import sections

    held = sections("depth")
    common = sum(len(held[name].split()) for name in ("lead", "why", "sources"))
    for view in VIEW_TITLES:
        shown = len(held[view].split()) + (
            len((held["predict"] + held["answer"] + held["digits"]).split()) if view == "initial" else 0
        )
        assert common + shown <= 250


def test_one_of_each_activation_is_trained_beside_the_study(lab):
    app = opened(view="activations", hidden_layers="4", own=12)
    next(each for each in app.button if each.label == "Train one of each beside them").click().run()
    asked = [(one.model.activation, one.model.depth, one.seed) for one in lab.submitted]
    assert asked == [("tanh", 4, 12), ("relu", 4, 12), ("sigmoid", 4, 12)]
