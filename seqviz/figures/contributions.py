"""Figure of which steps a weight's gradient is made of."""

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import figure, hue
from seqviz.language.words import number
from seqviz.records import WeightContributions


def weight_contributions_figure(record: WeightContributions) -> go.Figure:
    """Draw each step's signed share of ∂J/∂W as bars that add up to its norm, and the terms' own norms as a line."""
    time = np.arange(len(record.projections))
    bars = go.Bar(
        x=time, y=record.projections, name="signed share ⟨G_k, G⟩/‖G‖",
        marker={"color": hue("signed share"), "line": {"width": 0}},
        hovertemplate="k = %{x}<br>share %{y:.4g}<extra></extra>",
    )  # fmt: skip
    norms = go.Scatter(
        x=time, y=record.norms, name="size ‖G_k‖", mode="lines", line={"color": hue("term's size"), "width": 2},
        hovertemplate="k = %{x}<br>‖G_k‖ %{y:.4g}<extra></extra>",
    )  # fmt: skip
    odd = _odd(record, time)
    return figure(
        [bars, norms, *odd] if time.size else [], contributions_finding(record), x="step k at which W was used",
        y="contribution to ∂J/∂W", empty=not time.size, bargap=0.15,
    )  # fmt: skip


def contributions_finding(record: WeightContributions) -> str:
    """Return in words from how far back the gradient comes: the fewest last steps whose sum stays within a tenth of it."""
    shares, total = record.projections, record.total_norm
    if not len(shares):
        return "There is no time step to draw."
    if not np.isfinite(total) or not np.isfinite(shares).all():
        return "The gradient of the recurrent weights is not a finite number."
    if total == 0:
        return "The gradient of the recurrent weights is exactly 0."
    late = np.cumsum(shares[::-1]) / total
    off = np.flatnonzero(np.abs(late - 1.0) > 0.1)  # shares are signed: a sum may overshoot, and come back
    steps = int(off[-1]) + 2 if off.size else 1
    which = "the last step" if steps == 1 else f"the last {steps} of {len(shares)} steps"
    return f"To within 10 %, the weights' gradient (‖G‖ = {number(total)}) comes from {which}."


def _odd(record: WeightContributions, time: np.ndarray) -> list[go.Scatter]:
    found = np.flatnonzero(~(np.isfinite(record.projections) & np.isfinite(record.norms)))
    if not found.size:
        return []
    return [
        go.Scatter(
            x=time[found], y=np.zeros(len(found)), mode="markers", name="NaN or ∞", meta={"mark": "NaN or ∞"},
            marker={"symbol": "x", "size": 8, "color": hue("not finite")}, hovertemplate="%{x}: not finite<extra></extra>",
        )
    ]  # fmt: skip
