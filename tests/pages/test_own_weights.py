"""The page "Your weights": a network of one's own reads a text in every view, and what does not fit is one sentence."""

import json
from pathlib import Path

import pytest
import torch
from inprocess import LabInThisProcess, answered_by
from safetensors.torch import save
from streamlit.testing.v1 import AppTest
from torch import nn

from seqviz.store import open_store
from tests.pages.test_gradient_depth import figures

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _lab(own_store, monkeypatch):
    with answered_by(LabInThisProcess(), monkeypatch):
        yield


@pytest.fixture
def name(own_store):
    torch.manual_seed(0)
    model = nn.ModuleDict(
        {"embed": nn.Embedding(4, 3), "gru": nn.GRU(3, 5, num_layers=2, bidirectional=True), "out": nn.Linear(10, 4)}
    )
    return open_store().own.add(save(dict(model.state_dict())), json.dumps([*"abc "]).encode())


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = str(value)
    return app.switch_page("pages/own/weights.py").run()


def drawn(app):
    assert not app.exception
    assert not app.error
    return figures(app)


@pytest.mark.parametrize(
    ("view", "figure", "words"),
    [
        ("flow", "gradient-flow", "the gradient"),
        ("map", "gradient-map", "loss"),
        ("gates", "gates-hidden", "hidden state"),
        ("losses", "token-losses", "perplexity"),
    ],
)
def test_every_view(name, view, figure, words):
    app = opened(weights=name, text="abc cab", view=view)
    assert words in drawn(app)[figure]["finding"]
    assert any(
        "embedding from embed.weight; recurrent layers from gru; output from out.weight" in one.value for one in app.caption
    )


def test_layer_and_direction_are_chosen(name):
    first, last = (drawn(opened(weights=name, text="abc cab", layer=at, direction=at)) for at in (0, 1))
    assert first["gradient-flow"] != last["gradient-flow"]


def test_a_gate_is_chosen_by_menu(name):
    app = opened(weights=name, text="abc", view="gates")
    menu = next(one for one in app.selectbox if one.label == "Gate or state")
    menu.set_value("update").run()
    assert "gates-update" in drawn(app)


def test_without_weights_it_says_how_they_come():
    app = opened()
    assert not app.error
    assert "torch.save(model.state_dict(), path)" in "\n".join(one.value for one in app.markdown)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"text": "abx"}, "The network knows no 'x'"),
        ({"weights": "own-0123456789abcdef", "text": "ab"}, "This server does not have the weights 'own-0123456789abcdef'"),
    ],
)
def test_what_does_not_fit_is_one_sentence_and_the_rest_of_the_page_stays(name, query, words):
    app = opened(**{"weights": name, **query})
    assert [words in one.value.replace("\\", "") for one in app.error] == [True]
    assert not app.exception
    assert any("What fits" in one.label for one in app.expander)


def test_it_asks_for_a_text(name):
    assert "Type a text" in opened(weights=name).info[0].value
