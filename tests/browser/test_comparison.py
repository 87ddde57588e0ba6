"""The page "One task, three networks" in a real browser: its finding, another axis, heads, a phone, and a bad link."""

import pytest

pytestmark = pytest.mark.browser


def finding(page, key):
    page.wait_for_selector(f".st-key-comparison-{key} .sv-plot[data-drawn] .main-svg", timeout=30_000)
    return page.locator(f".st-key-comparison-{key} .sv-finding").inner_text()


def test_the_axis_changes_who_learns_when(server, visit):
    one = visit(server)
    page = one.open("comparison")
    assert finding(page, "held").startswith("Of 1,000 held-out sentences, written without a mistake: ")
    assert all(finding(page, key) for key in ("bleu", "alignment", "weights", "pace"))
    page.get_by_text("while they learn", exact=True).click()
    assert " at step " in finding(page, "learning")
    page.get_by_text("seconds", exact=True).click()
    page.wait_for_function(
        "!document.querySelector('.st-key-comparison-learning .sv-finding').textContent.includes(' at step ')"
    )
    page.wait_for_function("location.search === '?view=learning&axis=seconds'")


def test_it_stands_on_a_phone_and_a_hostile_link_is_one_sentence(server, visit):
    one = visit(server, viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = one.open("comparison?own=%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert finding(page, "held")
    said = page.get_by_test_id("stAlert").all_inner_texts()
    assert len(said) == 1
    assert "own must be" in said[0]
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
