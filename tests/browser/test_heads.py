"""The page of heads in a real browser: hover, keys, several heads at once, a pair's arithmetic, and what is typed."""

import csv
import math
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from publishedmade import make_published
from shortruns import short_run

from seqviz.experiment.task import CharactersConfig, TranslationConfig

pytestmark = pytest.mark.browser

FRAME = ".st-key-heads-view .sv-heads"
WIDTHS = "all => [all[0], all[all.length - 1]].map(each => each.getAttribute('width'))"
REVERSAL = TranslationConfig(corpus="reversal", sentences=200, longest=6)


def opened(visit, server, query="attention=self", task=REVERSAL, **sizes):
    one = visit(server)
    page = one.open(f"heads?run={short_run(task, server.store, **sizes)}&{query}")
    page.wait_for_selector(f"{FRAME}[data-drawn] .sv-pair", timeout=60_000)
    one.settle()
    return one, page


def text(page, part):
    return page.locator(f"{FRAME} .sv-heads-{part}").inner_text()


def numbers_in(sentence):
    return [float(each) for each in re.findall(r"-?\d+(?:\.\d+)?", sentence)]


def exact_weights(page):
    """Open the table of numbers and read it."""
    page.locator(f"{FRAME} .sv-heads-show").click()
    rows = page.locator(f"{FRAME} .sv-heads-numbers tbody tr").all()
    return [[float(cell) for cell in row.locator("td").all_inner_texts()] for row in rows]


def test_it_opens_with_a_finding_and_a_pair_whose_arithmetic_holds(server, visit):
    _, page = opened(visit, server)
    assert " of its attention on average" in text(page, "title")
    assert page.locator(f"{FRAME} .sv-heads-grid button").count() == 4
    assert not page.locator(f"{FRAME} .sv-heads-more").is_visible()
    assert "Not linear" in text(page, "scale")
    query, key = map(
        int, re.search(r"\((\d+)\) looks at .*\((\d+)\)", page.locator(f"{FRAME} .sv-pair-title").inner_text()).groups()
    )
    product, softmax, _ = page.locator(f"{FRAME} .sv-pair-sum").all_inner_texts()
    units, dot, _, root, score = numbers_in(product)
    assert (units, root) == (4, 2)
    assert score == pytest.approx(dot / root, rel=0.02, abs=1e-3)
    weights = exact_weights(page)
    assert numbers_in(softmax)[-1] / 100 == pytest.approx(weights[query - 1][key - 1], abs=0.006)
    assert all(math.isclose(sum(row), 1, abs_tol=0.01) for row in weights)
    bars = page.locator(f"{FRAME} .sv-pair rect[data-row='0'] title").all_text_contents()
    assert len([each for each in bars if each.startswith("q of")]) == 4


def test_the_translator_that_comes_with_the_app_opens_with_the_heads_that_align_best(server, visit, tmp_path):
    one = visit(server)
    page = one.open("heads")
    page.wait_for_selector(f"{FRAME}[data-drawn] .sv-pair", timeout=60_000)
    assert "follow the right alignment best" in text(page, "title")
    assert page.get_by_text("Circles on the map").is_visible()
    upload_a_model(one, page, make_published("bert", tmp_path / "bert"))


def upload_a_model(one, page, folder):
    """Upload it with pickled weights first (one sentence, and the model on screen stays), then with all its files."""
    page.get_by_text("Look into a published model").click()
    choose(page, {"name": "pytorch_model.bin", "mimeType": "", "buffer": b"cos\nsystem\n"})
    page.get_by_text("is pickled, and opening it could run code").wait_for()
    assert "follow the right alignment best" in text(page, "title")
    one.settle()
    page.get_by_role("button", name="Remove pytorch_model.bin").click()
    choose(page, *(str(file) for file in folder.iterdir()))
    page.wait_for_function("location.search.includes('folder=uploaded-')")
    page.wait_for_function(f"document.querySelector('{FRAME} .sv-heads-side b')?.textContent === '[CLS]'")
    expect(page.locator(f"{FRAME} .sv-heads-grid button")).to_have_count(4)
    expect(page.get_by_text("is pickled")).to_have_count(0)


def choose(page, *files):
    """Choose files of a model, wait until they are there, and open it."""
    form = page.locator(".st-key-heads-upload")
    form.locator("input[type=file]").set_input_files(list(files))
    expect(form.get_by_role("button", name=re.compile("^Remove "))).to_have_count(len(files))
    page.get_by_role("button", name="Open this model").click()


def test_of_a_wide_network_the_numbers_of_a_head_come_when_it_is_chosen(server, visit):
    query = f"text={'for+each+in+all:+' * 6}"
    one, page = opened(visit, server, query, CharactersConfig(length=8), name="causal", heads=4, width=512)
    more = page.locator(f"{FRAME} .sv-heads-more")
    expect(more).to_have_text(re.compile(r"^Scroll this list of 102 tokens: ↓ \d+ below$"))
    page.locator(f"{FRAME} .sv-heads-lines").evaluate("each => each.scrollTo(0, each.scrollHeight)")
    expect(more).to_have_text(re.compile(r"^Scroll this list of 102 tokens: ↑ \d+ above$"))
    expect(page.locator(f"{FRAME} .sv-heads-scale")).to_contain_text("a name for one token in 3")
    page.locator(f"{FRAME} [data-head='1,2']").click()
    page.wait_for_function(f"document.querySelector('{FRAME} .sv-pair-title')?.textContent.includes('layer 2, head 3')")
    page.wait_for_function("location.search.includes('layer=2')")
    one.settle()
    first, last = (float(each) for each in page.locator(f"{FRAME} .sv-pair svg").evaluate_all(WIDTHS))
    assert first == last, "what stands side by side is drawn as wide as its place"
    assert "The 128 products add up" in page.locator(f"{FRAME} .sv-pair-sum").first.inner_text()


def test_pointing_at_a_token_tells_where_it_looks(server, visit):
    _, page = opened(visit, server)
    weights = exact_weights(page)
    page.locator(f"{FRAME} .sv-heads-side[data-of='query'] [data-index='1']").hover()
    shares = page.locator(f"{FRAME} .sv-heads-side[data-of='key'] em").all_inner_texts()
    told = [float(each.rstrip(" %") or 0) / 100 for each in shares]
    assert told == pytest.approx(weights[1], abs=0.006)
    best = max(range(len(weights[1])), key=weights[1].__getitem__)
    assert re.search(rf"“.” \(2\) looks at “.” \({best + 1}\)", text(page, "said"))
    page.locator(f"{FRAME} .sv-heads-title").hover()
    assert "Each thumbnail is one head" in text(page, "said")


def test_a_head_is_isolated_and_several_are_laid_over_each_other(server, visit):
    one, page = opened(visit, server)
    page.locator(f"{FRAME} [data-head='1,0']").click()
    page.wait_for_function("location.search.includes('layer=2') && location.search.includes('head=1')")
    assert page.locator(f"{FRAME} .sv-heads-chips button").all_inner_texts() == ["layer 2, head 1"]
    page.locator(f"{FRAME} .sv-heads-overlay").click()
    page.locator(f"{FRAME} [data-head='0,1']").click()
    assert page.locator(f"{FRAME} .sv-heads-chips button").all_inner_texts() == ["layer 2, head 1", "layer 1, head 2"]
    assert "2 heads, a colour each" in text(page, "said")
    page.locator(f"{FRAME} .sv-heads-side[data-of='query'] [data-index='1']").hover()
    squares = page.locator(f"{FRAME} .sv-heads-side[data-of='key'] em i").evaluate_all(
        "all => all.map(each => Number(each.style.opacity))"
    )
    assert sum(squares) == pytest.approx(2, abs=0.05)
    one.settle()
    page.locator(f"{FRAME} .sv-heads-layer").click()
    assert page.locator(f"{FRAME} .sv-heads-chips button").all_inner_texts() == ["layer 1, head 1", "layer 1, head 2"]
    page.locator(f"{FRAME} .sv-heads-chips button").first.click()
    assert page.locator(f"{FRAME} .sv-heads-grid button[aria-pressed=true]").count() == 1


def test_the_keyboard_goes_over_heads_and_chooses_a_pair_that_the_link_keeps(server, visit):
    one, page = opened(visit, server)
    page.locator(f"{FRAME} [data-head='0,0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_function("location.search.includes('layer=2')")
    one.settle()
    page.locator(f"{FRAME} .sv-heads-side[data-of='query'] [data-index='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_function("location.search.includes('query=2')")
    one.settle()
    page.locator(f"{FRAME} .sv-heads-map").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_function("location.search.includes('query=3')")
    title = page.locator(f"{FRAME} .sv-pair-title").inner_text()
    assert "(3) looks at" in title
    one.settle()
    page.reload()
    page.wait_for_selector(f"{FRAME}[data-drawn] .sv-pair", timeout=60_000)
    assert page.locator(f"{FRAME} .sv-pair-title").inner_text() == title


def test_another_attention_is_another_finding_and_its_numbers_are_saved_as_they_are(server, visit, tmp_path):
    one, page = opened(visit, server)
    before = text(page, "title")
    page.get_by_text("decoder (masked self)").click()
    page.wait_for_function(f"document.querySelector('{FRAME} .sv-heads-title').textContent !== {before!r}")
    one.settle()
    page.locator(f"{FRAME} .sv-heads-map").hover(position={"x": 200, "y": 90})
    page.wait_for_function(f"document.querySelector('{FRAME} .sv-heads-said').textContent.includes('In layer')")
    with page.expect_download() as saving:
        page.locator(f"{FRAME} .sv-heads-csv").click()
    file = tmp_path / "saved.csv"
    saving.value.save_as(file)
    rows = list(csv.DictReader(Path(file).read_text(encoding="utf-8-sig").splitlines()))
    queries = {int(row["query"]) for row in rows}
    for query in queries:
        assert sum(float(row["weight"]) for row in rows if int(row["query"]) == query) == pytest.approx(1, abs=1e-9)
    assert all((row["score"] == "-inf") == (int(row["key"]) > int(row["query"])) for row in rows)


def test_hostile_text_is_shown_as_typed_and_runs_nowhere_and_one_too_long_gets_one_sentence(server, visit):
    typed, task = "<img src=x onerror=alert(1)>", CharactersConfig(length=8)
    one, page = opened(visit, server, "text=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E", task, name="causal")
    assert page.locator(f"{FRAME} img").count() == 0
    tokens = page.locator(f"{FRAME} .sv-heads-side[data-of='query'] b").all_text_contents()
    assert "".join(tokens).replace("␣", " ") == typed
    one.open(f"heads?run={short_run(task, server.store, name='causal')}&text={'x' * 129}")
    page.get_by_text("at most 128 tokens on this server, got 129").wait_for(timeout=60_000)
