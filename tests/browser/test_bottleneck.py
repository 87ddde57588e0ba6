"""The bottleneck's page in a real browser: every view by its link, with its finding, and a guess that the link keeps."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def opened(visit, server, query, name):
    """Open the page and wait until the figure called ``name`` has been drawn by Plotly."""
    one = visit(server)
    page = one.open(f"bottleneck{query}")
    drawn(page, name)
    one.settle()
    return one, page


def drawn(page, name):
    page.wait_for_selector(f".st-key-bottleneck-{name} .sv-plot[data-drawn] .main-svg", timeout=60_000)


def finding(page, name):
    return page.locator(f".st-key-bottleneck-{name} .sv-finding").inner_text()


def test_it_opens_with_its_finding_and_the_link_keeps_a_guess(server, visit):
    _, page = opened(visit, server, "", "by_length")
    assert finding(page, "by_length").startswith("Of sentences of ")
    page.get_by_text("it gets worse", exact=True).click()
    drawn(page, "predicted")
    page.wait_for_function("location.search.includes('guess=falls')")
    expect(page.get_by_text("Of 10 to 12 words")).to_be_visible()
    expect(page.get_by_text("longer than any learned from").first).to_be_visible()


@pytest.mark.parametrize(
    ("view", "name", "told"),
    [
        ("gradient", "before_training", "Before training, the first word's gradient"),
        ("states", "with_attention", "With attention, two of 128 directions hold"),
        ("reversal", "curves", "Read backwards"),
        ("ensemble", "together", "Four together get"),
    ],
)
def test_each_view_opens_by_its_link_with_its_finding(server, visit, view, name, told):
    _, page = opened(visit, server, f"?view={view}", name)
    assert finding(page, name).startswith(told)
    assert page.get_by_test_id("stException").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
