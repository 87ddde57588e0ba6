"""A commit is seen whole or not at all, whatever fails meanwhile."""

import errno
import os
import threading
from pathlib import Path

import numpy as np
import pytest

from seqviz.errors import StoreError
from seqviz.store import Store, files


def folder_of(store, experiment) -> Path:
    return Path(store.url) / "runs" / experiment.run_id


def test_each_commit_replaces_the_last_and_leaves_no_file_behind(store, experiment, commit):
    writer = store.writer(experiment)
    for step in (5, 10, 20):
        commit(writer, step)

    names = sorted(path.name.split("-")[0] for path in folder_of(store, experiment).iterdir())
    assert names == ["checkpoint", "experiment.json", "metrics", "probes", "status.json", "weights"]
    assert store.open(experiment.run_id).status.steps_done == 20


def test_snapshots_of_earlier_commits_are_kept(store, experiment, commit):
    writer = store.writer(experiment)
    commit(writer, 5, snapshots={0: {"w": np.zeros(2)}, 5: {"w": np.ones(2)}})
    commit(writer, 10, snapshots={10: {"w": np.ones(2)}})
    commit(store.writer(experiment), 20)  # taken up again

    assert store.open(experiment.run_id).snapshot_steps == (0, 5, 10)


def test_a_commit_after_the_folder_was_set_aside_is_whole_again(store, experiment, commit):
    writer = store.writer(experiment)
    commit(writer, 5)
    folder_of(store, experiment).rename(Path(store.url) / "aside")
    commit(writer, 10)

    assert store.open(experiment.run_id).status.steps_done == 10


def test_the_vocabulary_is_kept_with_the_weights(store, experiment, commit):
    commit(store.writer(experiment), 20, vocabulary="ab\né漢")

    assert store.vocabulary(experiment.run_id) == "ab\né漢"


def test_a_transposed_array_keeps_its_numbers(store, experiment, commit):
    turned = np.arange(6.0).reshape(2, 3).T
    commit(store.writer(experiment), 20, weights={"w": turned})

    np.testing.assert_array_equal(store.weights(experiment.run_id)["w"], turned)


def test_a_single_number_stays_one(store, experiment, commit):
    commit(store.writer(experiment), 20, checkpoint={"steps_done": np.array(20)})

    assert store.checkpoint(experiment.run_id)["steps_done"].shape == ()


@pytest.mark.parametrize("writes", range(5))
def test_a_crash_in_mid_commit_leaves_the_last_commit_intact(store, experiment, commit, monkeypatch, writes):
    writer = store.writer(experiment)
    commit(writer, 5)
    left = iter(range(writes))
    real = os.replace

    def replace(*paths):
        if next(left, None) is None:
            raise KeyboardInterrupt  # like a kill: nothing is tidied up by the writer
        real(*paths)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        commit(writer, 10)
    monkeypatch.undo()

    assert store.open(experiment.run_id).status.steps_done == 5
    commit(store.writer(experiment), 20)
    assert store.open(experiment.run_id).status.steps_done == 20
    assert len(list(folder_of(store, experiment).iterdir())) == 6


@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "is full"), (errno.EACCES, "no permission"), (errno.EIO, "writing .* failed")]
)
def test_a_disk_that_refuses_is_one_sentence_and_loses_nothing(store, experiment, commit, monkeypatch, number, said):
    writer = store.writer(experiment)
    commit(writer, 5)

    def refuse(*paths):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files.os, "replace", refuse)
    with pytest.raises(StoreError, match=said) as error:
        commit(writer, 10)
    monkeypatch.undo()

    assert "\n" not in str(error.value)
    assert store.url in str(error.value)
    assert store.open(experiment.run_id).status.steps_done == 5
    commit(writer, 10)
    assert store.open(experiment.run_id).status.steps_done == 10


def test_a_folder_without_manifest_is_no_run_and_is_set_aside_before_it_is_trained_again(store, experiment, commit):
    commit(store.writer(experiment), 5)
    (folder_of(store, experiment) / "status.json").unlink()

    assert store.open(experiment.run_id) is None
    commit(store.writer(experiment), 20)
    assert store.open(experiment.run_id).status.steps_done == 20
    assert len(list((Path(store.url) / "damaged" / f"{experiment.run_id}-1").iterdir())) == 5


def test_a_reader_never_sees_half_of_a_commit(store, experiment, commit):
    writer = store.writer(experiment)
    commit(writer, 1)
    over = threading.Event()

    def read_on(seen: list[int]) -> None:
        own = Store(store.url)
        while not over.is_set():
            run = own.open(experiment.run_id)
            assert len(run.metrics.step) == run.status.steps_done
            assert own.weights(experiment.run_id)["rnn.weight_hh_l0"].shape == (3, 4)
            seen.append(run.status.steps_done)

    seen: list[int] = []
    reader = threading.Thread(target=read_on, args=(seen,))
    reader.start()
    for step in range(2, 40):
        commit(writer, step)
    while reader.is_alive() and not seen:
        pass
    over.set()
    reader.join()

    assert seen == sorted(seen)
    assert not (Path(store.url) / "damaged").exists()
