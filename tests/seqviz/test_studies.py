"""A study's result is read as it was written, and what is missing or damaged is one sentence."""

import json

import numpy as np
import pytest

from seqviz.errors import StoreError, UnknownNameError
from seqviz.experiment import Experiment, RecurrentConfig
from seqviz.experiment.task import AddingConfig
from seqviz.studies import Study, StudyResult, StudyRow, read_study, write_study

STUDY = Study(
    name="cells", title="Two cells.", measure="none",
    arms={cell: Experiment(task=AddingConfig(), model=RecurrentConfig(name=cell)) for cell in ("rnn", "gru")}, seeds=(0, 1),
)  # fmt: skip
ROWS = tuple(
    StudyRow(
        arm=arm, seed=seed, run=STUDY.experiment(arm, seed).run_id, measures={"exact": 0.5 + seed / 4} if arm == "gru" else {},
        step_seconds=0.01 * (1 + seed) * (2 if arm == "rnn" else 1), attention={"le chat": [[0.25, 0.75]]},
    )
    for seed in STUDY.seeds
    for arm in STUDY.arms
)  # fmt: skip
RESULT = StudyResult(name="cells", title="Two cells.", machine="Linux", versions={"torch": "2"}, rows=ROWS)


def test_it_is_read_as_it_was_written(tmp_path):
    write_study(RESULT, tmp_path)
    assert read_study(tmp_path, "cells") == RESULT
    lines = (tmp_path / "studies" / "cells.json").read_text().splitlines()
    assert sum(line.startswith('{"arm"') for line in lines) == len(ROWS)


def test_values_are_told_by_arm_and_seed():
    assert RESULT.arms == ("rnn", "gru")
    np.testing.assert_array_equal(RESULT.values("gru", "exact"), [0.5, 0.75])
    assert np.isnan(RESULT.values("rnn", "exact")).all()


def test_relative_speed_compares_seed_with_seed():
    np.testing.assert_allclose(RESULT.relative_speed("rnn", "gru"), [0.5, 0.5])
    np.testing.assert_allclose(RESULT.relative_speed("gru", "gru"), [1, 1])


def test_an_arms_experiments_differ_in_their_seed_alone():
    one, other = (STUDY.experiment("gru", seed) for seed in (0, 1))
    assert (one.seed, other.seed) == (0, 1)
    assert (one.task, one.model, one.training) == (other.task, other.model, other.training)
    with pytest.raises(UnknownNameError, match="unknown arm"):
        STUDY.experiment("lstm", 0)


def test_a_missing_study_says_how_it_is_done(tmp_path):
    with pytest.raises(StoreError, match="pretrain --only study-cells"):
        read_study(tmp_path, "cells")


@pytest.mark.parametrize("damaged", ["{", "[]", "{}", json.dumps({"rows": [{"arm": "gru"}]})])
def test_a_damaged_study_is_one_sentence(tmp_path, damaged):
    (tmp_path / "studies").mkdir()
    (tmp_path / "studies" / "cells.json").write_text(damaged)
    with pytest.raises(StoreError, match="cannot be read"):
        read_study(tmp_path, "cells")
