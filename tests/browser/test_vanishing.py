"""The vanishing page in a real browser: deep links, live changes, clicks, downloads, and nothing from outside."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FINDING = ".sv-finding"


def finding(page, key):
    return page.locator(f".st-key-{key} {FINDING}")


def drawn(page, key):
    """Wait until the figure under ``key`` has been drawn by Plotly, and return it."""
    page.wait_for_selector(f".st-key-{key} .sv-plot[data-drawn] .main-svg", timeout=30_000)
    return page.locator(f".st-key-{key} .sv-figure")


def test_the_first_visit_to_a_fresh_server_may_be_a_deep_link(fresh_server, visit):
    one = visit(fresh_server)
    page = one.open("vanishing?length=20&cells=rnn")
    drawn(page, "vanishing-flow")
    assert "t = 19" in finding(page, "vanishing-flow").inner_text()
    assert page.get_by_test_id("stSidebarNavLink").count() >= 2
    assert page.get_by_test_id("stException").count() == 0


def test_a_hostile_link_gives_one_sentence_and_the_defaults(server, visit):
    one = visit(server)
    page = one.open("vanishing?length=1e308&nonsense=%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    drawn(page, "vanishing-flow")
    said = page.get_by_test_id("stAlert").all_inner_texts()
    assert len(said) == 1
    assert "length must be a whole number in [1, 200], got '1e308'" in said[0]
    assert "t = 49" in finding(page, "vanishing-flow").inner_text()


def test_a_link_of_100_kb_gives_one_sentence_and_the_defaults(server, visit):
    one = visit(server)
    page = one.open("vanishing?x=" + "A" * 100_000)
    drawn(page, "vanishing-flow")
    assert (
        page.get_by_test_id("stAlert").all_inner_texts()[0].endswith("This link has 100003 characters; at most 20000 are read.")
    )


def test_a_slider_changes_the_picture_in_place_and_the_link(server, visit):
    one = visit(server)
    page = one.open("vanishing")
    drawn(page, "vanishing-flow")
    page.evaluate("document.querySelector('.st-key-vanishing-flow .sv-plot').dataset.kept = 'yes'")
    page.locator(".st-key-vanishing-length input[type=range]").press("ArrowRight")
    page.wait_for_function("document.querySelector('.st-key-vanishing-flow .sv-finding').textContent.includes('t = 50 ')")
    assert page.locator(".st-key-vanishing-flow .sv-plot").get_attribute("data-kept") == "yes"
    page.wait_for_function("location.search === '?length=51'")


def test_a_click_on_the_map_cuts_it(server, visit):
    one = visit(server)
    page = one.open("vanishing?view=map&length=20")
    box = drawn(page, "vanishing-map").locator(".nsewdrag").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.26, box["y"] + box["height"] * 0.26)
    page.wait_for_function("/row=1[0-9]/.test(location.search) && /column=[0-9]/.test(location.search)")
    one.settle()
    row = re.search(r"row=(\d+)", page.url)[1]
    assert f"i = {row}" in finding(page, "vanishing-slice_row").inner_text()


def test_pictures_and_tables_can_be_saved(server, visit):
    one = visit(server)
    page = one.open("vanishing?length=5&cells=rnn")
    figure = drawn(page, "vanishing-flow")
    with page.expect_download() as saved:
        figure.get_by_role("button", name="Save this figure's numbers as CSV").click()
    rows = saved.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == "series,time step t,gradient norm at t (L2)"
    hidden = [row for row in rows if row.startswith("RNN ∂L/∂h,")]
    assert [row.split(",")[1] for row in hidden] == ["0", "1", "2", "3", "4"]
    assert 'RNN from above only,0,"0, below any log axis"' in rows
    with page.expect_download() as saved:
        figure.get_by_role("button", name="Save this figure as PNG").click()
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("size", [(1280, 900), (390, 844)])
def test_every_view_stands_on_desktop_and_phone(server, visit, size):
    from seqviz.ui.lessons.recurrent.vanishing.settings import VIEW_TITLES

    one = visit(server, viewport={"width": size[0], "height": size[1]}, color_scheme="dark")
    page = one.open("vanishing?length=12&hidden_size=8")
    for view, title in VIEW_TITLES.items():
        page.locator(".st-key-vanishing-view").get_by_text(title, exact=True).click()
        drawn(page, f"vanishing-{view}")
        one.settle()
        assert page.get_by_test_id("stException").count() == 0
        assert page.get_by_test_id("stAlert").count() == 0
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")


def test_the_unrolled_graph_is_stepped_with_the_keyboard(server, visit):
    one = visit(server)
    page = one.open("vanishing?view=chain&inputs=1,0&w=0.5&target=0")
    graph = page.locator(".sv-unrolled")
    graph.press("Home")
    said = graph.locator(".sv-unrolled-said")
    expect(said).to_contain_text("Before the first step")
    graph.press("ArrowRight")
    expect(said).to_contain_text("Forward, t = 1: a₁ = w·h₀ + u·x₁ + b = 1, and h₁ = φ(a₁) = 0.762.")
    for _ in range(2):
        graph.press("ArrowRight")
    expect(said).to_contain_text("Backward begins: ∂L/∂h₂ = h₂ − target = 0.363")
    graph.press("End")
    expect(said).to_contain_text("Backward, t = 1")
    assert graph.locator("svg .sv-hidden").count() == 0


def test_the_figure_follows_the_theme(server, visit):
    one = visit(server, color_scheme="light")
    page = one.open("vanishing?cells=lstm&length=6")
    drawn(page, "vanishing-flow")
    stroke = "getComputedStyle(document.querySelector('.st-key-vanishing-flow .scatterlayer .js-line')).stroke"
    assert page.evaluate(stroke) == "rgb(0, 99, 168)"
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"{stroke} === 'rgb(98, 176, 240)'", timeout=20_000)


def test_the_web_process_never_loads_torch(server, visit):
    one = visit(server)
    for path in ("", "vanishing", "vanishing?view=chain"):
        one.open(path)
    maps = Path(f"/proc/{server.process.pid}/maps")
    if maps.exists():
        assert "libtorch" not in maps.read_text()


@pytest.mark.parametrize("width", [1440, 1280])
def test_the_choice_of_views_stands_in_one_row_and_no_initialisation_is_cut(server, visit, width):
    from seqviz.experiment import INITIALISATIONS
    from seqviz.ui.lessons.recurrent.vanishing.settings import VIEW_TITLES

    one = visit(server, viewport={"width": width, "height": 900})
    page = one.open("vanishing?length=5&hidden_size=4&cells=rnn")
    drawn(page, "vanishing-flow")
    views = page.locator(".st-key-vanishing-view button")
    expect(views).to_have_count(len(VIEW_TITLES))
    assert len(set(views.evaluate_all("all => all.map(one => Math.round(one.getBoundingClientRect().top))"))) == 1
    box = page.locator(".st-key-vanishing-initialisation input").first
    room = box.evaluate("one => one.clientWidth")
    measure = """(one, said) => { const pen = document.createElement('canvas').getContext('2d');
        pen.font = getComputedStyle(one).font; return pen.measureText(said).width }"""
    assert max(box.evaluate(measure, said) for said in INITIALISATIONS.values()) <= room
