"""The pages "Depth" and "Dropout" in a real browser: the finding, a slider that changes it, a training, and a bad link."""

import pytest

pytestmark = pytest.mark.browser


def finding(page, key):
    page.wait_for_selector(f".st-key-{key} .sv-plot[data-drawn] .main-svg", timeout=30_000)
    return page.locator(f".st-key-{key} .sv-finding").inner_text()


def test_depth_by_slider_changes_the_finding(server, visit):
    one = visit(server)
    page = one.open("depth?kinds=plain")
    assert "from layer 20 back to layer 1" in finding(page, "depth-initial")
    page.locator(".st-key-depth-depth input[type=range]").press("ArrowRight")
    page.wait_for_function("document.querySelector('.st-key-depth-initial .sv-finding').textContent.includes('layer 21 ')")
    page.wait_for_function("location.search === '?kinds=plain&depth=21'")


def test_a_network_is_trained_from_the_page(server, visit):
    one = visit(server)
    page = one.open("depth?view=trained&kinds=plain&depth=2&hidden_size=4&seed=3")
    page.get_by_role("button", name="Train them with these settings").click()
    page.wait_for_selector(".st-key-depth-trained-plain .sv-plot[data-drawn]", timeout=60_000)
    page.wait_for_function(
        "document.querySelector('.st-key-depth-trained-plain .sv-finding').textContent.includes('after step 600')",
        timeout=60_000,
    )


def test_every_view_stands_on_a_phone(server, visit):
    one = visit(server, viewport={"width": 390, "height": 844}, color_scheme="dark")
    for path, key in (("depth?view=activations&hidden_layers=2", "depth-activations"), ("dropout", "dropout-masks")):
        page = one.open(path)
        finding(page, key)
        assert page.get_by_test_id("stException").count() == 0
        assert page.get_by_test_id("stAlert").count() == 0
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")


def test_a_hostile_link_gives_one_sentence_and_the_defaults(server, visit):
    one = visit(server)
    page = one.open("depth?depth=1e9&x=%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert "layer 20" in finding(page, "depth-initial")
    said = page.get_by_test_id("stAlert").all_inner_texts()
    assert len(said) == 1
    assert "depth must be a whole number in [1, 100], got '1e9'" in said[0]


def test_the_next_training_step_draws_other_masks(server, visit):
    one = visit(server)
    page = one.open("dropout?dropout=recurrent")
    before = finding(page, "dropout-masks")
    assert "none of 40 between layers" in before
    page.get_by_role("button", name="Next training step").click()
    page.wait_for_function("location.search.includes('step=2')")
    page.locator(".st-key-dropout-dropout").get_by_text("between layers").click()
    page.wait_for_function(
        "document.querySelector('.st-key-dropout-masks .sv-finding').textContent.includes('none of 70 through')"
    )
