"""The page on ways to attend in a real browser: views, a guess, and one more seed that is trained and stopped."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def opened(visit, server, path="scores"):
    one = visit(server)
    page = one.open(path)
    page.wait_for_selector(".js-plotly-plot", timeout=60_000)
    one.settle()
    return one, page


def test_it_opens_compared_and_each_view_has_its_link(server, visit):
    one, page = opened(visit, server)
    page.get_by_text(re.compile("Without attention .* % of the sentences")).first.wait_for()
    expect(page.locator(".js-plotly-plot")).to_have_count(6, timeout=60_000)
    page.get_by_role("radio", name="one sentence, four scores").click()
    page.wait_for_function("location.search.includes('view=one')")
    one.settle()
    assert page.get_by_text(re.compile("^(Additive|Dot|General|Scaled dot): alignment error rate")).count() >= 4


def test_what_attention_is_not_is_opened_by_its_link(server, visit):
    _, page = opened(visit, server, "scores?view=not&beside=forced&network=dot")
    page.get_by_text(re.compile("under uniform attention")).first.wait_for()


def test_a_guess_reveals_what_uniform_attention_does(server, visit):
    one, page = opened(visit, server)
    page.get_by_role("radio", name="less than a thousandth as probable").click()
    page.get_by_text("times as probable.").wait_for(timeout=60_000)
    page.get_by_text("You saw that.").wait_for()
    one.settle()


def test_one_more_seed_is_trained_and_stopped(server, visit):
    one, page = opened(visit, server, "scores?arm=none")
    page.get_by_role("button", name="Train one more seed").click()
    page.wait_for_function("/more=none(:|%3A)1/.test(location.search)")
    page.get_by_text(re.compile("no attention, seed \\d+")).wait_for(timeout=60_000)
    page.get_by_role("button", name="Stop").click()
    page.get_by_text(re.compile("no attention, seed \\d+: cancelled")).wait_for(timeout=60_000)
    page.get_by_role("button", name="The study's seeds only").click()
    page.wait_for_function("!location.search.includes('more')")
    one.settle()
