"""One training step in a real browser: stepped and played with no server in between, and another step by a button."""

import numpy as np
import pytest

from seqviz.language.words import number, percent
from seqviz.ui.components.modules import address_of

NUMBERS, TABLES = address_of("components/parts/numbers.js"), address_of("components/parts/tables.js")
pytestmark = pytest.mark.browser


def opened(visit, server, query=""):
    one = visit(server)
    page = one.open(f"step{query}")
    page.wait_for_selector(".sv-step[data-drawn]", timeout=60_000)
    one.settle()
    return one, page


def test_it_is_stepped_phase_by_phase_and_the_next_step_changes_the_finding(server, visit):
    one, page = opened(visit, server)
    title = page.locator(".sv-step-title")
    assert title.inner_text().startswith("Step 1 takes the loss on its own batch from ")
    frame = page.locator(".sv-step")
    frame.focus()
    page.keyboard.press("Home")
    assert page.locator(".sv-step-said").inner_text().startswith("Before any training, recurrent weights, layer 1")
    for told in ("Forward: ", "Loss: ", "Backward: ", "Clip", "Update (SGD): ", "Step 1 takes"):
        page.keyboard.press("ArrowRight")
        assert page.locator(".sv-step-said").inner_text().startswith(told)
    page.locator(".sv-step td").first.hover()
    assert "row 0, column 0: " in page.locator(".sv-step-tip").inner_text()
    page.get_by_role("button", name="Next step").click()
    page.wait_for_function("document.querySelector('.sv-step-title').textContent.startsWith('Step 2 ')")
    one.settle()
    assert "done=1" in page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_step_that_no_run_has_is_one_sentence(server, visit):
    one = visit(server)
    page = one.open("step?done=900")
    page.get_by_text("Steps done before must be in [0, 200], the steps of this run, got 900.").wait_for(timeout=60_000)


@pytest.mark.parametrize("digits", [2, 4])
def test_the_browser_writes_numbers_as_titles_do(server, visit, digits):
    page = visit(server).plain()
    values = [*(10.0 ** np.linspace(-31.3, 31.7, 120) * np.tile([1, -1], 60)).tolist(), 0.0, 1.0, 9999.0, 0.25, 1e-3, 1e-5]
    script = f"""async values => {{
        const {{ written }} = await import("{server.address}/{NUMBERS}");
        return values.map(each => written(each, {digits}));
    }}"""
    told = page.evaluate(script, values)
    assert told == [number(value, digits) for value in values]


def test_the_browser_tells_shares_as_titles_do(server, visit):
    page = visit(server).plain()
    told = {
        0.0: "0 %", 4e-4: "4·10⁻⁴", 5e-4: "0.1 %", 0.0625: "6.3 %", 0.0949: "9.5 %", 0.097: "9.7 %", 0.09949: "9.9 %",
        0.0995: "10 %", 0.125: "13 %", 0.745: "75 %", 0.9949: "99 %", 0.995: "≈100 %", 0.9999: "≈100 %", 1.0: "100 %",
    }  # fmt: skip
    shares = [*told, *np.linspace(0, 1, 2001).tolist(), *np.geomspace(1e-9, 0.1, 500).tolist()]
    script = f"async values => values.map((await import('{server.address}/{NUMBERS}')).percent)"
    assert page.evaluate(script, shares) == [percent(share) for share in shares]
    assert {share: percent(share) for share in told} == told


def test_what_somebody_wrote_is_text_in_a_table_that_is_saved(server, visit):
    page = visit(server).plain()
    rows = [
        ["=HYPERLINK(1,2)", "+1+cmd", "@SUM(A1)", "-2 weights"],
        ["-inf", "-1e-3", "-", "a=b"],
        [-0.5, 2, None, 'say "=", or'],
    ]
    script = f"""async rows => {{
        const {{ saveRows }} = await import("{server.address}/{TABLES}");
        let kept;
        URL.createObjectURL = blob => {{ kept = blob; return "data:,"; }};
        HTMLAnchorElement.prototype.click = () => {{}};
        saveRows(rows, "table.csv");
        return await kept.text();
    }}"""
    told = page.evaluate(script, rows).removeprefix("\ufeff").split("\r\n")
    assert told == [
        "\"'=HYPERLINK(1,2)\",'+1+cmd,'@SUM(A1),'-2 weights",
        "-inf,-1e-3,-,a=b",
        '-0.5,2,null,"say ""="", or"',
        "",
    ]
