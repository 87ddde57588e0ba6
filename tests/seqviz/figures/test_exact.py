"""The share of exactly right sentences is drawn as recorded, and told at the moment shown."""

import numpy as np

from seqviz.figures.exact import exact_figure, exact_finding
from seqviz.records import Probes


def record(steps, exact):
    norms = np.zeros((len(steps), 1, 1, 2))
    return Probes(
        step=np.array(steps),
        hidden_norms=norms,
        cell_norms=None,
        direct_norms=norms,
        exact=None if exact is None else np.array(exact),
    )


def test_curves_are_the_recorded_shares_and_runs_that_write_nothing_are_left_out():
    runs = {"GRU with additive attention": record([0, 10, 20], [0.0, 0.5, 0.96]), "LSTM": record([0, 10], None)}
    drawn = exact_figure(runs, colours={"GRU with additive attention": "#123456"})
    assert [list(trace.y) for trace in drawn.data] == [[0.0, 0.5, 0.96]]
    assert drawn.data[0].line.color == "#123456"
    assert drawn.layout.meta["finding"] == (
        "Of 256 sentences drawn from those never seen in training, exactly right at training step 20: 96 % by the GRU with "
        "additive attention."
    )


def test_the_finding_is_of_the_last_probe_before_the_moment_shown():
    runs = {"A": record([0, 10, 20], [0.0, 0.5, 0.96]), "B": record([0, 15], [0.0, 0.25])}
    assert exact_finding(runs, 12).endswith("50 % by the A (training step 10) and 0 % by the B (training step 0).")


def test_nothing_written_is_no_error():
    assert exact_figure({"LSTM": record([0], None)}).layout.meta["empty"]
    assert exact_finding({}).startswith("No moment has been looked into")
