"""Home in a real browser: pictures with findings, and every finding at most two clicks away."""

import pytest

pytestmark = pytest.mark.browser


def test_a_picture_leads_to_what_it_shows(server, visit):
    one = visit(server)
    page = one.open()
    page.wait_for_selector(".st-key-home-map .sv-plot[data-drawn] .main-svg", timeout=60_000)
    finding = page.locator(".st-key-home-map .sv-finding").inner_text()
    page.get_by_test_id("stPageLink").get_by_text("Every loss, every state").click()
    page.wait_for_selector(".st-key-vanishing-map .sv-plot[data-drawn] .main-svg", timeout=60_000)
    assert page.locator(".st-key-vanishing-map .sv-finding").inner_text() == finding
    assert "view=map" in page.url


def test_a_browser_keeps_its_person(server, visit):
    one = visit(server)
    page = one.open()
    known = person_of(page)
    assert len(known) == 32
    one.open("vanishing")
    assert person_of(page) == known
    assert "seqviz-person" not in page.evaluate("document.cookie")  # no script of the page reads it


def person_of(page):
    return next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "seqviz-person")


@pytest.mark.parametrize("width", [1440, 1280, 390])
def test_no_title_of_a_picture_is_cut(server, visit, width):
    page = visit(server, viewport={"width": width, "height": 844}).open()
    page.wait_for_selector(".st-key-home-flow .sv-plot[data-drawn] .main-svg", timeout=60_000)
    titles = page.locator("[data-testid=stPageLink] p")
    assert titles.evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth + 1).length") == 0
