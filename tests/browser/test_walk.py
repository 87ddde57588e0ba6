"""One token's way in a real browser: every formula recomputed from its terms, blocks opened, the guide, another token."""

import base64
import re

import pytest
from playwright.sync_api import expect

from seqviz.ui.components.modules import address_of

FORMULAS = address_of("components/token_walk/formulas.js")
pytestmark = pytest.mark.browser

FRAME = ".st-key-walk-flow .sv-walk"
CHECK = """async ([formulas, message]) => {
  const { formulaOf, refsOf, unpackWalk } = await import(formulas);
  const walk = unpackWalk(Uint8Array.from(atob(message), each => each.charCodeAt(0))), found = {};
  for (const ref of walk.blocks.flatMap((block, index) => refsOf(walk, index))) {
    const { terms, steps, result, own, sum } = formulaOf(walk, ref);
    const told = found[`${walk.blocks[ref.block].kind}.${ref.part}`] ??= [0, true];
    const added = terms.length ? terms.reduce((all, each) => all + each.value, 0) : sum;
    told[0] = Math.max(told[0], result === own ? 0 : Math.abs(result - own), Math.abs(added - sum));
    told[1] &&= terms.every(each => each.value === each.left * each.right) && steps.at(-1)[1] === result;
  }
  return found;
}"""


def message(norm, positions, side):
    from tinytransformer import causal, network, reading
    from tinytransformer import text as some_text

    from seqviz.tracing.walk import walk_text, walk_token
    from seqviz.ui.components.token_walk import packed

    alone = side == "text"
    model = (causal if alone else network)(norm=norm, positions=positions).float()  # float32, as a run's weights are
    weights = {name: weight.numpy() for name, weight in model.state_dict().items()}
    record = walk_text(model.double(), some_text(), 2) if alone else walk_token(model.double(), reading(), side, 2)
    return base64.b64encode(packed(record, weights, "title")).decode()


@pytest.mark.parametrize(
    ("norm", "positions", "side"),
    [("pre", "sinusoidal", "decoder"), ("post", "learned", "decoder"), ("pre", "none", "encoder"), ("post", "learned", "text")],
)
def test_every_formula_gives_the_networks_own_number_from_its_terms(server, visit, norm, positions, side):
    page = visit(server).plain()
    found = page.evaluate(CHECK, [f"{server.address}/{FORMULAS}", message(norm, positions, side)])
    parts = {"query", "key", "value", "score", "weight", "mixed", "out"}
    attentions = ("self", "cross") if side == "decoder" else ("self",)
    assert {f"{kind}.{part}" for kind in attentions for part in parts} < set(found)
    assert {"word.out", "norm.out", "sum.out", "feedforward.inner"} < set(found)
    assert ({"position.place", "position.out"} < set(found)) == (positions != "none")
    assert ({"logits.logit", "softmax.chance"} < set(found)) == (side != "encoder")
    for kind, (off, whole) in found.items():
        assert off < 1e-12, kind
        assert whole, kind


def opened(visit, server, query="", motion="reduce", **options):
    one = visit(server, reduced_motion=motion, **options)
    page = one.open(f"walk{query}")
    page.wait_for_selector(f"{FRAME}[data-drawn]", timeout=60_000)
    one.settle()
    return one, page


def text(page, part):
    return page.locator(f"{FRAME} .sv-walk-{part}").inner_text()


def says(page, part, words):
    """Wait until a part of the walk says ``words``."""
    expect(page.locator(f"{FRAME} .sv-walk-{part}")).to_contain_text(words)


def block(page, name, last=False):
    found = page.locator(f"{FRAME} .sv-walk-flow > button", has_text=name)
    return found.last if last else found.first


def agrees(page):
    """Whether the formula shown ends at the network's own number."""
    page.wait_for_selector(f"{FRAME} .sv-walk-result")
    told = page.locator(f"{FRAME} .sv-walk-result").evaluate("each => [each.dataset.result, each.dataset.own].map(Number)")
    return told[0] == pytest.approx(told[1], rel=1e-6, abs=1e-6)


def test_it_opens_with_its_finding_is_walked_with_the_keyboard_and_any_number_opens_into_its_formula(server, visit):
    _, page = opened(visit, server)
    says(page, "title", re.compile("^After “"))
    says(page, "name", "word")
    page.locator(FRAME).focus()
    for name in ("position", "Layer 1: norm", "Layer 1: self-attention", "Layer 1: add"):
        page.keyboard.press("ArrowRight")
        says(page, "name", name)
        assert agrees(page)
    page.keyboard.press("End")
    says(page, "name", "softmax")
    assert agrees(page)
    shares = page.locator(f"{FRAME} .sv-walk-words span:nth-child(2)").all_inner_texts()
    assert {each[-2:] for each in shares} == {" %"}  # one unit in a column
    assert "< 0.1 %" in shares
    block(page, "cross-attention", last=True).click()
    weights = page.locator(f"{FRAME} button.sv-weight")
    expect(weights).to_have_count(page.locator(f"{FRAME} [data-side=encoder]").count())
    told = weights.evaluate_all("all => all.map(each => [each.innerText, each.title])")
    assert all(share.endswith(" %") and exact for share, exact in told)
    weights.first.click()
    says(page, "formula", "= eˢ / Σ eˢ")
    assert agrees(page)
    page.locator(f"{FRAME} [data-part=score][data-key='1']").click()
    says(page, "formula", "q·k / √dₖ")
    assert agrees(page)
    query = page.locator(f"{FRAME} canvas[data-part=query]")
    query.click(position={"x": 3, "y": 5})
    says(page, "rule", re.compile("^q₁ of “"))
    says(page, "from", "cross_attention.query.weight")
    query.focus()
    page.keyboard.press("ArrowRight")
    says(page, "rule", re.compile("^q₂ of “"))
    assert agrees(page)
    page.locator(f"{FRAME} [data-part=score][data-key='1']").click()
    page.locator(f"{FRAME} .sv-walk-formula canvas").hover()
    says(page, "current", "; so far ")
    term = int(text(page, "current").removeprefix("Term ").split(" of ")[0]) - 1
    ringed = page.locator(f"{FRAME} [data-ringed='{term}']").evaluate_all("all => all.map(each => each.dataset.part)")
    assert ringed == ["query", "key"]  # the two numbers whose product the term is


def test_a_language_models_text_is_walked_to_the_next_character_and_one_too_long_gets_a_sentence(server, visit):
    _, page = opened(visit, server, "?network=characters-transformer")
    says(page, "title", "becomes the likeliest next character")
    assert page.locator(f"{FRAME} [data-side=encoder]").count() == 0
    below = """each => {
      const style = getComputedStyle(each);
      return parseFloat(style.backgroundSize.split(' ')[1]) <= parseFloat(style.paddingBottom);
    }"""
    assert page.locator(f"{FRAME} .sv-walk-flow em").last.evaluate(below)  # the bar is drawn below the share, not behind it
    block(page, "self-attention", last=True).click()
    says(page, "why", "among the characters so far")
    uncovered = """([button]) => {  // of 21 keys, the one that is picked is among those that are seen
      const [box, row] = [button.closest('.sv-walk-keys'), button].map(each => each.getBoundingClientRect());
      return row.top >= box.top && row.bottom <= box.bottom;
    }"""
    assert page.locator(f"{FRAME} .sv-walk-keys button.sv-picked").evaluate_all(uncovered)
    page.locator(f"{FRAME} [data-part=score][data-key='1']").click()
    says(page, "formula", "q·k / √dₖ")
    assert agrees(page)
    block(page, "softmax").click()
    assert agrees(page)
    page.get_by_label("Text").fill("import nump")
    page.get_by_label("Text").press("Enter")
    page.wait_for_function(f"document.querySelectorAll('{FRAME} [data-side=decoder]').length === 11")
    says(page, "title", "After “p”")
    page.get_by_label("Text").fill("x" * 129)
    page.get_by_label("Text").press("Enter")
    page.get_by_text("at most 128 characters on this server, got 129").wait_for(timeout=60_000)


def test_the_guide_tells_the_live_numbers_lights_what_it_tells_of_and_can_be_closed_on_a_phone_too(server, visit):
    _, page = opened(visit, server, viewport={"width": 390, "height": 844})
    assert page.locator(f"{FRAME} .sv-walk-flow > button[data-block='0'] + .sv-walk-detail").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    says(page, "steps", "Block by block")
    says(page, "turn", "Guide")
    for _ in range(3):
        page.get_by_role("button", name="Guide: next").click()
    says(page, "name", "Layer 1: self-attention")
    lit = page.locator(f"{FRAME} .sv-walk-lit")
    expect(lit).to_have_attribute("data-part", "weight")
    head, share = page.locator(f"{FRAME} .sv-walk-heads [aria-pressed=true]").inner_text().rsplit(" ", 2)[0], lit.inner_text()
    number, word = head.removeprefix("head ").split(": ")
    says(page, "why", f"head {number} looks mostly at “{word}” ({share})")
    page.keyboard.press("Escape")
    expect(page.locator(f"{FRAME} .sv-walk-guide")).to_be_hidden()
    says(page, "said", f"head {number} looks mostly at “{word}”")
    page.get_by_role("button", name="guide", exact=True).click()
    expect(page.locator(f"{FRAME} .sv-walk-guide")).to_be_visible()


def test_another_token_is_walked_by_a_click_on_it_and_hostile_words_run_nowhere(server, visit):
    one, page = opened(visit, server, "?sentence=typed&text=le+%3Cimg+src%3Dx+onerror%3Dalert(1)%3E+chat")
    assert page.locator(f"{FRAME} img").count() == 0
    says(page, "sentences", "img")
    page.locator(f"{FRAME} [data-side=encoder][data-position='1']").click()
    says(page, "title", "looks hardest at")
    one.settle()
    expect(page).to_have_url(re.compile("token=e2"))
    expect(block(page, "softmax")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_of_a_large_network_a_formulas_weights_come_when_they_are_asked_for(server, visit):
    from shortruns import short_run

    from seqviz.experiment.task import TranslationConfig

    task = TranslationConfig(corpus="reversal", sentences=200, longest=6)
    run = short_run(task, server.store, width=128, heads=4, inner=512)
    _, page = opened(visit, server, f"?run={run}", "no-preference")
    block(page, "self-attention").click()
    page.locator(f"{FRAME} canvas[data-part=query]").click(position={"x": 3, "y": 5})
    assert agrees(page)
    says(page, "rule", "Σ x·W")
    page.locator(f"{FRAME} .sv-walk-result").wait_for()  # seen once its terms have come one by one
    says(page, "current", "The largest of 128 terms: ")
