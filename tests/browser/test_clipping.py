"""The page on clipping in a real browser: its finding, another threshold trained live, and the return from infinity."""

import pytest

from seqviz.experiment.clipping import SHORT
from seqviz.language.words import number
from seqviz.store import open_store

pytestmark = pytest.mark.browser


def drawn(page, name):
    page.wait_for_selector(f".st-key-clipping-{name} .sv-plot[data-drawn] .main-svg", timeout=60_000)


def finding(page, name):
    return page.locator(f".st-key-clipping-{name} .sv-finding").inner_text()


def test_another_threshold_is_trained_live_and_changes_the_finding(server, visit):
    one = visit(server)
    page = one.open("clipping?steps=60")
    page.get_by_text("Nobody has trained this here yet").wait_for()
    page.get_by_label("Threshold θ of the norm").fill("0.2")
    page.keyboard.press("Enter")
    page.wait_for_function("location.search.includes('threshold=0.2')")
    one.settle()
    page.get_by_role("button", name="Train both").click()
    page.get_by_text("Clipped by norm: ").first.wait_for(timeout=60_000)
    page.wait_for_function(
        "[...document.querySelectorAll('.sv-finding')].some(each => each.textContent.includes('of 60 steps'))"
    )
    one.settle()
    assert finding(page, "norm").endswith("was cut to 0.2.")
    assert finding(page, "turn").startswith("By norm the direction stays")


def test_it_opens_with_its_finding_and_answers_a_threshold_of_zero_in_one_sentence(server, visit):
    one = visit(server)
    page = one.open("clipping")
    drawn(page, "norm")
    assert "of 2,000 steps" in finding(page, "norm")
    told = page.evaluate("document.querySelector('.st-key-clipping-norm .js-plotly-plot').data[0].hovertemplate")
    norms = open_store().open(SHORT.trained("norm").run_id).metrics.gradient_norm
    assert told == [f"%{{fullData.name}}<br>step %{{x}}: {number(norm, 4)}<extra></extra>" for norm in norms.tolist()]
    page.get_by_label("Threshold θ of the norm").fill("0")
    page.keyboard.press("Enter")
    page.get_by_text("must be a number above 0 and at most 1,000,000,000, got 0").wait_for()
    one.settle()
    assert "of 2,000 steps" in finding(page, "norm")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_diverged_run_is_gone_back_to_with_clipping_on(server, visit):
    one = visit(server)
    page = one.open("clipping?view=diverged")
    drawn(page, "recovery")
    assert "it stopped at step" in finding(page, "recovery")
    page.get_by_role("button", name="Go back to step").click()
    page.wait_for_function(
        "[...document.querySelectorAll('.sv-finding')].some(each => each.textContent.includes('it went on to step 2,000'))",
        timeout=60_000,
    )
    one.settle()
