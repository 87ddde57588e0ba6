"""How records show themselves in a notebook: as their figure, whose title is the finding."""

from collections.abc import Callable, Mapping
from typing import Any

from seqviz import figures, records
from seqviz.records.record import Record

SHOWN: Mapping[type, Callable[[Any], Any]] = {
    records.GateTrace: lambda trace: figures.gate_trace_figure(trace, next(iter(trace.gates), "hidden")),
    records.GradientFlow: figures.gradient_flow_figure,
    records.GradientMap: figures.gradient_map_figure,
    records.JacobianTrace: figures.jacobian_norms_figure,
    records.Leaks: figures.leaks_figure,
    records.Metrics: figures.metrics_figure,
    records.ScalarChain: figures.scalar_chain_figure,
    records.WatchedRun: figures.watched_norms_figure,
    records.WeightContributions: figures.weight_contributions_figure,
}


def figure_of(record: Record) -> Any:
    """Return the figure of a record; None where it is shown in words alone."""
    draw = SHOWN.get(type(record))
    return None if draw is None else draw(record)


def html(record: Record) -> str | None:
    """Return a record as HTML that needs no other machine; None where its printed line is all there is."""
    drawn = figure_of(record)
    return None if drawn is None else str(drawn.to_html(full_html=False, include_plotlyjs=True))


def bundle(record: Record, include: Any, exclude: Any) -> dict[str, Any]:
    """Return a record in the forms that a notebook may show: plotly's own where it has a figure, and its printed line."""
    drawn = figure_of(record)
    shown = {} if drawn is None else drawn._repr_mimebundle_(include, exclude)
    return {**shown, "text/plain": repr(record)}
