"""The page "Watched": a loop that was watched in its figures, what to do where there is none, and links that are wrong."""

from pathlib import Path

import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import nn

import seqviz
from tests.pages.test_gradient_depth import figures

ROOT = Path(__file__).parents[2]


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.read = nn.LSTM(2, 3, num_layers=2, bidirectional=True), nn.Linear(6, 1)

    def forward(self, x):
        return self.read(self.rnn(x)[0])


def watched(store, steps=3):
    torch.manual_seed(0)
    model = Tagger()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with seqviz.watch(model, every=1, store=store) as seen:
        for _ in range(steps):
            model(torch.randn(4, 12, 2)).square().sum().backward()
            nn.utils.clip_grad_norm_(model.parameters(), 0.01)
            optimizer.step()
    return seen


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = str(value)
    return app.switch_page("pages/own/watched.py").run()


def shown(app):
    assert not app.exception
    return figures(app)


def test_without_a_run_it_says_how_to_watch_one(own_store):
    app = opened()
    assert not app.error
    said = "\n".join(one.value for one in app.markdown)
    assert f'seqviz.watch(model, every=100, store="{own_store}")' in said


def test_the_latest_run_is_shown_at_its_latest_step(own_store):
    watched(own_store)
    seen = watched(own_store)
    app = opened()
    drawn = shown(app)
    assert set(drawn) == {"gradient-by-training-step", "gradient-flow", "gradient-norms", "gates"}
    assert "at training step 0" in drawn["gradient-by-training-step"]["finding"]
    assert "at 3 of 3 watched steps" in drawn["gradient-norms"]["finding"]
    assert any("Training step 2" in one.value for one in app.markdown)
    assert any(one.value == "Drawn: 8 of the 12 sequences in this step." for one in app.caption)
    assert app.selectbox[0].value == seen.id


def test_a_layer_a_direction_and_a_step_are_chosen_by_menu_and_link(own_store):
    watched(own_store)
    app = opened()
    titles = app.selectbox[1].options
    assert "rnn (LSTM, layer 0, backward)" in titles
    app.selectbox[1].select_index(titles.index("rnn (LSTM, layer 0, backward)")).run()
    assert app.query_params["layer"] == "rnn:0:1"
    app.selectbox[2].select_index(0).run()
    assert app.query_params["step"] == "0"
    again = opened(layer="rnn:0:1", step="0")
    assert shown(again)["gradient-flow"] == shown(app)["gradient-flow"]


def test_runs_are_compared(own_store):
    first, second = watched(own_store), watched(own_store)
    drawn = shown(opened(run=first.id, others=second.id))
    assert "Tagger" in drawn["gradient-share-left"]["finding"]


def test_a_run_that_broke_off_is_told_with_its_error(own_store):
    model = Tagger()

    def breaks():
        with seqviz.watch(model, store=own_store):
            raise ValueError("a <b>bold</b> mistake")

    with pytest.raises(ValueError, match="mistake"):
        breaks()
    app = opened()
    assert "broke off: ValueError: a <b>bold</b> mistake" in app.warning[0].value.replace("\\", "")


@pytest.mark.parametrize("name", ["a" * 12, "../../etc", "<script>"])
def test_a_link_to_no_run_is_one_sentence_and_the_latest_run(own_store, name):
    seen = watched(own_store, steps=1)
    app = opened(run=name)
    assert len([*app.error, *app.warning]) == 1
    assert app.selectbox[0].value == seen.id
    assert "gradient-norms" in shown(app)


def test_damage_is_said_and_the_rest_is_shown(own_store):
    seen = watched(own_store)
    (own_store / "watched" / seen.id / "step-1.safetensors").write_bytes(b"?")
    app = opened()
    assert "1 of its files cannot be read, so their steps are missing: step-1" in app.warning[0].value.replace("\\", "")
    assert "at 2 of 2 watched steps" in shown(app)["gradient-norms"]["finding"]
