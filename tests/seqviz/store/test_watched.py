"""A watched run is read back as it was seen, also while it is written, and damage to it is said."""

import json
from dataclasses import replace

import numpy as np
import pytest

from seqviz.errors import MissingRunError, StoreError
from seqviz.records import GradientFlow, WatchedLayer, WatchedStep
from seqviz.store.watched import WatchedRuns, WatchedWriter


def step(number):
    norms = np.arange(6, dtype=np.float32).reshape(1, 1, 2, 3) + number
    flow = GradientFlow(hidden_norms=norms, cell_norms=None, direct_norms=norms * 2, lengths=np.array([3, 2]), note="a note")
    layer = WatchedLayer(
        kind="GRU",
        flow=flow,
        sequences=20,
        left_saturated={"update": np.array([[0.25]])},
        right_saturated={"update": np.array([[0.5]])},
    )
    return WatchedStep(
        step=number, norm_before=None, norm_after=1.5, layers={"enc/oder.rnn": layer}, entropies={"a.b": np.array([0.1, 0.2])},
        notes=("one", "two"), not_finite="x",
    )  # fmt: skip


def same(found, expected):
    assert replace(found, layers={}, entropies={}) == replace(expected, layers={}, entropies={})
    assert found.layers.keys() == expected.layers.keys()
    for name, layer in expected.layers.items():
        own = found.layers[name]
        assert (own.kind, own.sequences, own.flow.note) == (layer.kind, layer.sequences, layer.flow.note)
        for field in ("hidden_norms", "direct_norms", "lengths"):
            np.testing.assert_array_equal(getattr(own.flow, field), getattr(layer.flow, field))
        assert own.flow.cell_norms is None
        np.testing.assert_array_equal(own.left_saturated["update"], layer.left_saturated["update"])
        np.testing.assert_array_equal(own.right_saturated["update"], layer.right_saturated["update"])
    np.testing.assert_array_equal(found.entropies["a.b"], expected.entropies["a.b"])


def test_a_run_is_read_as_it_was_seen_while_it_is_written(tmp_path):
    writer, runs = WatchedWriter(str(tmp_path), "Model", 10), WatchedRuns(str(tmp_path))
    assert runs.open(writer.id).steps == ()
    for number in (0, 10, 100):
        writer.write(step(number))
    run = runs.open(writer.id)
    assert (run.model, run.every, run.state, run.damaged) == ("Model", 10, "running", ())
    assert [one.step for one in run.steps] == [0, 10, 100]
    for found in run.steps:
        same(found, step(found.step))
    writer.end("ValueError: no")
    assert runs.open(writer.id).state == "broke off: ValueError: no"
    writer.end(None)
    assert runs.open(writer.id).state == "ended"


def test_known_steps_are_not_read_again(tmp_path):
    writer = WatchedWriter(str(tmp_path), "Model", 10)
    writer.write(step(0))
    runs = WatchedRuns(str(tmp_path))
    known = {0: runs.open(writer.id).steps[0]}
    assert runs.open(writer.id, known).steps[0] is known[0]


def test_the_latest_run_comes_first(tmp_path, monkeypatch):
    ids = []
    for now in (3.0, 1.0, 2.0):
        monkeypatch.setattr("seqviz.store.watched.time.time", lambda now=now: now)
        ids.append(WatchedWriter(str(tmp_path), "Model", 1).id)
    assert WatchedRuns(str(tmp_path)).ids() == [ids[0], ids[2], ids[1]]
    assert WatchedRuns(str(tmp_path / "none")).ids() == []


@pytest.mark.parametrize("content", [b"", b"no safetensors", b"\x08\0\0\0\0\0\0\0{}      "])
def test_damage_is_said(tmp_path, content):
    writer = WatchedWriter(str(tmp_path), "Model", 1)
    writer.write(step(0))
    writer.write(step(1))
    folder = tmp_path / "watched" / writer.id
    (folder / "step-1.safetensors").write_bytes(content)
    run = WatchedRuns(str(tmp_path)).open(writer.id)
    assert [one.step for one in run.steps] == [0]
    assert run.damaged == ("step-1.safetensors",)
    (folder / "about.json").write_text(json.dumps([1]))
    assert WatchedRuns(str(tmp_path)).open(writer.id).state == "damaged: about.json cannot be read"


@pytest.mark.parametrize("run", ["0123456789ab", "../runs", "", "a/b"])
def test_a_run_that_is_not_there_is_said(tmp_path, run):
    with pytest.raises(MissingRunError, match="there is no run"):
        WatchedRuns(str(tmp_path)).open(run)


def test_a_folder_that_cannot_be_written_is_said_at_once(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError):
        WatchedWriter(str(tmp_path / "file"), "Model", 1)
