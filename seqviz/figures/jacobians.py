"""Figures of the recurrence's Jacobians: norms and bounds, singular values, one step."""

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.heat import Names, heat_map, linear_levels
from seqviz.figures.look import RATIO_SCALE, exponent_axis, figure, hue, lines, log_axis, marks, reference
from seqviz.language.words import became, change_of_log10, number, number_of_log10, ratio
from seqviz.records import ROUNDING, JacobianTrace


def jacobian_norms_figure(trace: JacobianTrace, *, direction: int = 0) -> go.Figure:
    """Draw ‖∂h_T/∂h_t‖₂ by t against its bounds: the product of the steps' norms, and (β_W·β_h)^|T-t| for a plain RNN.

    Args:
        trace: the Jacobians.
        direction: the one that they are of: 0 forward, 1 backward; T is the step that it processes last.

    Source:
        Pascanu, Mikolov & Bengio (2013), section 2.1, https://arxiv.org/abs/1211.5063
    """
    (_, last), time = _ends(len(trace.norms), direction), np.arange(len(trace.norms))
    if not time.size:
        return figure([], "There is no time step to draw.", x="time step t", y="norm", empty=True)
    beyond = trace.log10_norms is not None
    norms, bounds, beta = _drawn(trace, "norms"), _drawn(trace, "product_bounds"), _drawn(trace, "beta_bounds")
    assert norms is not None
    assert bounds is not None
    curves = [
        ("‖∂h_T/∂h_t‖₂", time, norms[last], "jacobian", "solid"),
        ("∏ of the steps' norms", time, bounds[last], "jacobian bound", "dash"),
    ]
    if beta is not None:
        curves.append(("(β_W·β_h)^|T-t|", time, beta[last], "loose bound", "dot"))
    traces = [lines(label, x, y, colour=hue(role), dash=dash, exponents=beyond) for label, x, y, role, dash in curves]
    plain = [(label, x, y) for label, x, y, _, _ in curves]
    return figure(
        [*traces, *marks(plain, exponents=beyond)], norms_finding(trace, direction), x="time step t", y="spectral norm",
        yaxis=(exponent_axis if beyond else log_axis)([y for _, _, y in plain]),
    )  # fmt: skip


def _log10(value: float) -> float:
    with np.errstate(divide="ignore"):
        return float(np.log10(value))


def _drawn(trace: JacobianTrace, field: str) -> np.ndarray | None:
    """Return a field's values, or their logs where no float holds all of them."""
    values: np.ndarray | None = getattr(trace, field if trace.log10_norms is None else f"log10_{field}")
    return values


def norms_finding(trace: JacobianTrace, direction: int = 0) -> str:
    """Return in words how the whole product compares with its bounds."""
    if len(trace.norms) < 2:
        return "With a single time step there is no product of Jacobians."
    first, last = _ends(len(trace.norms), direction)
    if trace.log10_norms is not None and trace.log10_product_bounds is not None:
        norm, bound = float(trace.log10_norms[last, first]), float(trace.log10_product_bounds[last, first])
        slack, said = bound - norm, change_of_log10(norm)
    else:
        norm, bound = float(trace.norms[last, first]), float(trace.product_bounds[last, first])
        slack, said = _log10(ratio(bound, norm)), became(trace.norms[last], last, first)
    smaller = f"{number_of_log10(slack)} times smaller than its bound"
    tail = smaller if slack > np.log10(1.5) else "about as large as its bound allows"
    over = "Over 1 step" if len(trace.norms) == 2 else f"Over {len(trace.norms) - 1} steps"
    return f"{over} the Jacobian product {said}{f', {tail}' if np.isfinite(slack) else ''}."


def _ends(count: int, direction: int) -> tuple[int, int]:
    """Return the step that is processed first, and the one that is processed last."""
    return (0, count - 1) if direction == 0 else (count - 1, 0)


def singular_values_figure(trace: JacobianTrace, *, direction: int = 0) -> go.Figure:
    """Draw the singular values of ∂s_T/∂s_t by t, largest first: how many directions of the state still matter.

    Args:
        trace: the Jacobians.
        direction: the one that they are of: 0 forward, 1 backward; T is the step that it processes last.
    """
    beyond, values = trace.log10_singular_values is not None, _drawn(trace, "singular_values")
    assert values is not None
    time = np.arange(len(values))
    count = values.shape[1] if values.size else 0
    curves = [(f"σ{index + 1}", time, values[:, index]) for index in range(count)]
    largest = [lines("σ1", time, values[:, 0], colour=hue("curve"), exponents=beyond)] if count else []
    kept = reference("1: kept", [0, max(len(values) - 1, 1)], 0.0 if beyond else 1.0)
    traces = [*([_others(values, beyond)] if count > 1 else []), *largest, kept]
    return figure(
        [*traces, *marks(curves, exponents=beyond)], singular_finding(trace, direction), x="time step t", y="singular value",
        yaxis=(exponent_axis if beyond else log_axis)([values]), empty=not values.size,
    )  # fmt: skip


def _others(values: np.ndarray, exponents: bool) -> go.Scatter:
    """All singular values but the largest as one trace with gaps between: a trace for each would take plotly long."""
    steps, count = values.shape
    shown = np.where(np.isfinite(values) & (exponents | (values > 0)), values, np.nan)[:, 1:].T
    gaps = np.full((count - 1, 1), np.nan)
    labels = [label for index in range(2, count + 1) for label in [f"σ{index}"] * (steps + 1)]
    value = "10<sup>%{y:.1f}</sup>" if exponents else "%{y:.4g}"
    return go.Scatter(
        x=np.tile(np.append(np.arange(steps), steps - 1), count - 1), y=np.hstack([shown, gaps]).ravel(),
        name=f"σ2 … σ{count}", mode="lines",
        line={"color": hue("reference"), "width": 1}, opacity=0.55, customdata=labels, meta={"labelled": True},
        hovertemplate=f"%{{customdata}}<br>%{{x}}: {value}<extra></extra>",
    )  # fmt: skip


def singular_finding(trace: JacobianTrace, direction: int = 0) -> str:
    """Return in words how many directions of the first state keep at least 1 % of their size to the last step."""
    values, logs = trace.singular_values, trace.log10_singular_values
    if not values.size:
        return "There is no time step to draw."
    first, last = _ends(len(values), direction)
    if np.isnan(values[first]).any() or (logs is None and not np.isfinite(values[first]).all()):
        return f"The product of Jacobians is no longer a finite number at t = {first}."
    kept = int((values[first] >= 0.01).sum())
    most = f"the largest {became(values[:, 0], last, first) if logs is None else change_of_log10(float(logs[first, 0]))}"
    return f"Of {values.shape[1]} directions of the state at t = {first}, {kept or 'none'} keep 1 % or more to the end; {most}."


def jacobian_step_figure(trace: JacobianTrace, time: int) -> go.Figure:
    """Draw one step's Jacobian ∂s_t/∂s_(t-1) as a heat map; its title has its norm and spectral radius."""
    step = np.asarray(trace.steps[time], dtype=float)
    most = float(np.abs(step[np.isfinite(step)]).max()) if np.isfinite(step).any() else 1.0
    scale = linear_levels(step, -most or -1.0, most or 1.0, RATIO_SCALE)
    return heat_map(step, scale, step_finding(step, time), Names("unit of s at t-1", "unit of s at t", "entry"), height=360)


def step_values_figure(trace: JacobianTrace, time: int) -> go.Figure:
    """Draw the singular values of one step's Jacobian, largest first: by how much one step back stretches each direction."""
    step = np.asarray(trace.steps[time], dtype=float)
    if not np.isfinite(step).all():
        return figure([], f"The step into t = {time} has entries that are not finite.", x="direction", y="σ", empty=True)
    values = np.linalg.svd(step, compute_uv=False)
    grown, shrunk = int((values > 1 + ROUNDING).sum()), int((values < 1 - ROUNDING).sum())
    kept = len(values) - grown - shrunk
    finding = (
        f"Of its {len(values)} directions, this step back stretches {grown or 'none'}"
        + (f", keeps {kept}" if kept else "") + f" and shrinks {shrunk or 'none'}."
    )  # fmt: skip
    order = np.arange(1, len(values) + 1)
    curve = go.Scatter(
        x=order, y=values, name="σ", mode="lines+markers", line={"color": hue("curve"), "width": 2}, showlegend=False,
        marker={"size": 5, "color": hue("curve")}, hovertemplate="σ%{x} = %{y:.4g}<extra></extra>",
    )  # fmt: skip
    return figure(
        [curve, reference("1: kept", [1, len(values)], 1.0)], finding, x="direction, by size", y="singular value", height=260
    )


def step_finding(step: np.ndarray, time: int) -> str:
    """Return the spectral norm and radius of one step's Jacobian in words."""
    if not np.isfinite(step).all():
        return f"The step into t = {time} has entries that are not finite."
    norm, radius = float(np.linalg.norm(step, 2)), float(np.abs(np.linalg.eigvals(step)).max())
    return (
        f"The step into t = {time} stretches some direction {number(norm)}-fold (spectral norm); its spectral radius is "
        f"{number(radius)}."
    )
