"""A run's metrics as CSV."""

import csv
import io

from seqviz.records import METRIC_COLUMNS, Metrics


def metrics_csv(metrics: Metrics) -> str:
    """Return one line for each training step, under a line of names; ``clipped`` is 0 or 1, numbers are exact."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(("step", *METRIC_COLUMNS))
    columns = [getattr(metrics, name).tolist() for name in ("step", *METRIC_COLUMNS)]
    for *numbers, clipped in zip(*columns, strict=True):
        writer.writerow([*numbers, int(clipped)])
    return written.getvalue()
