"""The page "Cost" in a real browser: its finding, what is counted, a phone, and a bad link."""

import pytest

pytestmark = pytest.mark.browser


def finding(page):
    page.wait_for_selector(".st-key-cost-costs .sv-plot[data-drawn] .main-svg", timeout=30_000)
    return page.locator(".st-key-cost-costs .sv-finding").inner_text()


def test_counting_operations_changes_the_finding(server, visit):
    one = visit(server)
    page = one.open("cost")
    assert finding(page).startswith("GPT-2's training took about 2,048 TPU days (5.6 years of one): ")
    page.locator(".st-key-cost-against").get_by_text("GPT", exact=True).click()
    page.wait_for_function("document.querySelector('.st-key-cost-costs .sv-finding').textContent.includes('240 GPU days')")
    page.locator(".st-key-cost-count").get_by_text("operations").click()
    page.wait_for_function(
        "document.querySelector('.st-key-cost-costs .sv-finding').textContent.includes('8.3·10¹⁹ operations')"
    )
    page.wait_for_function("location.search === '?count=operations&against=gpt'")


def test_it_stands_on_a_phone_and_a_hostile_link_is_one_sentence(server, visit):
    one = visit(server, viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = one.open("cost?against=%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert finding(page).startswith("GPT-2's")
    said = page.get_by_test_id("stAlert").all_inner_texts()
    assert len(said) == 1
    assert "against must be one of ulmfit, gpt, bert, gpt2" in said[0]
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
