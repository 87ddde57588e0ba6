"""The captions page in a real browser: stepping by key, hover, numbers, erasing by a click, choosing another word or a head."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FRAME = ".st-key-captions-picture .sv-pic"


def opened(visit, server, path="captions"):
    one = visit(server)
    page = one.open(path)
    page.wait_for_selector(f"{FRAME} .sv-pic-word", timeout=60_000)
    one.settle()
    return one, page


def light(page):
    """How bright each of the picture's pixels is drawn, summed."""
    return page.evaluate(
        f"""() => {{ const pen = document.querySelector('{FRAME} canvas').getContext('2d');
        return [...pen.getImageData(0, 0, 512, 512).data].reduce((a, b) => a + b, 0); }}"""
    )


def test_it_opens_with_a_caption_and_is_stepped_with_the_keyboard(server, visit):
    _, page = opened(visit, server)
    assert page.locator(f"{FRAME} .sv-pic-title").inner_text().startswith("True: ")
    words = page.locator(f"{FRAME} .sv-pic-word strong").all_inner_texts()
    page.locator(FRAME).focus()
    page.keyboard.press("Home")
    told = page.locator(f"{FRAME} .sv-pic-said")
    expect(told).to_have_text(re.compile(f"^{words[0]}"))
    before = light(page)
    page.keyboard.press("ArrowRight")
    expect(told).to_have_text(re.compile(f"^{words[1]}"))
    expect(page.locator(f"{FRAME} .sv-pic-word[aria-current='true'] strong")).to_have_text(words[1])
    assert light(page) != before
    page.keyboard.press("End")
    expect(told).to_have_text(re.compile("^<eos>.*about nothing"))


def test_hovering_a_word_lays_its_attention_over_the_picture(server, visit):
    _, page = opened(visit, server)
    page.locator(FRAME).focus()
    page.keyboard.press("Home")
    shown = page.locator(f"{FRAME} .sv-pic-word[aria-current='true']")
    expect(shown).to_have_attribute("aria-label", re.compile("^" + page.locator(f"{FRAME} strong").first.inner_text()))
    first = light(page)
    page.locator(f"{FRAME} .sv-pic-word").nth(2).hover()
    expect(page.locator(f"{FRAME} .sv-pic-word").nth(2)).to_have_attribute("aria-current", "true")
    assert light(page) != first
    page.locator(f"{FRAME} .sv-pic-title").hover()
    expect(page.locator(f"{FRAME} .sv-pic-word").first).to_have_attribute("aria-current", "true")
    assert light(page) == first


def test_a_cell_tells_its_share_head_by_head_all_shares_stand_in_a_table_and_one_head_takes_the_means_place(server, visit):
    _, page = opened(visit, server, "captions?network=captions-transformer")
    title, heads = page.locator(f"{FRAME} .sv-pic-title"), page.locator(f"{FRAME} .sv-pic-head")
    expect(title).to_contain_text("the mean attention of its 4 heads")
    page.locator(f"{FRAME} .sv-pic-frame").hover(position={"x": 3, "y": 3})
    expect(page.locator(f"{FRAME} .sv-pic-said")).to_contain_text(re.compile("Row 1, column 1: .* Head by head: "))
    page.get_by_text("Every cell's share").click()
    shares = page.locator(f"{FRAME} .sv-pic-table td").all_inner_texts()
    assert len(shares) == 64
    total = sum(
        float(share.rstrip(" %")) / 100 for share in shares if "%" in share
    )  # what is smaller is far too small to count
    assert total == pytest.approx(1, abs=0.03)
    expect(heads).to_have_count(5)
    heads.nth(2).click()
    expect(title).to_contain_text("head 2's attention", timeout=30_000)
    expect(heads.nth(2)).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("head=2"))


def test_a_click_erases_a_thing_and_the_eraser_puts_it_back(server, visit):
    one, page = opened(visit, server)
    before = page.locator(f"{FRAME} .sv-pic-title").inner_text()
    page.locator(f"{FRAME} [data-thing='0']").click()
    page.wait_for_function("location.search.includes('erased=0')")
    one.settle()
    page.wait_for_function(f"!document.querySelector(\"{FRAME} [data-thing='0']\")")
    expect(page.locator(f"{FRAME} .sv-pic-title")).not_to_have_text(before)
    page.locator(".st-key-captions-eraser button").first.click()
    page.wait_for_function("!location.search.includes('erased')")
    page.wait_for_selector(f"{FRAME} [data-thing='0']", state="attached")
    expect(page.locator(f"{FRAME} .sv-pic-title")).to_have_text(before)


def test_another_word_can_be_chosen_and_the_rest_follows(server, visit):
    _, page = opened(visit, server)
    page.locator(FRAME).focus()
    page.keyboard.press("Home")
    other = page.locator(f"{FRAME} .sv-pic-next button").nth(1)
    word = other.get_attribute("data-word")
    other.click()
    page.wait_for_function(f"location.search.includes('given={word}')")
    page.wait_for_function(f"document.querySelector('{FRAME} .sv-pic-word strong').textContent === '{word}'")
    page.get_by_role("button", name="Let it write freely again").click()
    page.wait_for_function("!location.search.includes('given')")


def test_on_a_phone_in_the_dark_nothing_is_cut_off(server, visit):
    one = visit(server, viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = one.open("captions?network=captions-transformer")
    page.wait_for_selector(f"{FRAME} .sv-pic-word", timeout=60_000)
    one.settle()
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
    box = page.locator(f"{FRAME} .sv-pic-frame").bounding_box()
    assert box["width"] == pytest.approx(box["height"], abs=1)
    assert box["x"] + box["width"] <= 390
