"""The page "Why scale" in a real browser: its finding, the slider of d_k, a phone, and a bad link."""

import pytest

pytestmark = pytest.mark.browser

KEYS = ("scaling-scores", "scaling-variance", "scaling-weights", "scaling-left")


def finding(page, key):
    page.wait_for_selector(f".st-key-{key} .sv-plot[data-drawn] .main-svg", timeout=30_000)
    return page.locator(f".st-key-{key} .sv-finding").inner_text()


def test_d_k_by_slider_changes_every_finding(server, visit):
    one = visit(server)
    page = one.open("scaling")
    assert all(finding(page, key).startswith("With dₖ = 256") for key in KEYS)
    page.locator(".st-key-scaling-width input[type=range]").press("ArrowRight")
    for key in KEYS:
        page.wait_for_function(
            "key => document.querySelector(`.st-key-${key} .sv-finding`).textContent.startsWith('With dₖ = 512')", arg=key
        )
    page.wait_for_function("location.search === '?width=512'")


def test_it_stands_on_a_phone_and_a_hostile_link_is_one_sentence(server, visit):
    one = visit(server, viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = one.open("scaling?width=1e9&x=%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert all(finding(page, key) for key in KEYS)
    said = page.get_by_test_id("stAlert").all_inner_texts()
    assert len(said) == 1
    assert "width must be a whole number in [1, 1024], got '1e9'" in said[0]
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
