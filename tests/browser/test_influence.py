"""The past's influence in a real browser: a larger nudge, words walked through and further apart, a bad sentence."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

OWED = ".st-key-influence-owed .sv-owed"


def opened(visit, server, query, name):
    """Open the page and wait until the figure called ``name`` has been drawn by Plotly."""
    one = visit(server)
    page = one.open(f"influence{query}")
    page.wait_for_selector(f".st-key-influence-{name} .sv-plot[data-drawn] .main-svg", timeout=60_000)
    one.settle()
    return one, page


def finding(page, name):
    return page.locator(f".st-key-influence-{name} .sv-finding").inner_text()


def test_a_nudge_is_foretold_until_it_is_made_too_large(server, visit):
    one, page = opened(visit, server, "", "nudge")
    assert "The gradient says so to within" in finding(page, "nudge") or "too much for the gradient" in finding(page, "nudge")
    before = finding(page, "nudge")
    slider = page.locator(".st-key-influence-size").get_by_role("slider")
    slider.focus()
    page.keyboard.press("End")
    page.wait_for_function("location.search.includes('size=10')")
    one.settle()
    after = finding(page, "nudge")
    assert before != after
    assert after.startswith("Nudged by 10 at t = 5")
    assert "That is too much for the gradient" in after


def test_the_lag_view_tells_both_data_apart(server, visit):
    _, page = opened(visit, server, "?view=lag", "lag")
    assert "with a dependency, the answer’s Jacobian grows" in finding(page, "lag")
    assert page.get_by_text("Without one,").first.is_visible()


def test_words_are_walked_through_and_further_apart_by_slider(server, visit):
    one, page = opened(visit, server, "?view=words", "by_distance")
    said = page.locator(f"{OWED} .sv-owed-said")
    first = said.inner_text()
    page.locator(f"{OWED} [data-network=lstm] span[data-place='0']").hover()
    assert said.inner_text() != first
    assert "(nats)" in said.inner_text()
    assert page.locator(f"{OWED} .sv-owed-curve polyline").count() == 4
    page.locator(OWED).focus()  # the page scrolls, other words come to lie under the mouse
    for key, place in (("End", "27"), ("Home", "0")):
        page.keyboard.press(key)
        expect(page.locator(f"{OWED} span.sv-owed-chosen").first).to_have_attribute("data-place", place)
    title = page.locator(f"{OWED} .sv-owed-title").inner_text()
    page.locator(".st-key-influence-fillers").get_by_role("slider").focus()
    page.keyboard.press("End")
    page.wait_for_function("location.search.includes('fillers=9')")
    one.settle()
    assert page.locator(f"{OWED} .sv-owed-title").inner_text() != title
    assert "with 9 fillers between" in page.locator(f"{OWED} .sv-owed-title").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_hostile_words_are_shown_as_typed_and_too_many_get_one_sentence(server, visit):
    one = visit(server)
    page = one.open("influence?view=words&sentence=typed&text=nora+%3Cimg+src%3Dx+onerror%3Dalert(1)%3E+%E6%88%91")
    page.wait_for_selector(f"{OWED} [data-network=lstm] span", timeout=60_000)
    assert page.locator(f"{OWED} img").count() == 0
    assert "img" in page.locator(f"{OWED} [data-network=lstm] span").all_text_contents()
    assert page.locator(f"{OWED} [data-network=lstm] span.sv-owed-new").count() > 3
    page = one.open("influence?view=words&sentence=typed&text=" + "key+" * 61)
    page.get_by_text("A sentence may have at most 60 words on this server, got 61").wait_for(timeout=60_000)
