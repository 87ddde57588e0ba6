"""Initialisation in a real browser: a race is run and rewound, a click cuts the map, bad input gets one sentence."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def finding(page, key):
    return page.locator(f".st-key-initialisation-{key} .sv-finding")


def drawn(page, key):
    page.wait_for_selector(f".st-key-initialisation-{key} .sv-plot[data-drawn] .main-svg", timeout=60_000)


def test_a_race_is_run_to_its_end_and_rewound_to_the_same_start(server, visit):
    one = visit(server)
    page = one.open("initialisation?length=10&steps=100&arms=lstm,gru")
    drawn(page, "study")
    assert "is reached by" in finding(page, "study").inner_text()
    page.get_by_role("button", name="Race", exact=True).click()
    page.wait_for_function("/raced=10.100.0.lstm/.test(decodeURIComponent(location.search))")
    page.get_by_text("step 100 of 100").nth(1).wait_for(timeout=60_000)
    drawn(page, "live")
    expect(finding(page, "live")).to_contain_text("after 100", timeout=60_000)
    page.get_by_role("button", name="Rewind to the same start").click()
    page.get_by_text("Every network is at its start").first.wait_for()
    page.wait_for_function("/at=0/.test(location.search)")


def test_a_click_on_the_map_chooses_both_slices(server, visit):
    one = visit(server)
    page = one.open("initialisation?view=reach&reach.length=40")
    drawn(page, "map")
    box = page.locator(".st-key-initialisation-map .nsewdrag").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.2)
    page.wait_for_function("/distance=(19|2[0-2])/.test(location.search) && /bias=[45]/.test(location.search)")
    one.settle()
    bias = re.search(r"bias=([\d.]+)", page.url)[1]
    assert finding(page, "by_distance").inner_text().startswith(f"Bias {float(bias):g}: over 40 steps, ")


def test_every_view_stands_on_a_phone(server, visit):
    one = visit(server, viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = one.open("initialisation?seed=-1")
    assert "seed must be a whole number in [0, 9999], got -1" in page.get_by_test_id("stAlert").all_inner_texts()[0]
    for view, key in (("forget-gate bias: the gradient", "by_bias"), ("forget-gate bias: learning", "study")):
        page.locator(".st-key-initialisation-view").get_by_text(view, exact=True).click()
        drawn(page, key)
        one.settle()
        assert page.get_by_test_id("stException").count() == 0
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
