"""Rows survive the wire to the last bit, and a picture once taken never changes."""

from dataclasses import replace

import numpy as np

from seqviz.jobs.events import COLUMNS, MetricTable, pack_rows, table_of, unpack_rows
from seqviz.records import StepRow


def row(step: int, loss: float = 0.5) -> StepRow:
    return StepRow(step=step, loss=loss, metric=0.1, gradient_norm=2.0, applied_norm=1.0, clipped=step % 2 == 0)


def filled(steps: range) -> MetricTable:
    table = MetricTable()
    for step in steps:
        table.append(row(step, loss=1 / step))
    return table


def test_rows_become_columns_of_their_own_types():
    metrics = filled(range(1, 600)).metrics()

    np.testing.assert_array_equal(metrics.step, np.arange(1, 600))
    assert metrics.step.dtype == np.int64
    assert metrics.clipped.dtype == bool
    np.testing.assert_array_equal(metrics.loss, 1 / np.arange(1, 600))


def test_rows_survive_the_wire_to_the_last_bit():
    rows = filled(range(1, 5)).rows()

    np.testing.assert_array_equal(unpack_rows(pack_rows(rows)), rows)
    assert rows.shape == (4, len(COLUMNS))


def test_rows_of_steps_done_again_replace_the_old_ones():
    table = filled(range(1, 11))
    again = MetricTable()
    for step in (8, 9):
        again.append(row(step, loss=7.0))
    table.extend(again.rows())

    metrics = table.metrics()
    np.testing.assert_array_equal(metrics.step, np.arange(1, 10))
    np.testing.assert_array_equal(metrics.loss[7:], 7.0)


def test_a_picture_never_changes_whatever_comes_later():
    table = filled(range(1, 4))
    picture = table.metrics()
    table.extend(np.full((1, len(COLUMNS)), 2.0))
    for step in range(3, 1000):
        table.append(row(step))

    np.testing.assert_array_equal(picture.loss, [1, 1 / 2, 1 / 3])
    assert not picture.loss.flags.writeable


def test_a_table_goes_on_from_stored_metrics():
    table = table_of(filled(range(1, 4)).metrics())
    table.append(row(4))

    assert len(table) == 4
    assert table.last_step == 4


def test_a_run_of_before_there_were_cosines_goes_on_with_what_is_known():
    older = filled(range(1, 4)).metrics()
    assert older.cosine is None
    table = table_of(older)
    table.append(replace(row(4), cosine=0.5))
    np.testing.assert_array_equal(table.metrics().cosine, [np.nan, np.nan, np.nan, 0.5])
    np.testing.assert_array_equal(table_of(table.metrics()).metrics().cosine, [np.nan, np.nan, np.nan, 0.5])
