"""The page "Watched" in a real browser: it follows a loop while it runs, and a bad link is one sentence."""

import numpy as np
import pytest

from seqviz.records import GradientFlow, WatchedLayer, WatchedStep
from seqviz.store.watched import WatchedWriter

pytestmark = pytest.mark.browser


def step(number, kept):
    norms = np.array([[[[kept, 0.5, 1.0]]]], dtype=np.float32)
    layer = WatchedLayer(
        kind="GRU", flow=GradientFlow(hidden_norms=norms, cell_norms=None, direct_norms=norms * np.nan), sequences=1,
        left_saturated={"update": np.array([[0.1]])}, right_saturated={"update": np.array([[kept]])},
    )  # fmt: skip
    return WatchedStep(step=number, norm_before=3.0, norm_after=1.0, layers={"rnn": layer})


def says(page, key, words):
    page.wait_for_function(
        "([key, words]) => document.querySelector(`.st-key-${key} .sv-finding`)?.textContent.includes(words)", arg=[key, words]
    )


def test_a_loop_is_followed_while_it_runs(server, visit):
    writer = WatchedWriter(str(server.store), "Mine", 10)
    writer.write(step(0, 0.01))
    page = visit(server).open(f"watched?run={writer.id}")
    says(page, "watched-map", "shrinks to 0.01, at training step 0")
    page.get_by_text("It is running; this page follows it.").wait_for()
    writer.write(step(10, 0.2))
    says(page, "watched-map", "shrinks to 0.01 at training step 0 and 0.2 at step 10")
    writer.end(None)
    page.get_by_text("It is running; this page follows it.").wait_for(state="detached")
    says(page, "watched-gates", "in 1.0 % of its values at step 0 and in 20 % at step 10")


def test_it_stands_on_a_phone_and_a_bad_link_is_one_sentence(server, visit):
    writer = WatchedWriter(str(server.store), "Mine", 10)
    writer.write(step(0, 0.01))
    writer.end(None)
    page = visit(server, viewport={"width": 390, "height": 844}, color_scheme="dark").open("watched?run=0123456789ab")
    says(page, "watched-norms", "from 3 to 1")
    assert page.get_by_test_id("stAlert").all_inner_texts() == ["There is no run 0123456789ab here."]
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
