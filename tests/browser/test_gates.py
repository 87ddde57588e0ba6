"""The gates page in a real browser: the finding, a click, the exact value on hover, text that is never markup."""

import re
from urllib.parse import quote

import pytest

pytestmark = pytest.mark.browser

TEXT = ".st-key-gates-text_shown"
HEAT = ".st-key-gates-heat"


def coloured(page):
    """Wait until the text is there, and return its characters."""
    page.wait_for_selector(f"{TEXT} .sv-characters span", timeout=60_000)
    return page.locator(f"{TEXT} .sv-characters span")


def title(page):
    return page.locator(f"{TEXT} .sv-text-title").inner_text()


def drawn(page, key):
    page.wait_for_selector(f"{key} .sv-plot[data-drawn] .main-svg", timeout=30_000)
    return page.locator(f"{key} .sv-figure")


def torchs_own(text: str, unit: int) -> list[float]:
    """tanh(c) of one unit after each character, from nn.LSTM itself, a character at a time."""
    import torch
    from torch.nn import functional as F

    from seqviz.experiment.vocabulary import Vocabulary
    from seqviz.store import open_store
    from seqviz.ui.lessons.recurrent.gates.reading import pretrained

    run = pretrained("lstm").run
    weights, vocabulary = open_store().weights(run), Vocabulary(open_store().vocabulary(run))
    lstm = torch.nn.LSTM(len(vocabulary), weights["rnn.weight_hh_l0"].shape[1])
    lstm.load_state_dict({name: torch.tensor(weights[f"rnn.{name}"]) for name in lstm.state_dict()})
    state, values = None, []
    for one in F.one_hot(torch.from_numpy(vocabulary.encode(text)), len(vocabulary)).float():
        _, state = lstm(one[None], state)
        values.append(torch.tanh(state[1])[0, unit].item())
    return values


def test_the_finding_is_on_screen_and_a_click_on_the_map_shows_another_unit(server, visit):
    one = visit(server)
    page = one.open("gates")
    before = [span.get_attribute("style") for span in coloured(page).all()[:40]]
    assert "inside quotes: AUC 0.9" in title(page)
    box = drawn(page, HEAT).locator(".nsewdrag").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.25)
    page.wait_for_function("/unit=[0-9]+/.test(location.search)")
    one.settle()
    unit = re.search(r"unit=(\d+)", page.url)[1]
    assert 80 <= int(unit) <= 110
    assert page.locator(".st-key-gates-unit_typed input").input_value() == unit
    assert f"Unit {unit}'s cell state" in title(page)
    assert [span.get_attribute("style") for span in coloured(page).all()[:40]] != before


def test_hover_says_the_exact_value_of_torchs_own_lstm(server, visit):
    page = visit(server).open("gates?unit=5")
    text = "".join(coloured(page).all_text_contents()).replace("⏎", "")
    expected = torchs_own(text, 5)
    for at in (0, 57, 130):
        coloured(page).nth(at).hover()
        said = page.locator(f"{TEXT} .sv-said").inner_text()
        assert said.startswith(f"position {at}, ")
        assert "unit 5, tanh of cell state = " in said
        assert float(said.rpartition(" = ")[2]) == pytest.approx(expected[at], abs=2e-5)


def test_hostile_text_is_shown_as_typed_and_runs_nowhere(server, visit):
    typed = "<img src=x onerror=alert(1)><script>alert(2)</script> 漢字 👋"
    page = visit(server).open(f"gates?text=typed&typed={quote(typed)}")
    spans = coloured(page)
    assert "".join(spans.all_text_contents()) == typed
    assert page.locator(f"{TEXT} img, {TEXT} script").count() == 0
    assert page.locator(f"{TEXT} .sv-unknown:not(.sv-legend)").all_text_contents() == ["漢", "字", "👋"]
    spans.nth(len(typed) - 1).hover()
    assert "(unknown to this network)" in page.locator(f"{TEXT} .sv-said").inner_text()


def test_a_link_is_the_same_picture_in_another_browser(server, visit):
    first = visit(server)
    page = first.open("gates")
    coloured(page)
    page.locator(".st-key-gates-network").get_by_text("RNN", exact=True).click()
    page.wait_for_function("location.search.includes('network=rnn')")
    first.settle()
    other = visit(server).open(page.url.removeprefix(server.address + "/"))
    coloured(other)
    assert title(other) == title(page)
    assert "hidden state" in title(other)


def test_a_typed_text_is_read_when_it_is_left(server, visit):
    one = visit(server)
    page = one.open("gates?text=typed")
    coloured(page)
    page.locator(".st-key-gates-typed textarea").fill("if x == 'y':")
    page.locator(".st-key-gates-typed textarea").press("Control+Enter")
    page.wait_for_function(f"document.querySelectorAll('{TEXT} .sv-characters span').length === 12")
    page.wait_for_function("location.search.includes('typed=')")


def test_a_text_that_is_too_long_is_answered_in_one_sentence(server, visit):
    one = visit(server)
    page = one.open("gates?text=typed")
    coloured(page)
    box = page.locator(".st-key-gates-typed textarea")
    box.fill("x = 'ab' " * 2223)  # in one line: Chromium takes 16 seconds over so many lines
    box.press("Control+Enter")
    page.wait_for_selector("[data-testid=stAlert]", timeout=60_000)
    one.settle()
    assert page.get_by_test_id("stAlert").all_inner_texts() == [
        "A text to look at may have at most 2,000 characters on this server, got 20,007."
    ]
    assert page.get_by_test_id("stException").count() == 0
    box.fill("x = 'ab'")
    box.press("Control+Enter")
    page.wait_for_function(f"document.querySelectorAll('{TEXT} .sv-characters span').length === 8")
    page.get_by_test_id("stAlert").wait_for(state="detached")


def test_wide_characters_take_two_columns(server, visit):
    page = visit(server).open(f"gates?text=typed&typed={quote('x漢ａか')}")
    widths = [span.bounding_box()["width"] for span in coloured(page).all()]
    assert widths[1:] == pytest.approx([2 * widths[0]] * 3, abs=0.6)


def test_arrow_keys_walk_through_the_text(server, visit):
    page = visit(server).open(f"gates?text=typed&typed={quote('abc')}")
    coloured(page)
    said = page.locator(f"{TEXT} .sv-said")
    page.locator(f"{TEXT} .sv-characters").press("End")
    assert said.inner_text().startswith("position 2, “c”")
    page.locator(f"{TEXT} .sv-characters").press("ArrowLeft")
    assert said.inner_text().startswith("position 1, “b”")


def test_the_heat_map_is_saved_as_picture_and_table(server, visit):
    page = visit(server).open(f"gates?text=typed&typed={quote('abc')}")
    figure = drawn(page, HEAT)
    for button in ("Save this figure as PNG", "Save this figure's numbers as CSV"):
        with page.expect_download() as saved:
            figure.get_by_role("button", name=button).click()
        assert saved.value.path().stat().st_size > 1000
