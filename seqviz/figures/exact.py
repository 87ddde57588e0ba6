"""Figure of the share of held-out sentences that a network writes without a mistake, while it trains."""

from collections.abc import Mapping

import plotly.graph_objects as go

from seqviz.figures.look import ROLES, colour_of, figure
from seqviz.figures.probes import probe_at
from seqviz.language.words import listed
from seqviz.records import EXACT_OF, Probes


def exact_figure(
    runs: Mapping[str, Probes], *, at: int | None = None, colours: Mapping[str, str] | None = None,
    dashes: Mapping[str, str] | None = None,
) -> go.Figure:  # fmt: skip
    """Draw the share of held-out sentences written without a mistake at every probe, several runs together.

    Args:
        runs: the probes of each run by label; those that write nothing are left out.
        at: the training step that the title speaks of; None: the last.
        colours: of each run, by label.
        dashes: likewise.
    """
    colours, dashes = colours or {}, dashes or {}
    writing = {label: record for label, record in runs.items() if record.exact is not None}
    traces = [
        go.Scatter(
            x=record.step, y=record.exact, name=label, mode="lines+markers", marker={"size": 5},
            line={"color": colours.get(label, colour_of(label, index)), "width": 2.5, "dash": dashes.get(label)},
            hovertemplate="%{fullData.name}<br>step %{x}: %{y:.1%} exactly right<extra></extra>",
        )
        for index, (label, record) in enumerate(writing.items())
    ]  # fmt: skip
    drawn = figure(
        traces, exact_finding(writing, at), x="training step", y="share exactly right",
        height=300, empty=not traces, yaxis={"range": [-0.03, 1.03], "tickformat": ".0%"},
    )  # fmt: skip
    if at is not None:
        drawn.add_vline(x=at, line={"color": ROLES["bound"], "width": 1, "dash": "dot"})
    return drawn


def exact_finding(runs: Mapping[str, Probes], at: int | None = None) -> str:
    """Return in words how many sentences each run writes without a mistake, at its last probe at or before step ``at``."""
    if not runs:
        return "No moment has been looked into yet at which sentences were written."
    steps = {_step(record, at) for record in runs.values()}
    together = f" at training step {steps.pop()}" if len(steps) == 1 else ""
    parts = [
        f"{shares(record, at)} by the {label}" + ("" if together else f" (training step {_step(record, at)})")
        for label, record in runs.items()
    ]
    return f"Of {EXACT_OF} sentences drawn from those never seen in training, exactly right{together}: {listed(parts)}."


def shares(record: Probes, at: int | None = None) -> str:
    """Return the share of exact sentences in per cent, as one says it.

    >>> import numpy as np
    >>> zeros = np.zeros((1, 1, 1, 1))
    >>> shares(Probes(step=np.array([5]), hidden_norms=zeros, cell_norms=None, direct_norms=zeros, exact=np.array([0.9609375])))
    '96 %'
    """
    assert record.exact is not None, "it writes nothing"
    return f"{100 * float(record.exact[probe_at(record, at)]):.0f} %"


def _step(record: Probes, at: int | None) -> str:
    return f"{int(record.step[probe_at(record, at)]):,}"
