"""The page "No chain of steps" in a real browser: gradient, time and positions, a phone, and bad links."""

import pytest

pytestmark = pytest.mark.browser


def finding(page, key):
    page.wait_for_selector(f".st-key-distance-{key} .sv-plot[data-drawn] .main-svg", timeout=30_000)
    return page.locator(f".st-key-distance-{key} .sv-finding").inner_text()


def test_the_length_by_slider_changes_the_finding_and_the_address(server, visit):
    one = visit(server)
    page = one.open("distance")
    told = finding(page, "gradient")
    assert told.startswith("From 1 step back to 49, the gradient at the input shrinks to")
    assert "in the Transformer" in told
    page.locator(".st-key-distance-length").get_by_role("slider").press("ArrowRight")
    page.wait_for_function(
        "document.querySelector('.st-key-distance-gradient .sv-finding').textContent.startsWith('From 1 step back to 50,')"
    )
    page.wait_for_function("location.search === '?length=51'")
    assert page.get_by_text("agrees with finite differences").count()


def test_time_is_measured_there_and_then_and_the_picture_grows(server, visit):
    one = visit(server)
    page = one.open("distance?view=time&furthest=128&layers=1&width=8&heads=1")
    told = "document.querySelector('.st-key-distance-times .sv-finding').textContent"
    page.wait_for_function(f"{told}.includes('From T = 32 to 128 time grows as')")
    assert finding(page, "waiting").startswith("At T = 128, 128 states wait for one another")
    page.get_by_text("encoder-decoders", exact=True).click()
    page.wait_for_function(f"{told}.includes('GRU without attention') && {told}.includes('From T = 32 to 128')")
    page.get_by_role("button", name="Measure again").click()
    page.wait_for_function("location.search.includes('again=1')")


def test_without_positions_the_study_stands_and_a_race_is_run(server, visit):
    one = visit(server)
    page = one.open("distance?view=positions&steps=50&delay=5&arms=none")
    assert finding(page, "study").startswith("A loss that stays below 0.01 is reached by a Transformer with sinusoids at step")
    page.get_by_role("button", name="Race").click()
    page.wait_for_selector(".st-key-distance-race .sv-plot[data-drawn] .main-svg", timeout=60_000)


def test_it_stands_on_a_phone_and_what_cannot_be_is_one_sentence(server, visit):
    one = visit(server, viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = one.open("distance?family=writing&length=1e9&x=%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert finding(page, "gradient").startswith("From 1 step back to 50,")
    said = page.get_by_test_id("stAlert").all_inner_texts()
    assert len(said) == 1
    assert "length must be a whole number in [4, 256], got '1e9'" in said[0]
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
    page = one.open("distance?width=20&heads=8")
    page.wait_for_function(
        "document.body.innerText.includes('The width must be a multiple of the heads, got 20 numbers for 8 heads.')"
    )
