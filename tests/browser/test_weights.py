"""The page "Your weights" in a real browser: weights are uploaded with their vocabulary, and read a text."""

import json

import pytest
import torch
from safetensors.torch import save
from torch import nn

pytestmark = pytest.mark.browser


def test_weights_are_brought_and_read_a_text(server, visit, tmp_path):
    torch.manual_seed(0)
    model = nn.ModuleDict({"embed": nn.Embedding(4, 3), "lstm": nn.LSTM(3, 5), "out": nn.Linear(5, 4)})
    (tmp_path / "model.safetensors").write_bytes(save(dict(model.state_dict())))
    (tmp_path / "words.json").write_text(json.dumps([*"abc "]))
    page = visit(server).open("weights")
    inputs = page.locator("input[type=file]")
    inputs.nth(0).set_input_files(tmp_path / "model.safetensors")
    inputs.nth(1).set_input_files(tmp_path / "words.json")
    page.get_by_role("button", name="Read with these weights").click()
    page.wait_for_function("location.search.includes('weights=own-')")
    page.get_by_text("Type a text for the network to read.").wait_for()
    page.get_by_role("textbox", name="Text").fill("abc cab")
    page.get_by_role("textbox", name="Text").press("Control+Enter")
    page.locator(".st-key-weights-flow .sv-plot[data-drawn]").wait_for()
    assert "the gradient" in page.locator(".st-key-weights-flow .sv-finding").inner_text()
    page.get_by_text("losses", exact=True).click()
    page.locator(".st-key-weights-losses .sv-plot[data-drawn]").wait_for()
    assert page.get_by_test_id("stAlert").count() == 0


def test_a_file_that_is_no_weights_is_one_sentence_on_a_phone(server, visit, tmp_path):
    (tmp_path / "model.pt").write_text("no weights")
    page = visit(server, viewport={"width": 390, "height": 844}, color_scheme="dark").open("weights")
    page.locator("input[type=file]").nth(0).set_input_files(tmp_path / "model.pt")
    page.get_by_role("button", name="Read with these weights").click()
    page.get_by_role("textbox", name="Text").fill("1 2")
    page.get_by_role("textbox", name="Text").press("Control+Enter")
    alert = page.get_by_test_id("stAlert").filter(has_text="without running code")
    alert.wait_for()
    assert "This file cannot be opened without running code of its own" in alert.inner_text()
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
