"""One look for every figure: colours by role, axes, bands, marks for what an axis cannot show.

A figure asks :func:`hue` for the colour of a role; :data:`ROLES` says which of the :data:`PALETTE` that is. Colours are
written for a light page; each has a twin for a dark one in :data:`DARK`, which the page swaps in. Backgrounds are
transparent, so a figure takes the page's own.
"""

import html
import textwrap
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
import plotly.graph_objects as go

from seqviz.experiment import CELL_SPECS, CELLS

# Everyone can distinguish eight hues; not nine.
PALETTE: Mapping[str, str] = {
    "orange": "#c2410c",
    "blue": "#0063a8",
    "green": "#00785a",
    "grey": "#5f6670",
    "magenta": "#a4287f",
    "ochre": "#8a6100",
    "teal": "#0b7c99",
    "violet": "#5b47b0",
}
_PALETTE_DARK: Mapping[str, str] = {
    "orange": "#ff8a5b",
    "blue": "#62b0f0",
    "green": "#34c79a",
    "grey": "#a3abb5",
    "magenta": "#ee86cf",
    "ochre": "#dcb04a",
    "teal": "#5fd0e6",
    "violet": "#b3a4ff",
}

NETWORKS: Mapping[str, str] = {**CELLS, "transformer": "Transformer"}  # role → name

# What a colour means → its name in the palette. Two meanings may share a hue; each has an entry of its own.
ROLES: Mapping[str, str] = {
    **{name: cell.colour for name, cell in CELL_SPECS.items()}, "transformer": "ochre",
    # what any figure may hold
    "curve": "blue",  # the only one of a figure
    "reference": "grey",  # what is compared with: a baseline, chance, theory
    "shown": "grey",  # the step, size or place that the rest of the page is about
    "chosen": "magenta",  # what the reader has picked
    "threshold": "magenta", "goal": "magenta",
    "mark": "grey",  # of what an axis cannot show
    "not finite": "magenta",
    "note": "grey", "outline": "grey",
    # networks side by side that differ in something else than their kind
    "first network": "teal", "second network": "ochre", "third network": "violet", "fourth network": "green",
    "plain": "orange", "residual": "blue", "dense": "green", "highway": "violet",
    "relu": "green", "tanh": "blue", "sigmoid": "orange",
    # how a run begins
    "default start": "orange", "small start": "ochre", "orthogonal start": "violet", "identity start": "teal",
    "bias 0": "orange", "bias 1": "ochre", "bias 3": "teal", "bias 5": "violet", "chrono bias": "blue",
    # how it is trained
    "sgd": "orange", "momentum": "ochre", "rmsprop": "green", "adam": "blue", "adadelta": "violet",
    "before clipping": "grey", "after clipping": "blue", "update": "orange",
    "not clipped": "grey", "clipped by norm": "blue", "clipped by value": "orange",
    "diverged": "orange", "gone on": "blue", "last good step": "magenta",
    "networks not clipped": "orange", "networks clipped": "blue",
    "path not clipped": "ochre", "path clipped": "magenta",
    "kept": "blue", "dropped": "orange",
    # gates
    "input gate": "ochre", "forget gate": "teal", "output gate": "violet", "reset gate": "ochre", "update gate": "teal",
    "mean gate": "magenta",
    # gradients
    "jacobian": "blue", "jacobian bound": "grey", "loose bound": "magenta",
    "answer's jacobian": "blue", "loss gradient": "orange", "lag": "magenta",
    "signed share": "blue", "term's size": "ochre",
    "reach": "blue", "forget gates alone": "grey",
    "beyond learned": "teal",
    # attention
    "not scaled": "orange", "scaled": "blue",
    "additive scores": "blue", "dot scores": "orange", "general scores": "green", "scaled scores": "violet",
    "no scores": "grey",
    "additive run": "blue", "dot run": "green", "general run": "violet", "scaled run": "teal",
    "run without attention": "orange",
    "right link": "orange", "rank correlation": "blue", "permuted": "violet", "uniform": "orange",
    "pointing": "blue", "inside": "green",
    "head": "teal", "best head": "ochre", "mean head": "ochre", "floor": "magenta",
    "sinusoidal positions": "ochre", "learned positions": "teal", "no positions": "orange",
    "word due": "blue", "likeliest word": "orange",
    # translators
    "translator": "grey", "attending translator": "blue",
    "first own": "green", "second own": "violet", "third own": "teal",
    "forwards": "green", "backwards": "violet",
    "member": "ochre", "ensemble": "teal",
    "best hypothesis": "blue", "hypothesis": "grey",
    "first kind": "teal", "second kind": "orange", "third kind": "violet",
    # units, and what a training costs
    "unit": "blue",
    "gpu": "blue", "tpu": "violet", "worker": "green", "sum": "green",
}  # fmt: skip

DASHES: Mapping[str, str] = {"hidden": "solid", "cell": "dash", "direct": "dot"}

# Cool is vanishing, warm is exploding, the middle is a gradient that keeps its size.
RATIO_SCALE = ("#10386b", "#2166ac", "#6aaed6", "#c9dff0", "#f1f0ee", "#f9cdb0", "#ee8a62", "#c43c2c", "#7a0a1e")
_RATIO_DARK = ("#9cd0ff", "#4c9be0", "#2f6ea8", "#24486c", "#2b2f36", "#6f3d2a", "#b0512f", "#ee7d52", "#ffc9a3")

# From 0 to 1 (gates) and from -1 to 1 (states).
GATE_SCALE = ("#f4f6f8", "#bcd3e8", "#7fb0d8", "#3f86bd", "#0f5a94", "#06335c")
_GATE_DARK = ("#20252d", "#234059", "#2a6390", "#428cc4", "#7cbcec", "#cfe8ff")
STATE_SCALE = ("#5a2d82", "#9c7cc0", "#d6c8e6", "#f2f1f0", "#c8e3c4", "#6fb16f", "#1e6e34")
_STATE_DARK = ("#dcb8ff", "#a884d4", "#5c4878", "#2a2d33", "#3a5f41", "#5fae6c", "#b4f2ba")


def faint(colour: str) -> str:
    """Return a role's colour as the fill of a band, through which lines and other bands are seen.

    >>> faint("#0b7c99")
    'rgba(11,124,153,0.2)'
    """
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.2)"


DARK: Mapping[str, str] = {
    **{light: _PALETTE_DARK[name] for name, light in PALETTE.items()},
    **{faint(light): faint(_PALETTE_DARK[name]) for name, light in PALETTE.items()},
    **dict(zip(RATIO_SCALE, _RATIO_DARK, strict=True)),
    **dict(zip(GATE_SCALE, _GATE_DARK, strict=True)),
    **dict(zip(STATE_SCALE, _STATE_DARK, strict=True)),
}

HEIGHT = 380
STANDALONE_WIDTH, CHARACTER_WIDTH, TITLE_LINE = 800, 8.2, 20  # pixels: of a figure outside the app, and of its title's text
EXACT_CELLS = 12_000  # a heat map of at most so many cells carries its exact values; larger ones have 256 levels
RATIO_DECADES = 6.0  # the ratio scale reaches from 1e-6 to 1e6; beyond it are the end colours

Labelled = tuple[str, np.ndarray, np.ndarray]  # label, x, y


def hue(role: str) -> str:
    """Return the colour, on a light page, of what is called ``role`` in ROLES.

    >>> hue("lstm") == PALETTE[ROLES["lstm"]]
    True
    """
    return PALETTE[ROLES[role]]


def colour_of(label: str, index: int = 0) -> str:
    """Return the colour of the network called ``label``; labels that name no network take the palette in turn."""
    return hue(label.lower()) if label.lower() in NETWORKS else in_turn(index)


def in_turn(index: int) -> str:
    """Return the palette's colours one after another, again from the first after the last."""
    return list(PALETTE.values())[index % len(PALETTE)]


def name_of(network: str) -> str:
    """Return what a network is called in a sentence; a label that is no kind of network is its own name.

    >>> name_of("lstm"), name_of("ReLU")
    ('LSTM', 'ReLU')
    """
    return NETWORKS.get(network, network)


def literal(text: str) -> str:
    """Return ``text`` so that plotly shows it unchanged, where it would read markup in it.

    For text from outside (words, tokens, names) that a figure puts on an axis, beside a mark or under a pointer.
    The names of traces stay as they are: files hold them too, and the browser does this to them before plotly reads them.

    >>> literal("<b>R&D</b>")
    '&lt;b&gt;R&amp;D&lt;/b&gt;'
    """
    return html.escape(text, quote=False)


def with_columns(drawn: go.Figure, columns: Sequence[str]) -> go.Figure:
    """Return the figure, whose CSV has these columns: a trace's name, and then the rows of its ``meta["table"]``.

    For figures that draw a mark beside its true place, so that marks do not hide each other.
    """
    drawn.update_layout(meta={**(drawn.layout.meta or {}), "columns": list(columns)})
    return drawn


def colour_scale(colours: Sequence[str]) -> list[list[Any]]:
    """Return evenly spaced stops through ``colours``."""
    return [[index / (len(colours) - 1), colour] for index, colour in enumerate(colours)]


class Figure(go.Figure):
    """A figure whose title, a whole sentence, is wrapped and has room wherever it is shown outside the app, or saved."""

    def show(self, *given: Any, **named: Any) -> Any:
        """Show it as plotly does."""
        return go.Figure.show(standalone(self), *given, **named)

    def to_html(self, *given: Any, **named: Any) -> Any:
        """Return it as HTML, as plotly does."""
        return go.Figure.to_html(standalone(self), *given, **named)

    def write_html(self, *given: Any, **named: Any) -> Any:
        """Save it as HTML, as plotly does: one file that stands alone, plotly.js included."""
        return go.Figure.write_html(standalone(self), *given, **named)

    def to_image(self, *given: Any, **named: Any) -> Any:
        """Return it as an image, as plotly does with kaleido and an installed Chromium."""
        _check_images()
        return go.Figure.to_image(standalone(self), *given, **named)

    def write_image(self, *given: Any, **named: Any) -> Any:
        """Save it as an image: SVG, PDF, PNG, …, as plotly does with kaleido and an installed Chromium."""
        _check_images()
        return go.Figure.write_image(standalone(self), *given, **named)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **named: Any) -> Any:
        return go.Figure._repr_mimebundle_(standalone(self), include, exclude, **named)

    def _repr_html_(self) -> Any:
        return self.to_html(full_html=False, include_plotlyjs=True)


def standalone(drawn: go.Figure) -> go.Figure:
    """Return a copy of a figure whose title is wrapped, above the legend, which is above the picture."""
    width = drawn.layout.width or STANDALONE_WIDTH
    lines = textwrap.wrap(drawn.layout.title.text or "", max(20, int(width / CHARACTER_WIDTH)))
    named = [trace for trace in drawn.data if trace.name and trace.showlegend is not False]
    rows = 0 if drawn.layout.showlegend is False or len(named) < 2 else -(-sum(len(one.name) + 8 for one in named) * 7 // width)
    top = TITLE_LINE * len(lines) + 24 * int(rows) + 16
    margin = {**drawn.layout.margin.to_plotly_json(), "t": top}
    copy = go.Figure(drawn)
    text = "<br>".join(map(literal, lines)) if len(lines) > 1 else literal(drawn.layout.title.text or "")
    copy.update_layout(
        margin=margin, height=(drawn.layout.height or HEIGHT) + top - 36,
        title={"text": text, "x": 0.01, "xanchor": "left", "y": 1, "yanchor": "top", "pad": {"t": 14}, "font": {"size": 15}},
    )  # fmt: skip
    return copy


def _check_images() -> None:
    if find_spec("kaleido") is None:
        raise ModuleNotFoundError("images need kaleido and an installed Chromium or Chrome: pip install kaleido")


def figure(
    traces: Sequence[Any], finding: str, *, x: str, y: str, height: int = HEIGHT, empty: bool = False, **layout: Any
) -> go.Figure:
    """Return a figure in the common look.

    Args:
        traces: plotly traces.
        finding: what the figure shows, as a sentence that a student can repeat; it is the title.
        x: what the horizontal axis counts, with its unit.
        y: what the vertical axis counts, with its unit.
        height: in pixels.
        empty: whether there is nothing to draw; the finding then says why.
        layout: anything else of plotly's layout.
    """
    beneath: dict[str, Any] = {"dtick": 1} if _counts_few(traces) else {}
    known = {
        "template": "none", "title": {"text": finding}, "height": height, "meta": {"finding": finding, "empty": empty},
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "hovermode": "closest",
        "margin": {"l": 64, "r": 16, "t": 36, "b": 52},
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
    }  # fmt: skip
    axes = {
        "xaxis": {"title": {"text": x}, **beneath, **layout.pop("xaxis", {})},
        "yaxis": {"title": {"text": y}, **layout.pop("yaxis", {})},
    }
    return Figure(data=list(traces), layout={**known, **axes, **layout})  # at once: plotly checks each update anew


def _counts_few(traces: Sequence[Any]) -> bool:
    """Whether the horizontal axis counts so few things that its ticks would be fractions."""
    counted = [np.asarray(trace.x) for trace in traces if trace.x is not None and len(trace.x)]
    if not counted or not all(np.issubdtype(each.dtype, np.integer) for each in counted):
        return False
    return bool(max(each.max() for each in counted) - min(each.min() for each in counted) <= 12)


def ticked(labels: Sequence[str]) -> dict[str, Any]:
    """Return an axis with ``labels`` at 0, 1, …"""
    return {"tickmode": "array", "tickvals": list(range(len(labels))), "ticktext": list(labels)}


def dotted(role: str = "shown") -> dict[str, Any]:
    """Return how a thin line across a figure looks that marks a step, a size or a place."""
    return {"color": hue(role), "width": 1, "dash": "dot"}


def log_axis(arrays: Sequence[np.ndarray]) -> dict[str, Any]:
    """Return a log axis that holds every positive finite number of ``arrays``, with room at both ends for marks."""
    low, high = decades(arrays)
    return {"range": [low - 0.8, high + 0.5], **powers_of_ten(low, high)}


def exponent_axis(arrays: Sequence[np.ndarray]) -> dict[str, Any]:
    """Return an axis of log10 sizes, which reads like a log axis also where no float holds the sizes themselves."""
    low, high = _ends(arrays)
    return {"range": [low - 0.8, high + 0.5], "tickprefix": "10<sup>", "ticksuffix": "</sup>"}


def powers_of_ten(low: float, high: float) -> dict[str, Any]:
    """Return a log axis that reads whole powers of ten, about six; of numbers within one decade, digits between them too.

    >>> powers_of_ten(-3, 4)["dtick"], "dtick" in powers_of_ten(0.2, 0.9)
    (2, False)
    """
    axis: dict[str, Any] = {"type": "log", "exponentformat": "power"}
    return axis if high - low < 1 else axis | {"dtick": int(np.ceil((high - low) / 6))}


def decades(arrays: Sequence[np.ndarray]) -> tuple[float, float]:
    """Return log10 of the smallest and the largest positive finite number; (-1, 0) where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return _ends([np.log10(np.asarray(array, dtype=float)) for array in arrays])


def lines(
    label: str, x: np.ndarray, y: np.ndarray, *, colour: str, dash: str = "solid", exponents: bool = False, **more: Any
) -> go.Scatter:
    """Return one curve for a log axis: what the axis cannot hold is a gap, and :func:`marks` says what it was.

    Where ``y`` are ``exponents``, log10 of what is drawn, it is for an :func:`exponent_axis`.
    """
    y = np.asarray(y, dtype=float)
    shown = np.where(np.isfinite(y) & (exponents | (y > 0)), y, np.nan)
    lone = np.isfinite(shown).sum() <= 1  # a single point has no line
    value = "10<sup>%{y:.1f}</sup>" if exponents else "%{y:.4g}"
    more.setdefault("hovertemplate", f"%{{fullData.name}}<br>%{{x}}: {value}<extra></extra>")
    return go.Scatter(
        x=x, y=shown, name=label, mode="lines+markers" if lone else "lines", connectgaps=False,
        line={"color": colour, "dash": dash, "width": 2.5 if dash == "solid" else 2},
        marker={"color": colour, "size": 7}, **more,
    )  # fmt: skip


LARGEST = float(np.log10(np.finfo(float).max)) - 0.01  # decades: no number, and so no mark, is above


def marks(curves: Sequence[Labelled], *, exponents: bool = False) -> list[go.Scatter]:
    """Return marks at the edge of a log axis for every 0, negative number, infinity and NaN of the curves.

    Nothing is dropped: zeros are triangles at the bottom, infinities as triangles at the top, NaNs as crosses. Where the
    curves are ``exponents``, log10 of what is drawn, the marks are for an :func:`exponent_axis`.
    """
    low, high = (_ends if exponents else decades)([y for _, _, y in curves])
    zero = np.isneginf if exponents else lambda y: y <= 0
    kinds = (
        ("0, below any log axis", zero, low - 0.6, "triangle-down-open"),
        ("∞", np.isposinf, high + 0.3, "triangle-up-open"),
        ("not a number", np.isnan, low - 0.6, "x-thin-open"),
    )
    traces = []
    for name, chosen, height, symbol in kinds:
        found = [(x[at], label) for label, x, y in curves for at in np.flatnonzero(chosen(np.asarray(y, dtype=float)))]
        if found:
            traces.append(_mark(name, found, height if exponents else 10.0 ** min(height, LARGEST), symbol))
    return traces


def _ends(arrays: Sequence[np.ndarray]) -> tuple[float, float]:
    """Return the smallest and the largest finite number; (-1, 0) where there is none."""
    values = np.concatenate([np.ravel(np.asarray(array, dtype=float)) for array in arrays]) if arrays else np.empty(0)
    values = values[np.isfinite(values)]
    return (float(values.min()), float(values.max())) if values.size else (-1.0, 0.0)


def _mark(name: str, found: Sequence[tuple[Any, str]], height: float, symbol: str) -> go.Scatter:
    labels: dict[Any, list[str]] = {}
    for x, label in found:
        labels.setdefault(x, []).append(label)
    return go.Scatter(
        x=list(labels), y=np.full(len(labels), height), name=name, mode="markers",
        marker={"symbol": symbol, "size": 6, "color": hue("mark"), "line": {"width": 1.2}},
        customdata=[literal(", ".join(each)) for each in labels.values()],
        meta={"mark": name, "labels": list(labels.values())},
        hovertemplate="%{x}: " + name + "<br>%{customdata}<extra></extra>",
    )  # fmt: skip


def reference(label: str, x: Sequence[float], height: float, role: str = "reference") -> go.Scatter:
    """Return a horizontal line to compare with."""
    return go.Scatter(
        x=[x[0], x[-1]], y=[height, height], name=label, mode="lines",
        line={"color": hue(role), "dash": "longdash", "width": 1.5},
        hovertemplate="%{fullData.name}: %{y:.4g}<extra></extra>",
    )  # fmt: skip


def band(x: np.ndarray, low: np.ndarray, high: np.ndarray, colour: str, **more: Any) -> go.Scatter:
    """Return the area between ``low`` and ``high`` as one shape; ``more`` is anything else of plotly's trace."""
    return go.Scatter(
        x=np.concatenate([x, x[::-1]]), y=np.concatenate([high, low[::-1]]), mode="lines", fill="toself",
        fillcolor=faint(colour), line={"width": 0}, hoverinfo="skip", **more,
    )  # fmt: skip


def edges(
    x: np.ndarray, ends: tuple[np.ndarray, np.ndarray], colour: str, names: tuple[str | None, str | None] = (None, None)
) -> list[go.Scatter]:
    """Return the area between two curves as its two edges, the second filled to the first; a CSV holds both by ``names``."""
    plain: dict[str, Any] = {
        "x": x,
        "mode": "lines",
        "line": {"width": 0, "color": colour},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return [
        go.Scatter(y=ends[0], name=names[0], **plain),
        go.Scatter(y=ends[1], name=names[1], fill="tonexty", fillcolor=faint(colour), **plain),
    ]
