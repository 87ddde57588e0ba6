"""The translation page in a real browser: stepping by keyboard, hover, moving attention, a click on a branch."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FRAME = ".st-key-translate-alignment .sv-align"


def said(page):
    return page.locator(f"{FRAME} .sv-align-said").inner_text()


def opened(visit, server, path="translate"):
    one = visit(server)
    page = one.open(path)
    page.wait_for_selector(f"{FRAME} svg text", timeout=60_000)
    one.settle()
    return one, page


def test_it_opens_translated_and_is_stepped_with_the_keyboard(server, visit):
    _, page = opened(visit, server)
    assert page.locator(f"{FRAME} .sv-align-title").inner_text().startswith("Right: ")
    assert "It writes <eos>" in said(page)
    page.locator(FRAME).focus()
    page.keyboard.press("Home")
    assert "The encoder has read" in said(page)
    page.keyboard.press("ArrowRight")
    assert "scored against each" in said(page)
    page.keyboard.press("ArrowRight")
    assert "Softmax makes the scores shares of 1" in said(page)
    table = page.locator(f"{FRAME} .sv-align-numbers table").first
    shares = [row.locator("td").last.inner_text() for row in table.locator("tbody tr").all()]
    total = sum(float(share.rstrip(" %")) / (100 if "%" in share else 1) for share in shares)
    assert total == pytest.approx(1, abs=0.02)


def test_hovering_a_word_leaves_its_lines_alone(server, visit):
    _, page = opened(visit, server)
    page.locator(f"{FRAME} .sv-align-lines text[data-target='0']").hover()
    lit = page.locator(f"{FRAME} line:not(.sv-faint)").evaluate_all("lines => lines.map(line => line.dataset.lineTarget)")
    assert set(lit) == {"0"}
    assert "it looks at" in said(page)


def test_a_click_on_the_map_moves_the_attention_there(server, visit):
    one, page = opened(visit, server)
    page.locator(f"{FRAME} [data-frame='0,2']").click()
    page.wait_for_function("/looks=2(:|%3A)0/.test(location.search)")
    one.settle()
    page.wait_for_function(f"document.querySelector(\"{FRAME} [data-frame='0,2'] title\").textContent.includes('100 %')")
    page.get_by_role("button", name="Let attention go free again").click()
    page.wait_for_function("!location.search.includes('looks')")


def test_a_click_on_a_branch_makes_the_network_begin_with_it(server, visit):
    one, page = opened(visit, server)
    page.locator(".st-key-translate-tree .sv-plot[data-drawn] .main-svg").first.scroll_into_view_if_needed()
    place = page.evaluate(
        """() => {
          const plot = document.querySelector(".st-key-translate-tree").querySelector(".sv-plot");
          const nodes = plot.calcdata.find(each => each[0].trace.name === "hypotheses");
          const lost = nodes[[...nodes[0].trace.text].indexOf("she")];  // a beam that was given up after a word
          const { xaxis, yaxis } = plot._fullLayout, box = plot.getBoundingClientRect();
          return [box.x + xaxis._offset + xaxis.l2p(lost.x), box.y + yaxis._offset + yaxis.l2p(lost.y)];
        }"""
    )
    page.mouse.click(*place)
    page.wait_for_function("location.search.includes('given=she')")
    one.settle()
    page.wait_for_function(f"document.querySelector(\"{FRAME} text[data-target='0']\").textContent === 'she'")
    expect(page.get_by_role("textbox", name="The translation begins with")).to_have_value("she")


def test_hostile_words_are_shown_as_typed_and_run_nowhere(server, visit):
    _, page = opened(visit, server, "translate?sentence=typed&text=le+%3Cimg+src%3Dx+onerror%3Dalert(1)%3E+chat")
    assert page.locator(f"{FRAME} img").count() == 0
    assert "img" in " ".join(page.locator(f"{FRAME} .sv-align-lines text[data-source]").all_text_contents())


def test_an_empty_sentence_gets_one_sentence(server, visit):
    one = visit(server)
    page = one.open("translate?sentence=typed&text=+")
    page.get_by_text("must have at least one word").wait_for(timeout=60_000)
