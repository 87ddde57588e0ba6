"""The lab's promises, through its real child process and workers."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from seqviz.errors import JobError, LimitError, MissingTextError, StoreError, TextError
from seqviz.experiment import Experiment, Parent, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig, CharactersConfig

pytestmark = pytest.mark.slow


def rested(lab, run_id):
    return lambda: not lab.view(run_id).live


def test_a_run_is_trained_recorded_and_kept(lab, experiment, until, undisturbed, same):
    view = lab.submit(experiment, person="ada")
    assert view.state in ("queued", "running")
    until(rested(lab, view.id))

    view = lab.view(view.id)
    assert (view.state, view.steps_done, view.steps, view.message) == ("done", 200, 200, "")
    same(view.metrics, undisturbed(experiment))
    assert (view.probes.step[0], view.probes.step[-1]) == (0, 200)
    assert view.snapshot_steps[0] == 0
    assert view.seconds > 0
    assert view.machine


def test_an_experiment_that_is_done_is_found_and_not_trained_again(lab, experiment, until):
    lab.submit(experiment)
    until(rested(lab, experiment.run_id))
    kept = lab.store.manifest(experiment.run_id)

    assert lab.submit(experiment, person="bob").state == "done"
    assert lab.store.manifest(experiment.run_id) == kept


def test_what_a_run_does_is_seen_while_it_does_it(lab, endless, until):
    lab.submit(endless, person="ada")
    until(lambda: lab.view(endless.run_id).steps_done > 50)

    view = lab.view(endless.run_id)  # as a page would that comes only now
    assert view.state == "running"
    np.testing.assert_array_equal(view.metrics.step, np.arange(1, view.steps_done + 1))
    assert view.probes.step[0] == 0
    assert view.remaining > 0
    lab.stop(endless.run_id, "ada")
    until(rested(lab, endless.run_id))


def test_cancelling_is_quick_and_keeps_what_was_learned(lab, endless, until):
    lab.submit(endless, person="ada")
    until(lambda: lab.view(endless.run_id).steps_done > 20)

    began = time.monotonic()
    lab.stop(endless.run_id, "ada")
    until(rested(lab, endless.run_id))
    took = time.monotonic() - began

    view = lab.view(endless.run_id)
    assert view.state == "stopped"
    assert len(view.metrics.step) == view.steps_done > 20
    assert int(lab.store.checkpoint(endless.run_id)["steps_done"]) == view.steps_done
    assert took < 10  # bench holds it to one second; a test machine may do much else


def test_a_run_that_was_paused_goes_on_to_the_same_numbers(lab, long, until, undisturbed, same):
    lab.submit(long, person="ada")
    for pause_at in (30, 400):
        until(lambda at=pause_at: lab.view(long.run_id).steps_done > at)
        lab.pause(long.run_id, "ada")
        until(rested(lab, long.run_id))
        assert lab.view(long.run_id).state == "paused"
        lab.resume(long.run_id, "ada")
    until(rested(lab, long.run_id))

    assert lab.view(long.run_id).state == "done"
    same(lab.view(long.run_id).metrics, undisturbed(long))


def test_pausing_frees_the_worker(lab, endless, experiment, until):
    lab.submit(endless, person="ada")
    until(lambda: lab.view(endless.run_id).state == "running")
    waiting = lab.submit(experiment, person="bob")
    assert (waiting.state, waiting.position) == ("queued", 0)

    lab.pause(endless.run_id, "ada")
    until(rested(lab, experiment.run_id))
    assert lab.view(experiment.run_id).state == "done"


def test_single_steps_are_quick(lab, experiment, until, undisturbed, same):
    took = []
    for step in range(1, 6):
        began = time.monotonic()
        lab.submit(experiment, person="ada", until=step)
        until(rested(lab, experiment.run_id))
        took.append(time.monotonic() - began)
        view = lab.view(experiment.run_id)
        assert (view.state, view.steps_done) == ("paused", step)

    assert sorted(took)[2] < 10
    assert lab.store.handles.one("ada", experiment.run_id).state == "paused"  # a restart must not take it up by itself
    lab.resume(experiment.run_id, "ada")
    until(rested(lab, experiment.run_id))
    same(lab.view(experiment.run_id).metrics, undisturbed(experiment))


def test_one_persons_stop_takes_nothing_from_another(lab, endless, until):
    for person in ("ada", "bob"):
        lab.submit(endless, person=person)
    assert lab.view(endless.run_id).watchers == 2
    lab.stop(endless.run_id, "ada")
    seen = lab.view(endless.run_id).steps_done
    until(lambda: lab.view(endless.run_id).steps_done > seen + 20)
    assert lab.view(endless.run_id).state == "running"

    lab.stop(endless.run_id, "bob")
    until(rested(lab, endless.run_id))
    assert lab.view(endless.run_id).state == "stopped"


def test_many_threads_that_ask_for_one_run_get_one_computation(lab, experiment, until):
    threads = [threading.Thread(target=lab.submit, args=(experiment,), kwargs={"person": f"p{i}"}) for i in range(30)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert lab.view(experiment.run_id).watchers == 30 or lab.view(experiment.run_id).state == "done"
    until(rested(lab, experiment.run_id))

    assert lab.view(experiment.run_id).state == "done"
    assert all(len(lab.runs(f"p{i}")) == 1 for i in range(30))


def test_whoever_comes_back_just_after_the_last_one_left_keeps_the_run_going(lab, endless, until):
    lab.submit(endless, person="ada")
    until(lambda: lab.view(endless.run_id).steps_done > 5)
    lab.pause(endless.run_id, "ada")
    lab.submit(endless, person="bob")

    seen = lab.view(endless.run_id).steps_done
    until(lambda: lab.view(endless.run_id).steps_done > seen + 200)
    lab.stop(endless.run_id, "bob")
    until(rested(lab, endless.run_id))


def test_a_queued_run_can_be_cancelled_and_resumed(lab, endless, experiment, until):
    lab.submit(endless, person="ada")
    until(lambda: lab.view(endless.run_id).state == "running")
    lab.submit(experiment, person="bob")
    lab.stop(experiment.run_id, "bob")
    assert lab.view(experiment.run_id, "bob").state == "stopped"
    assert [view.state for _, view in lab.runs("bob") if view.id == experiment.run_id] == ["stopped"]

    lab.resume(experiment.run_id, "bob")
    lab.stop(endless.run_id, "ada")
    until(rested(lab, experiment.run_id))
    assert lab.view(experiment.run_id).state == "done"


def test_a_worker_killed_in_mid_run_changes_no_number(lab, long, until, undisturbed, same):
    lab.submit(long, person="ada")
    until(lambda: lab.view(long.run_id).steps_done > 200 and lab.view(long.run_id).snapshot_steps)
    job = lab._queue.find(long.run_id)
    before = job.live.pid
    os.kill(before, signal.SIGKILL)
    until(lambda: job.live.pid != before or not lab.view(long.run_id).live, "another worker to take it up")
    until(rested(lab, long.run_id))

    view = lab.view(long.run_id)
    assert view.state == "done"
    same(view.metrics, undisturbed(long))
    expected = replace(long, seed=long.seed)
    assert list(view.probes.step) == sorted(set(view.probes.step))
    assert expected.run_id == view.id


def test_the_workers_process_killed_in_mid_run_changes_no_number(own_lab, long, until, undisturbed, same):
    lab = own_lab()
    lab.submit(long, person="ada")
    until(lambda: lab.view(long.run_id).steps_done > 200)
    os.kill(lab._connection.child_pid, signal.SIGKILL)
    until(rested(lab, long.run_id))

    assert lab.view(long.run_id).state == "done"
    same(lab.view(long.run_id).metrics, undisturbed(long))


def test_the_app_stopped_and_started_again_ends_with_the_same_numbers(own_lab, long, until, undisturbed, same):
    first = own_lab()
    first.submit(long, person="ada", name="the long one")
    until(lambda: first.view(long.run_id).steps_done > 200 and first.view(long.run_id).snapshot_steps)
    first.close()

    second = own_lab()
    ((handle, view),) = second.runs("ada")
    assert (handle.name, view.state) == ("the long one", "interrupted")
    assert 0 < view.steps_done < long.training.steps
    assert second.attend(long.run_id, "bob").state == "interrupted"  # without a handle, one only looks
    second.attend(long.run_id, "ada")
    until(rested(second, long.run_id))
    same(second.view(long.run_id).metrics, undisturbed(long))


def test_workers_end_when_their_app_is_killed(tmp_path, until):
    script = (
        "import sys, time; from dataclasses import replace; from seqviz.lab import Lab; from seqviz.settings import settings\n"
        f"lab = Lab(replace(settings(), store=replace(settings().store, url={str(tmp_path)!r})))\n"
        "lab.hardware(); assert 'torch' not in sys.modules\n"
        "print(lab._connection.child_pid, flush=True); time.sleep(60)"
    )
    app = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=Path.cwd())
    cluster = int(app.stdout.readline())
    workers = children(cluster)
    app.kill()
    app.wait()
    app.stdout.close()

    assert workers
    until(lambda: not any(alive(pid) for pid in [cluster, *workers]), "cluster and workers to end")


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for one in found] + [grandchild for one in found for grandchild in children(int(one))]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_divergence_names_step_and_tensor_and_keeps_the_last_finite_checkpoint(lab, experiment, until):
    wild = replace(
        experiment,
        model=RecurrentConfig(name="rnn", activation="relu", hidden_size=4, initialisation="orthogonal", scale=100.0),
        task=AddingConfig(length=60),
        training=TrainingConfig(steps=50, optimizer="sgd", learning_rate=1e6, clip="off"),
    )
    lab.submit(wild, person="ada")
    until(rested(lab, wild.run_id))

    view = lab.view(wild.run_id)
    assert view.state == "diverged"
    assert f"step {view.steps_done + 1}: " in view.message
    assert all(np.isfinite(array).all() for array in lab.store.checkpoint(wild.run_id).values())
    assert lab.resume(wild.run_id, "ada").state == "diverged"  # it would end the same way again


def test_a_child_run_goes_on_from_its_parents_checkpoint_with_other_settings(lab, experiment, until, undisturbed, same):
    lab.submit(experiment)
    until(rested(lab, experiment.run_id))
    child = replace(
        experiment,
        training=replace(experiment.training, steps=50, learning_rate=0.001),
        parent=Parent(run=experiment.run_id, step=200),
    )
    lab.submit(child)
    until(rested(lab, child.run_id))

    view = lab.view(child.run_id)
    assert (view.state, view.steps_done, view.steps) == ("done", 250, 250)
    assert view.ancestors == (experiment,)
    same(view.metrics, undisturbed(child, lab.store.checkpoint(experiment.run_id)))


def test_a_child_of_a_step_in_the_past_and_of_runs_never_seen_here_is_the_same(lab, experiment, until):
    middle = replace(experiment, parent=Parent(run=experiment.run_id, step=120))
    child = replace(experiment, parent=Parent(run=middle.run_id, step=150), seed=3)
    lab.submit(child, ancestors=[middle, experiment])
    until(rested(lab, child.run_id))
    fresh = lab.view(child.run_id)
    assert (fresh.state, fresh.message) == ("done", "")
    assert fresh.ancestors == (middle, experiment)

    with pytest.raises(JobError, match="which this server does not know"):
        lab.submit(replace(child, parent=Parent(run="0" * 20, step=3)))


def test_what_is_over_a_limit_is_refused_at_once(lab, experiment):
    with pytest.raises(LimitError, match="hidden_size may be at most 512 on this server, got 513"):
        lab.submit(replace(experiment, model=replace(experiment.model, hidden_size=513)))
    with pytest.raises(LimitError, match="length may be at most 1,000 on this server, got 1,500"):
        lab.submit(replace(experiment, task=AddingConfig(length=1500)))


def test_a_person_has_only_so_many_runs_queued(lab, endless, until):
    many = [replace(endless, seed=endless.seed + 10_000 + i) for i in range(9)]
    for one in many[:8]:
        lab.submit(one, person="greedy")
    with pytest.raises(LimitError, match="8 runs queued or running on this server, and you have 8"):
        lab.submit(many[8], person="greedy")
    assert len(lab.runs("greedy")) == 8
    positions = [lab.view(one.run_id).position for one in many[1:8]]
    assert positions == sorted(positions)
    lab.submit(many[8], person="modest")
    assert lab.view(many[8].run_id).position == 0  # no one waits behind one person's eight runs

    for one in many[:8]:
        lab.delete(one.run_id, "greedy")
    lab.delete(many[8].run_id, "modest")
    until(lambda: not any(True for _ in lab._queue))
    assert lab.runs("greedy") == []


def test_texts_are_named_by_content_and_missing_or_short_ones_refused(lab, experiment, until):
    characters = replace(experiment, task=CharactersConfig(length=8), training=TrainingConfig(steps=2, batch_size=2))
    view = lab.submit(characters)
    assert view.experiment.task.text.startswith("python-3")
    until(rested(lab, view.id))
    assert (lab.view(view.id).state, lab.view(view.id).message) == ("done", "")
    assert "\n" in lab.store.vocabulary(view.id)

    with pytest.raises(MissingTextError, match="text-0123456789abcdef"):
        lab.submit(replace(experiment, task=CharactersConfig(text="text-0123456789abcdef")))
    short = lab.store.texts.add("ab")
    with pytest.raises(TextError, match="longer than one sequence"):
        lab.submit(replace(experiment, task=CharactersConfig(text=short)))


def test_a_damaged_run_is_trained_again_and_the_page_says_so(lab, experiment, until, undisturbed, same):
    lab.submit(experiment, person="ada")
    until(rested(lab, experiment.run_id))
    lab._shelf.forget(experiment.run_id)  # as after a restart
    metrics = next(Path(lab.store.url, "runs", experiment.run_id).glob("metrics-*"))
    metrics.write_bytes(metrics.read_bytes()[:-1] + b"?")

    view = lab.attend(experiment.run_id, "ada")
    assert "set aside" in view.message
    assert len(view.metrics.step) == 0
    until(rested(lab, experiment.run_id))
    assert lab.view(experiment.run_id).state == "done"
    same(lab.view(experiment.run_id).metrics, undisturbed(experiment))


def test_idle_persons_let_go_of_their_runs(lab, endless, until, monkeypatch):
    lab.submit(endless, person="gone")
    until(lambda: lab.view(endless.run_id).state == "running")
    lab._seen["gone"] -= 60 * lab.settings.lab.idle_minutes + 1
    lab._keeper.wake()
    until(rested(lab, endless.run_id))

    assert lab.view(endless.run_id).state == "paused"
    until(lambda: lab.store.handles.one("gone", endless.run_id).state == "paused")
    assert "gone" not in lab._seen


def test_a_store_that_cannot_be_written_is_one_clear_sentence(lab, experiment, until):
    place = Path(lab.store.url, "runs", experiment.run_id)
    place.parent.mkdir(exist_ok=True)
    place.symlink_to("/nowhere/at/all")  # nothing can be written there, not even by root
    lab.submit(experiment, person="ada")
    until(lambda: not lab.view(experiment.run_id, "ada").live)

    view = lab.view(experiment.run_id, "ada")
    assert view.state == "failed"
    assert "\n" not in view.message
    assert lab.store.url in view.message
    place.unlink()
    lab.resume(experiment.run_id, "ada")
    until(rested(lab, experiment.run_id))
    assert lab.view(experiment.run_id).state == "done"


def test_an_unknown_run_is_said_to_be_unknown(lab):
    with pytest.raises(StoreError, match="there is no run"):
        lab.view("0" * 20, "ada")


def test_experiments_of_this_file_are_distinct(experiment, endless, long):
    assert len({experiment.run_id, endless.run_id, long.run_id}) == 3
    assert isinstance(experiment, Experiment)
