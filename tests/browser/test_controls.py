"""Settings in a real browser: a link's values survive however late their widgets' code arrives."""

import re

import pytest

pytestmark = pytest.mark.browser

WIDGETS = re.compile(r"/(ButtonGroup|NumberInput|Selectbox)\.")
SETTINGS = (
    "task=translation&translation.corpus=dates&translation.sentences=100&translation.longest=20&attentions=dot%2Cadditive"
    "&seq2seq.hidden_size=8&seq2seq.embedding_size=4&seq2seq.steps=5&seq2seq.batch_size=4&seq2seq.clip=value"
)


def ask(one):
    """Let the page run by a button, and wait for what it says."""
    one.page.locator(".st-key-train-estimate button").first.click()
    one.page.get_by_text("timed over").wait_for()
    return one.settle()


def test_a_link_stands_where_widgets_come_after_the_page_has_run_again(server, visit):
    one, waiting = visit(server), []
    one.page.route(WIDGETS, lambda request: waiting.append(request))
    page = one.open(f"train?{SETTINGS}")
    address = page.url
    for _ in range(3):
        ask(one)
    assert len(waiting) == 3
    for request in waiting:
        request.continue_()
    page.locator(".st-key-train-seq2seq-hidden_size input").wait_for()
    page.locator(".st-key-train-attentions button").first.wait_for()
    ask(one)
    assert page.get_by_test_id("stAlert").filter(has_text="must be").count() == 0
    assert page.locator(".st-key-train-seq2seq-hidden_size input").input_value() == "8"
    assert page.url == address
    assert page.locator(".st-key-train-go button").first.is_enabled()
