"""The page Train in a real browser: networks learn live; links, killed workers and other people's clicks lose nothing."""

import os
import re
import signal
from pathlib import Path

import numpy as np
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 300_000  # ms; a test waits for what must come, never for a time
ADDING = "adding.length=8&hidden_size=16&cells=lstm&batch_size=64"


def card(page):
    return page.locator("[class*=st-key-train-card]")


def wait_for(page, words, within="[class*=st-key-train-card]"):
    """Wait until ``within`` says what matches ``words``."""
    script = "([where, words]) => [...document.querySelectorAll(where)].some(one => new RegExp(words).test(one.innerText))"
    page.wait_for_function(script, arg=[within, words], timeout=PATIENCE)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).first.click()


def train(page):
    """Press Train as soon as the page knows who is there."""
    page.wait_for_selector(".st-key-train-go button:not([disabled])", timeout=PATIENCE)
    press(page, "Train")


def finding(page, figure):
    return page.locator(f".st-key-train-{figure} .sv-finding").inner_text()


def run_of(server, page):
    """The run on the board as the server's store has it."""
    from seqviz.store import Store
    from seqviz.ui.training.sharing import read_run

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

    workers = [pid for pid in descendants(server.process.pid) if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return max(workers, key=seconds)


def test_an_lstm_learns_live_while_its_link_is_opened_and_its_worker_killed(server, visit):
    from seqviz.training import Trainer

    one = visit(server)
    page = one.open(f"train?{ADDING}&steps=600")
    train(page)
    wait_for(page, r"step [1-9][\d,]* of 600")
    page.wait_for_function("location.search.includes('runs=')")
    os.kill(training_worker(server), signal.SIGKILL)
    other = visit(server)
    watcher = other.open(page.url.removeprefix(f"{server.address}/"))
    wait_for(watcher, "step [1-9]")
    press(watcher, "Cancel")  # another person lets go; the run is not theirs to end
    for each in (page, watcher):
        wait_for(each, "done")
    assert re.search(r"the LSTM's is [\d.]+ times below it", finding(page, "loss"))
    assert finding(watcher, "loss") == finding(page, "loss")
    run = run_of(server, page)
    trainer = Trainer(run.experiment)
    undisturbed = [trainer.step() for _ in range(run.experiment.training.steps)]
    np.testing.assert_array_equal(run.metrics.loss, [row.loss for row in undisturbed])
    np.testing.assert_array_equal(run.metrics.gradient_norm, [row.gradient_norm for row in undisturbed])
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
    assert "at=" not in page.url


def test_a_hostile_link_gives_one_sentence_and_a_page_that_works(server, visit):
    one = visit(server)
    page = one.open("train?runs=adding~lstm~length-NaN~~%3Cimg%20src=x%20onerror=alert(1)%3E&steps=1e308")
    page.wait_for_selector(".st-key-train-go button:not([disabled])", timeout=PATIENCE)
    alerts = page.get_by_test_id("stAlert").all_inner_texts()
    assert len(alerts) == 1
    assert "length must be a whole number in [2, 2000], got 'NaN'" in alerts[0]
    assert page.get_by_test_id("stException").count() == 0
    assert page.locator("img[src=x]").count() == 0
