"""The cliff page in a real browser: a click starts elsewhere, stepping and playing need no server, hovering shows numbers."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FRAME = ".sv-descent:not(.sv-stored)"
COUNT_MESSAGES = """
window.messages = 0;
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (message) { window.messages += 1; return send.call(this, message); };
"""


def opened(one, path):
    page = one.open(path)
    page.wait_for_selector(f"{FRAME}[data-drawn]", timeout=30_000)
    return page


def title(page):
    return page.locator(f"{FRAME} .sv-descent-title").inner_text()


def said(page):
    return page.locator(f"{FRAME} .sv-descent-said").inner_text()


def test_the_finding_stands_and_a_click_on_the_map_starts_elsewhere(server, visit):
    one = visit(server)
    page = opened(one, "cliff")
    before = title(page)
    assert "leaves the picture" in before
    box = page.locator(f"{FRAME} .sv-descent-map").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    page.wait_for_function("/rnn.w=[23]/.test(location.search) && /rnn.b=-[12]/.test(location.search)")
    one.settle()
    w = re.search(r"rnn\.w=([\d.]+)", page.url)[1]
    assert title(page) != before
    page.locator(FRAME).press("Home")
    assert f"starts at w = {float(w):g}" in said(page)


def test_stepping_and_playing_need_no_server(server, visit):
    one = visit(server, new_tab=True)
    one.page.add_init_script(COUNT_MESSAGES)
    page = opened(one, "cliff?steps=20")
    frame, before = page.locator(FRAME), page.evaluate("window.messages")
    assert before > 0
    frame.press("Home")
    assert said(page).startswith("Step 0 of 20")
    frame.press("ArrowRight")
    assert said(page).startswith("Step 1 of 20")
    assert "without clipping: gradient " in said(page)
    frame.press("End")
    assert said(page).startswith("Step 20 of 20")
    frames = int(frame.get_attribute("data-frames"))
    frame.locator(".sv-stepper-play").click()
    page.wait_for_function(f"Number(document.querySelector('{FRAME}').dataset.frames) > {frames} + 20", timeout=20_000)
    page.wait_for_function(f"/^Step ([3-9]|1\\d|20) /.test(document.querySelector('{FRAME} .sv-descent-said').textContent)")
    frame.locator(".sv-stepper-play").click()
    assert frame.locator(".sv-stepper-play").get_attribute("aria-pressed") == "false"
    assert page.evaluate("window.messages") == before


def test_a_slider_changes_the_finding_and_hovering_tells_the_error(server, visit):
    one = visit(server)
    page = opened(one, "cliff?threshold=0.0")
    assert title(page).startswith("A threshold of 0")
    page.locator(".st-key-cliff-threshold").get_by_role("slider").press("ArrowRight")
    page.wait_for_function(f"!document.querySelector('{FRAME} .sv-descent-title').textContent.startsWith('A threshold of 0')")
    for pane in ("map", "relief"):
        box = page.locator(f"{FRAME} .sv-descent-{pane}").bounding_box()
        page.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + box["height"] * 0.55)
        tip = f"document.querySelector('{FRAME} .sv-descent-tip:not([hidden])')?.textContent"
        page.wait_for_function(f"/error|gradient/.test({tip})")


def test_a_start_out_of_range_is_one_sentence_and_the_lstm_unit_stands_on_a_phone(server, visit):
    one = visit(server, viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = opened(one, "cliff?rnn.w=99")
    assert "rnn.w must be a number in [2, 7], got 99.0" in page.get_by_test_id("stAlert").all_inner_texts()[0]
    page.locator(".st-key-cliff-unit").get_by_text("LSTM unit", exact=True).click()
    page.wait_for_function("/unit=lstm/.test(location.search)")
    one.settle()
    expect(page.locator(f"{FRAME}[data-drawn]")).to_have_count(1, timeout=30_000)
    assert page.get_by_test_id("stException").count() == 0
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")


def test_paths_can_be_taken_home(server, visit):
    page = opened(visit(server), "cliff?steps=3")
    with page.expect_download() as saved:
        page.locator(f"{FRAME} .sv-descent-csv").click()
    rows = saved.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == "path,step,w,b,error,gradient norm,clipped"
    assert len(rows) == 1 + 2 * 4
    with page.expect_download() as saved:
        page.locator(f"{FRAME} .sv-descent-png").click()
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")
