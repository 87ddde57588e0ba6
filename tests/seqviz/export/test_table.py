"""Metrics are written as CSV without loss."""

import csv

import numpy as np

from seqviz.export import metrics_csv
from seqviz.records import Metrics


def test_metrics_csv_reads_back_exactly():
    loss = np.array([1 / 3, 1e-300])
    metrics = Metrics(
        step=np.array([1, 2]), loss=loss, metric=np.array([0.0, 1.0]), gradient_norm=np.array([2.5, 7e20]),
        applied_norm=np.array([1.0, 1.0]), clipped=np.array([True, False]),
    )  # fmt: skip
    rows = list(csv.DictReader(metrics_csv(metrics).splitlines()))
    assert [float(row["loss"]) for row in rows] == loss.tolist()
    assert [row["clipped"] for row in rows] == ["1", "0"]
    assert list(rows[0]) == ["step", "loss", "metric", "gradient_norm", "applied_norm", "clipped"]


def test_metrics_of_a_run_that_has_not_begun_are_the_header_alone():
    none = np.array([])
    metrics = Metrics(step=none.astype(int), loss=none, metric=none, gradient_norm=none, applied_norm=none, clipped=none > 0)
    assert metrics_csv(metrics) == "step,loss,metric,gradient_norm,applied_norm,clipped\n"
