"""The page Train in a real browser: networks learn live; links, killed workers and other people's clicks lose nothing."""

import os
import re
import signal
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 300_000  # ms; a test waits for what must come, never for a time
ADDING = "adding.length=8&hidden_size=16&cells=lstm&batch_size=64"


@pytest.fixture(scope="module")
def server(own_server):
    """A server for this module alone, since its tests kill workers."""
    return own_server


def card(page):
    return page.locator("[class*=st-key-train-card]")


def wait_for(page, words, within="[class*=st-key-train-card]"):
    """Wait until ``within`` says what matches ``words``."""
    script = "([where, words]) => [...document.querySelectorAll(where)].some(one => new RegExp(words).test(one.innerText))"
    page.wait_for_function(script, arg=[within, words], timeout=PATIENCE)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).first.click()


def train(page):
    """Press Train as soon as the page knows its visitor."""
    page.wait_for_selector(".st-key-train-go button:not([disabled])", timeout=PATIENCE)
    press(page, "Train")


def finding(page, figure):
    return page.locator(f".st-key-train-{figure} .sv-finding").inner_text()


def run_of(server, page):
    """The run on the board as the server's store has it."""
    from seqviz.store import Store
    from seqviz.ui.runs.sharing import read_run

    written = page.evaluate("new URLSearchParams(location.search).get('runs')")
    return Store(str(server.store)).open(read_run(written).run_id)


def descendants(pid):
    children = [one for thread in Path(f"/proc/{pid}/task").glob("*/children") for one in thread.read_text().split()]
    return [found for child in map(int, children) for found in (child, *descendants(child))]


def training_worker(server):
    """The process that trains: the worker that has used the most processor time."""

    def seconds(pid):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    commands = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in descendants(server.process.pid)}
    workers = [fork for pid, command in commands.items() if b"forkserver" in command for fork in descendants(pid)]
    return max(workers, key=seconds)


def test_an_lstm_learns_live_while_its_link_is_opened_and_its_worker_killed(server, visit):
    from seqviz.training import Trainer

    one = visit(server)
    page = one.open(f"train?{ADDING}&steps=2500")
    train(page)
    wait_for(page, r"step [1-9][\d,]* of 2,500")
    page.wait_for_function("location.search.includes('runs=')")
    os.kill(training_worker(server), signal.SIGKILL)
    other = visit(server)
    watcher = other.open(page.url.removeprefix(f"{server.address}/"))
    wait_for(watcher, "step [1-9]")
    press(watcher, "Cancel")  # another person lets go; the run is not theirs to end
    for each in (page, watcher):
        wait_for(each, "done")
    one.settle()
    assert re.search(r"the LSTM's is [\d.]+ times below it", finding(page, "loss"))
    expect(watcher.locator(".st-key-train-loss .sv-finding")).to_have_text(finding(page, "loss"), timeout=PATIENCE)
    run = run_of(server, page)
    trainer = Trainer(run.experiment)
    undisturbed = [trainer.step() for _ in range(1000)]  # well beyond the kill
    np.testing.assert_array_equal(run.metrics.loss[:1000], [row.loss for row in undisturbed])
    np.testing.assert_array_equal(run.metrics.gradient_norm[:1000], [row.gradient_norm for row in undisturbed])
    assert run.metrics.loss[-100:].mean() < 1 / 6 / 4


def test_cancel_keeps_what_was_learned_and_it_can_go_on(server, visit):
    one = visit(server)
    page = one.open(f"train?{ADDING}&steps=20000&seed=3")
    train(page)
    wait_for(page, r"step [1-9][\d,]* of 20,000")
    press(page, "Cancel")
    wait_for(page, "cancelled")
    learned = run_of(server, page)
    assert learned.status.steps_done == len(learned.metrics.step) > 0
    page.locator("[class*=st-key-train-resume] button").click()
    wait_for(page, "training")
    page.reload()
    wait_for(page, "training")
    press(page, "Pause")
    wait_for(page, "paused")
    later = run_of(server, page)
    assert len(later.metrics.step) > len(learned.metrics.step)
    np.testing.assert_array_equal(later.metrics.loss[: len(learned.metrics.loss)], learned.metrics.loss)


def test_single_steps_reset_and_the_slider_show_one_moment(server, visit):
    one = visit(server)
    page = one.open(f"train?{ADDING}&steps=40&seed=5")
    page.wait_for_selector(".st-key-train-step button:not([disabled])", timeout=PATIENCE)
    press(page, "Step")
    wait_for(page, "paused[^]*step 1 of 40")
    press(page, "Go on")
    wait_for(page, "done")
    press(page, "Reset")
    page.wait_for_function("location.search.includes('at=0')")
    wait_for(page, "Before training", ".st-key-train-flow")
    press(page, "Step")
    wait_for(page, "After the first training step", ".st-key-train-flow")
    page.get_by_role("slider").first.press("End")
    wait_for(page, "After 40 training steps", ".st-key-train-flow")
    page.wait_for_function("!location.search.includes('at=')")  # the address follows the picture


def test_a_hostile_link_gives_one_sentence_and_a_page_that_works(server, visit):
    one = visit(server)
    page = one.open("train?runs=adding~lstm~length-NaN~~%3Cimg%20src=x%20onerror=alert(1)%3E&steps=1e308")
    page.wait_for_selector(".st-key-train-go button:not([disabled])", timeout=PATIENCE)
    alerts = page.get_by_test_id("stAlert").all_inner_texts()
    assert len(alerts) == 1
    assert "length must be a whole number in [2, 2000], got 'NaN'" in alerts[0]
    assert page.get_by_test_id("stException").count() == 0
    assert page.locator("img[src=x]").count() == 0


OWN = "the cat sat on the mat; the dog dug in the fog. " * 40
READS = "task=characters&characters.length=20&hidden_size=16&cells=lstm&batch_size=8&steps=4"


def choose_own_text(page):
    page.get_by_text("your own text", exact=True).click()
    page.wait_for_selector(".st-key-train-pasted textarea")


def use_text(page):
    page.get_by_role("button", name="Use this text", exact=True).click()


def name_of_the_text(page):
    """The name that the page gives to the text that is learned."""
    wait_for(page, "Learning from text-[0-9a-f]{16}", "[data-testid=stCaptionContainer]")
    return re.search(r"Learning from (text-[0-9a-f]{16})", page.inner_text("body"))[1]


def test_a_pasted_text_is_learned_under_its_name_and_its_run_is_taken_home(server, visit):
    one = visit(server)
    page = one.open(f"train?{READS}")
    choose_own_text(page)
    page.locator(".st-key-train-pasted textarea").fill(OWN)
    use_text(page)
    name = name_of_the_text(page)
    page.wait_for_function("name => location.search.includes(`text=${name}`)", arg=name)
    train(page)
    wait_for(page, "done[^]*step 4 of 4")
    run = run_of(server, page)
    assert run.experiment.task.text == name
    assert len(run.metrics.step) == 4
    open_menu(page)
    taken = {label: saved_by(page, label) for label in ("Metrics (CSV)", "Script (plain PyTorch)", "Text")}
    assert taken["Text"] == OWN
    assert taken["Metrics (CSV)"].count("\n") == 1 + 4
    assert "import torch" in taken["Script (plain PyTorch)"]


def open_menu(page):
    """Open the one card's menu, once what the card was drawn from before has gone."""
    dots = page.get_by_role("button", name="⋯")
    expect(dots).to_have_count(1, timeout=PATIENCE)
    dots.click()


def saved_by(page, label):
    """What the download button called ``label`` saves, as text."""
    with page.expect_download() as saved:
        page.get_by_test_id("stPopoverBody").get_by_role("button", name=label, exact=True).click()
    return saved.value.path().read_text(encoding="utf-8-sig")


def test_an_uploaded_text_is_learned_and_one_that_cannot_be_is_one_sentence(server, visit):
    one = visit(server)
    page = one.open(f"train?{READS}&seed=1")
    choose_own_text(page)
    use_text(page)
    wait_for(page, "Paste a text, or choose a file, first", "[data-testid=stAlert]")
    upload(page, "large.txt", b"ab" * 1_600_000)
    use_text(page)
    wait_for(page, "at most 2,000,000 bytes on this server, got 3,200,000", "[data-testid=stAlert]")
    upload(page, "picture.png", b"\x89PNG\r\n\x1a\n\x00\xff\x00")
    use_text(page)
    wait_for(page, "A text must be UTF-8, got the byte 0x89", "[data-testid=stAlert]")
    expect(page.get_by_test_id("stAlert")).to_have_count(1, timeout=PATIENCE)
    assert page.get_by_test_id("stException").count() == 0
    upload(page, "own.txt", OWN.encode())
    use_text(page)
    name = name_of_the_text(page)
    train(page)
    wait_for(page, "done[^]*step 4 of 4")
    assert run_of(server, page).experiment.task.text == name


def upload(page, name, content):
    """Choose a file, in place of one chosen before, and wait until the server has it."""
    page.set_input_files(".st-key-train-upload input[type=file]", {"name": name, "mimeType": "", "buffer": content})
    wait_for(page, re.escape(name), ".st-key-train-upload")


def test_arrow_keys_move_the_moment_shown_and_the_link_follows(server, visit):
    one = visit(server)
    page = one.open(f"train?{ADDING}&steps=40&seed=6")
    train(page)
    wait_for(page, "done")
    page.get_by_role("slider").first.press("ArrowLeft")
    page.wait_for_function("location.search.includes('at=39')")
    wait_for(page, "back at step 39")
    page.get_by_role("slider").first.press("ArrowRight")
    page.wait_for_function("!location.search.includes('at=')")
    wait_for(page, "done")


def test_a_figure_of_training_is_saved_as_picture_and_table(server, visit):
    page = visit(server).open("train")
    page.wait_for_selector(".st-key-train-loss .sv-plot[data-drawn] .main-svg", timeout=60_000)
    figure = page.locator(".st-key-train-loss")
    with page.expect_download() as saved:
        figure.get_by_role("button", name="Save this figure as PNG").click()
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as saved:
        figure.get_by_role("button", name="Save this figure's numbers as CSV").click()
    rows = saved.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == "series,training step,squared error"
    assert len(rows) > 1000


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_training_begins_on_the_first_screen_and_nothing_reaches_beyond_it(server, visit, size):
    one = visit(server, viewport={"width": size[0], "height": size[1]})
    page = one.open("train")
    page.wait_for_selector(".st-key-train-gates .sv-plot[data-drawn] .main-svg", timeout=60_000)
    box = page.get_by_role("button", name="Train", exact=True).bounding_box()
    assert box["y"] + box["height"] < size[1]
    slider = page.get_by_role("slider").first.bounding_box()
    assert slider["x"] + slider["width"] <= size[0]
    drawn = page.locator("[class*=st-key-train] .sv-plot")
    assert drawn.evaluate_all("all => all.every(one => one.querySelector('.main-svg').getBoundingClientRect().width > 100)")


TRANSLATES = (
    "translation.sentences=200&translation.longest=4&seq2seq.hidden_size=16&seq2seq.embedding_size=8&seq2seq.batch_size=8"
    "&seq2seq.steps=40&attentions=additive"
)


def test_a_translator_is_chosen_trained_and_taken_home(server, visit):
    one = visit(server)
    page = one.open(f"train?translation.corpus=reversal&{TRANSLATES}")
    page.locator(".st-key-train-task input").click()
    page.get_by_role("option", name="translation", exact=True).click()
    wait_for(page, "a network that reads alone answers only at the steps that it reads", "[data-testid=stCaptionContainer]")
    train(page)
    wait_for(page, "done[^]*step 40 of 40[^]*Watch it translate")
    wait_for(page, r"exactly right at training step 40: \d+ % by the GRU with additive attention", ".st-key-train-exact")
    for figure in ("loss", "metric", "norm", "flow", "gates"):
        page.wait_for_selector(f".st-key-train-{figure} .sv-plot[data-drawn] .main-svg", timeout=PATIENCE)
    run = run_of(server, page)
    assert (run.experiment.task.corpus, run.experiment.model.attention) == ("reversal", "additive")
    assert len(run.probes.exact) == len(run.probes.step)
    open_menu(page)
    assert "class EncoderDecoder" in saved_by(page, "Script (plain PyTorch)")
    other = visit(server).open(page.url.removeprefix(f"{server.address}/"))
    wait_for(other, re.escape(finding(page, "exact")), ".st-key-train-exact")


def test_own_sentences_are_uploaded_and_learned_and_a_bad_file_is_one_sentence(server, visit):
    settings = TRANSLATES.replace("longest=4", "longest=9").replace("steps=40", "steps=4")
    page = visit(server).open(f"train?task=translation&translation.corpus=own&{settings}")
    page.wait_for_selector(".st-key-train-go button:not([disabled])", timeout=PATIENCE)  # by then the whole form is drawn
    give(page, "bad.tsv", b"one\tun\nno tab\n")
    wait_for(page, "but line 2 has no tab: 'no tab'", "[data-testid=stAlert]")
    give(page, "own.tsv", "".join(f"<b>{n}</b> cat\tchat {n}\tmore\n" for n in range(60)).encode())
    wait_for(page, "Learning from pairs-[0-9a-f]{16}: 60 sentences", "[data-testid=stCaptionContainer]")
    assert "<b>0</b> cat → chat 0" in page.get_by_test_id("stText").first.inner_text()  # as typed
    assert "< b >" in page.get_by_test_id("stText").nth(1).inner_text()  # and word by word
    assert page.get_by_test_id("stException").count() == 0
    name = re.search(r"Learning from (pairs-[0-9a-f]{16})", page.inner_text("body"))[1]
    train(page)
    wait_for(page, "done[^]*step 4 of 4")
    assert run_of(server, page).experiment.task.text == name


def give(page, name, content):
    """Choose a file of sentences and use it."""
    for taken in page.locator(".st-key-train-sentences").get_by_test_id("stFileChipDeleteBtn").all():
        taken.locator("button").click()
    page.set_input_files(".st-key-train-sentences input[type=file]", {"name": name, "mimeType": "", "buffer": content})
    wait_for(page, re.escape(name), ".st-key-train-sentences")
    page.get_by_role("button", name="Use these sentences", exact=True).click()
