"""A run reads back as it was written, or is set aside with a message and never shown."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from seqviz.errors import DamagedRunError, StoreError
from seqviz.experiment import Parent
from seqviz.store import Store
from seqviz.store.files import Files
from seqviz.store.runs import RunFolders


def folder_of(store, experiment) -> Path:
    return Path(store.url) / "runs" / experiment.run_id


@pytest.fixture
def saved(store, experiment, commit) -> Path:
    """A finished run with a snapshot; its folder."""
    commit(store.writer(experiment), 20, "done", snapshots={10: {"w": np.ones(3, np.float32)}})
    return folder_of(store, experiment)


def test_a_run_reads_back_as_it_was_written(store, experiment, saved):
    run = store.open(experiment.run_id)

    assert run.experiment == experiment
    assert (run.status.state, run.status.steps_done, run.status.seconds) == ("done", 20, 20.0)
    assert run.status.machine
    assert run.status.versions["numpy"] == np.__version__
    np.testing.assert_array_equal(run.metrics.step, np.arange(1, 21))
    assert run.metrics.clipped.dtype == bool
    np.testing.assert_array_equal(run.probes.hidden_norms[1], 20.0)
    np.testing.assert_array_equal(run.probes.gate_means["forget"][:, 0, 0], [1.0, 21.0])
    assert run.snapshot_steps == (10,)
    assert not run.pretrained


def test_weights_open_at_the_last_step_and_at_snapshots(store, experiment, saved):
    assert store.weights(experiment.run_id)["rnn.weight_hh_l0"][0, 0] == 20.0
    assert store.weights(experiment.run_id, 20)["rnn.weight_hh_l0"][0, 0] == 20.0
    np.testing.assert_array_equal(store.weights(experiment.run_id, 10)["w"], 1.0)
    with pytest.raises(StoreError, match=r"after step 7 .* were not kept; kept: 10"):
        store.weights(experiment.run_id, 7)


def test_a_run_that_nobody_trained_is_none(store, experiment):
    assert store.open(experiment.run_id) is None
    assert store.checkpoint(experiment.run_id) is None
    with pytest.raises(StoreError, match="there is no run"):
        store.weights(experiment.run_id)


def test_ancestors_are_kept_with_the_run(store, experiment, commit):
    child = replace(experiment, parent=Parent(run=experiment.run_id, step=10))
    commit(store.writer(child, (experiment,)), 20)

    assert store.open(child.run_id).ancestors == (experiment,)


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGES = {
    "flipped byte": flip_a_byte,
    "half a file": cut_in_half,
    "missing": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
}
ROLES = ("status.json", "experiment.json", "metrics-*", "probes-*")


@pytest.mark.parametrize(
    ("role", "damage"),
    # a folder without a manifest is no run yet: see the tests of the writer
    [(role, damage) for role in ROLES for damage in DAMAGES if (role, damage) != ("status.json", "missing")],
)
def test_a_damaged_run_is_set_aside_with_a_message_and_never_shown(store, experiment, saved, role, damage):
    DAMAGES[damage](next(saved.glob(role)))

    with pytest.raises(DamagedRunError, match=rf"{experiment.run_id} is damaged .* set aside as damaged/{experiment.run_id}-1"):
        store.open(experiment.run_id)
    assert store.open(experiment.run_id) is None
    assert (Path(store.url) / "damaged" / f"{experiment.run_id}-1").is_dir()


@pytest.mark.parametrize("role", ["weights-*", "checkpoint-*", "snapshot-10-*"])
def test_a_flipped_byte_in_weights_is_found_when_they_are_read(store, experiment, saved, role):
    flip_a_byte(next(saved.glob(role)))
    read = {"w": lambda: store.weights(experiment.run_id), "c": lambda: store.checkpoint(experiment.run_id)}
    read["s"] = lambda: store.weights(experiment.run_id, 10)

    with pytest.raises(DamagedRunError, match="does not match its checksum"):
        read[role[0]]()
    assert store.open(experiment.run_id) is None


@pytest.mark.parametrize("role", ["weights-*", "checkpoint-*", "snapshot-10-*"])
def test_half_a_file_of_weights_is_found_when_the_run_is_opened(store, experiment, saved, role):
    cut_in_half(next(saved.glob(role)))

    with pytest.raises(DamagedRunError, match="bytes"):
        store.open(experiment.run_id)


def test_bad_json_that_carries_a_right_checksum_is_damage_too(store, experiment, saved):
    status = saved / "status.json"
    status.write_text(json.dumps({"sha256": "0" * 64, "status": {}, "files": {}}))

    with pytest.raises(DamagedRunError, match=r"status.json does not match"):
        store.open(experiment.run_id)


def test_an_experiment_of_another_run_is_damage(store, experiment, commit):
    commit(store.writer(experiment), 20, "done")
    other = replace(experiment, seed=5)
    folder_of(store, experiment).rename(folder_of(store, other))

    with pytest.raises(DamagedRunError, match="another run's"):
        store.open(other.run_id)


def test_damaged_copies_of_one_run_are_numbered(store, experiment, commit):
    for n in (1, 2):
        commit(store.writer(experiment), 20, "done")
        (folder_of(store, experiment) / "status.json").write_text("{")
        with pytest.raises(DamagedRunError, match=f"{experiment.run_id}-{n}"):
            store.open(experiment.run_id)


def test_of_many_that_find_one_damage_at_once_one_sets_the_run_aside(store, experiment, saved):
    (saved / "status.json").write_text("{")
    others, together = [Store(store.url) for _ in range(8)], threading.Barrier(8)  # as separate processes

    def look(other):
        together.wait()
        try:
            return other.open(experiment.run_id)
        except DamagedRunError as error:
            return str(error)

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(look, others))
    assert [folder.name for folder in Path(store.url, "damaged").iterdir()] == [f"{experiment.run_id}-1"]
    assert [path.name for path in Path(store.url, "damaged", f"{experiment.run_id}-1").iterdir() if path.is_dir()] == []
    assert all(one is None or "is damaged" in one for one in told)
    assert sum("-1 and will be" in (one or "") for one in told) == 1


def test_whoever_comes_second_to_a_damaged_run_sets_nothing_else_aside(store, experiment, saved):
    first, second = RunFolders(Files(store.url)), RunFolders(Files(store.url))
    assert f"damaged/{experiment.run_id}-1 and" in str(first.set_aside(experiment.run_id, "its disk failed"))
    late = second.set_aside(experiment.run_id, "its disk failed")

    assert (
        str(late)
        == f"the saved run {experiment.run_id} is damaged (its disk failed); it was set aside and will be trained again"
    )
    assert len(list(Path(store.url, "damaged").iterdir())) == 1


def test_a_pretrained_run_is_looked_up_first_and_never_written(tmp_path, experiment, commit):
    shipped = Store(str(tmp_path / "pretrained"))
    commit(shipped.writer(experiment), 20, "done")
    store = Store(str(tmp_path / "own"), str(tmp_path / "pretrained"))

    assert store.open(experiment.run_id).pretrained
    assert store.pretrained_ids() == [experiment.run_id]
    assert store.weights(experiment.run_id)["rnn.weight_hh_l0"][0, 0] == 20.0


def test_a_damaged_pretrained_run_is_passed_over_but_left_where_it_is(tmp_path, experiment, commit):
    shipped = Store(str(tmp_path / "pretrained"))
    commit(shipped.writer(experiment), 20, "done")
    flip_a_byte(next(folder_of(shipped, experiment).glob("weights-*")))
    store = Store(str(tmp_path / "own"), str(tmp_path / "pretrained"))

    with pytest.raises(StoreError, match=r"were not kept|there is no run"):
        store.weights(experiment.run_id)
    assert store.open(experiment.run_id) is None
    commit(store.writer(experiment), 3)
    assert store.open(experiment.run_id).status.steps_done == 3
    assert folder_of(shipped, experiment).is_dir()


def test_runs_live_at_any_url_that_fsspec_knows(experiment, commit):
    store = Store("memory://seqviz-test-runs")
    commit(store.writer(experiment), 20, "done")

    assert store.open(experiment.run_id).status.state == "done"
    assert store.run_ids() == [experiment.run_id]


def test_an_url_of_no_known_kind_is_refused():
    with pytest.raises(StoreError, match=r"store.url must be"):
        Store("nonsense://here")


def test_a_run_can_be_marked_as_failed_where_its_worker_could_not(store, experiment, commit):
    commit(store.writer(experiment), 5)
    store.mark(experiment.run_id, "failed", "the worker died")

    run = store.open(experiment.run_id)
    assert (run.status.state, run.status.message, run.status.steps_done) == ("failed", "the worker died", 5)
    store.mark("0" * 20, "failed", "nobody knows it")
    assert store.open("0" * 20) is None
