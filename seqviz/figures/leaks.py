"""The figure of what crosses the boundaries between sequences."""

import numpy as np
import plotly.graph_objects as go

from seqviz.errors import TraceError
from seqviz.figures.heat import Names, heat_map, log_levels
from seqviz.figures.look import GATE_SCALE, dotted, hue
from seqviz.records import Leaks
from seqviz.registry import shown


def leaks_figure(trace: Leaks, *, sample: int | None = None) -> go.Figure:
    """Draw how strongly each output (row) depends on each input (column) of one sequence, boundaries and leaks marked.

    Args:
        trace: what was found.
        sample: which sequence of the batch; the one with the first leak where None.

    Raises:
        TraceError: there is no such sequence.
    """
    batch = len(trace.influence)
    first = trace.first
    chosen = (0 if first is None else first.sequence) if sample is None else sample
    if not -1 <= chosen < batch:
        raise TraceError(f"sample must be a whole number in [-1, {batch - 1}], got {shown(chosen)}")
    influence, own = trace.influence[chosen], trace.segments[chosen]
    known = np.where(influence == 0, np.nan, influence)  # blank where there is no way
    value = "gradient norm" if trace.mode == "gradient" else "largest change of the output"
    names = Names("input at step", "output at step", value, value)
    drawn = heat_map(known, log_levels(known, GATE_SCALE), trace.sentence, names, exact=influence)
    for begin in np.flatnonzero(np.diff(own)) + 1:
        drawn.add_shape(type="line", x0=begin - 0.5, x1=begin - 0.5, y0=-0.5, y1=len(own) - 0.5, line=dotted("threshold"))
        drawn.add_shape(type="line", y0=begin - 0.5, y1=begin - 0.5, x0=-0.5, x1=len(own) - 0.5, line=dotted("threshold"))
    crossing = np.argwhere(trace.crossings[chosen])
    if len(crossing):
        drawn.add_trace(_marks(crossing))
    return drawn


def _marks(crossing: np.ndarray) -> go.Scatter:
    line = {"width": 1.4, "color": hue("not finite")}
    return go.Scatter(
        x=crossing[:, 1], y=crossing[:, 0], mode="markers", name="leak", meta={"mark": "leak"},
        marker={"symbol": "x-thin", "size": 6, "line": line},
        hovertemplate="the output at step %{y} depends on the input at step %{x}<extra>leak</extra>",
    )  # fmt: skip
