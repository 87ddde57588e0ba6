"""What one token's way through a Transformer shows, in words and as a curve; and its position, beside all others."""

import math

import numpy as np
import plotly.graph_objects as go

from seqviz.experiment.positions import SLOWEST
from seqviz.figures.heat import Names, heat_map, linear_levels
from seqviz.figures.look import STATE_SCALE, figure, hue, literal
from seqviz.language.tokens import quoted, visible
from seqviz.language.words import listed, number, raised
from seqviz.records.walk import SUBLAYERS, NextWord, TokenWalk

SHORT = {"self": "self", "cross": "cross", "feedforward": "feed"}
SAME = 1e-9  # products that differ by less, relative to the largest, are called the same
MOST_TOLD = 4  # positions equally near that are named


def lens_figure(record: TokenWalk) -> go.Figure:
    """Draw what the readout would say behind each sublayer: the next word's probability, and the likeliest word's.

    Args:
        record: of a decoder's token.
    """
    assert record.next is not None
    lens, names = record.next.lens, stage_names(record)
    due = _curve(f"the {record.noun} that comes next", names, lens.due, "word due", [record.next.due] * len(names))
    best = _curve(f"the likeliest {record.noun}", names, lens.likeliest, "likeliest word", list(lens.words))
    best.line.update(dash="dot")
    return figure(
        [best, due], lens_finding(record), x="behind which layer's block", y="probability",
        xaxis={"tickmode": "array", "tickvals": names, "ticktext": _short_names(record), "tickangle": -50},
        yaxis={"range": [-0.03, 1.05]}, margin={"l": 64, "r": 16, "t": 36, "b": 86},
    )  # fmt: skip


def lens_finding(record: TokenWalk) -> str:
    """Return where the next word's probability changes most."""
    assert record.next is not None
    lens, names = record.next.lens, stage_names(record)
    changes = np.diff(lens.due)
    at = int(np.abs(changes).argmax())
    if not changes[at]:
        return f"No block changes the probability of {quoted(record.next.due)}, {_chance(lens.due[0])}."
    how = "raises" if changes[at] > 0 else "lowers"
    return (
        f"{raised(names[at + 1])} {how} the probability of {quoted(record.next.due)} the most: "
        f"from {_chance(lens.due[at])} to {_chance(lens.due[at + 1])}."
    )


def walk_finding(record: TokenWalk) -> str:
    """Return what becomes of the token: from which block on the next word is the likeliest, or where its heads look."""
    if record.next is not None:
        return _decided(record, record.next)
    return _hardest_look(record)


def _hardest_look(record: TokenWalk) -> str:
    look, layer, head, key = max(
        (one.look.weights[head].max(), one.layer, head, int(one.look.weights[head].argmax()))
        for one in record.sublayers if one.look is not None for head in range(record.heads)
    )  # fmt: skip
    entered, result = record.entered, record.result
    cosine = float(entered @ result / (np.linalg.norm(entered) * np.linalg.norm(result)))
    where = f"{_chance(look)}, layer {layer + 1}, head {head + 1}"
    return (
        f"{quoted(record.token)} looks hardest at {quoted(record.source[key])} ({where}); "
        f"what the decoder gets to see of it has cosine {number(cosine)} with what entered."
    )


def stage_names(record: TokenWalk) -> list[str]:
    """Return where the lens looks: where the token enters, and behind each sublayer."""
    entered = record.noun if record.positions == "none" else f"{record.noun} + position"
    return [entered, *(f"layer {one.layer + 1} {SUBLAYERS[one.kind]}" for one in record.sublayers)]


def _short_names(record: TokenWalk) -> list[str]:
    return ["enters", *(f"{one.layer + 1} {SHORT[one.kind]}" for one in record.sublayers)]


def _decided(record: TokenWalk, coming: NextWord) -> str:
    lens, names, due, noun = coming.lens, stage_names(record), coming.due, record.noun
    token, follows = quoted(record.token), quoted(due)
    first, end = _chance(lens.due[0]), _chance(lens.due[-1])
    if lens.words[-1] != due:
        return (
            f"After {token} comes {follows}, but the network finds {quoted(lens.words[-1])} likelier: "
            f"{_chance(lens.likeliest[-1])} against {end}."
        )
    wrong = [at for at, word in enumerate(lens.words) if word != due]
    if not wrong:
        return f"After {token}, {follows} is the likeliest next {noun} from the start: {first} there, {end} at the end."
    at = wrong[-1] + 1
    before, after = _chance(lens.due[at - 1]), _chance(lens.due[at])
    ends = "" if at == len(names) - 1 or end == after else f", {end} at the end"
    good = " for good" if due in lens.words[:at] else ""  # it was so before, and was overtaken
    told = f"After {token}, {follows} becomes the likeliest next {noun}{good} in {names[at]}"
    return f"{told}: {before} before it, {after} behind it{ends}."


def _chance(share: np.floating) -> str:
    """Return a probability as one says it; what is not quite 1 is not called 1.

    >>> _chance(np.float64(0.25)), _chance(np.float64(0.9987))
    ('0.25', 'over 0.99')
    """
    return "over 0.99" if 0.995 <= share < 1 else number(float(share))


def _curve(name: str, stages: list[str], values: np.ndarray, role: str, words: list[str]) -> go.Scatter:
    return go.Scatter(
        x=stages, y=values, name=name, mode="lines+markers", line={"color": hue(role), "width": 2.5},
        marker={"color": hue(role), "size": 7}, customdata=[literal(visible(word)) for word in words],
        hovertemplate="%{x}<br>%{customdata}: %{y:.4g}<extra></extra>",
    )  # fmt: skip


def positions_figure(record: TokenWalk) -> go.Figure:
    """Draw what is added at each position (time upside down, unit), the token's own row marked."""
    places, most = record.places, float(np.abs(record.places).max())
    drawn = heat_map(
        places, linear_levels(places, -most, most, STATE_SCALE), positions_finding(record),
        Names(x="unit", y="position", value="added"), x=np.arange(1, places.shape[1] + 1),
        y=np.arange(1, len(places) + 1), yaxis={"autorange": "reversed"},
    )  # fmt: skip
    at, ends = record.position + 1, (0.5, places.shape[1] + 0.5)
    drawn.add_trace(
        go.Scatter(
            x=[ends[0], ends[1], ends[1], ends[0], ends[0]], y=[at - 0.5, at - 0.5, at + 0.5, at + 0.5, at - 0.5],
            mode="lines", line={"color": hue("chosen"), "width": 2}, name=f"position {at}", hoverinfo="skip",
        )
    )  # fmt: skip
    return drawn


def position_products_figure(record: TokenWalk) -> go.Figure:
    """Draw the product of the token's position with every other, by how far away that is."""
    at, products = record.position, record.places @ record.place
    curve = go.Scatter(
        x=np.arange(len(products)) - at, y=products, name=f"position {at + 1}", mode="lines+markers",
        line={"color": hue("curve"), "width": 2.5}, marker={"color": hue("curve"), "size": 5},
        hovertemplate="%{x} positions away: %{y:.4g}<extra></extra>",
    )  # fmt: skip
    return figure(
        [curve], products_finding(record), x="positions away", y="p · p′", showlegend=False,
        margin={"l": 64, "r": 16, "t": 10, "b": 52},
    )  # fmt: skip


def positions_finding(record: TokenWalk) -> str:
    """Return what the positions themselves are, in words."""
    at, width = record.position + 1, record.places.shape[1]
    if record.positions == "sinusoidal":
        slowest = 2 * math.pi * SLOWEST ** ((width - 2) / width)
        return (
            f"Position {at} has a pattern of its own: {width // 2} pairs of sine and cosine, the fastest with a period of "
            f"{number(2 * math.pi, 3)} positions, the slowest of {number(slowest)}."
        )
    own = float(np.linalg.norm(record.place))
    return f"Position {at} has a vector of its own, learned as weights are, of length {number(own)}."


def products_finding(record: TokenWalk) -> str:
    """Return how alike near and far positions are, and whether it is the distance alone that counts."""
    products, at = record.places @ record.place, record.position
    own = f"Position {at + 1} has product {number(float(products[at]))} with itself"
    if len(products) == 1:
        return f"{own}; there is no other."
    return f"{own}; {_nearest(products, at)}. {_by_distance(record.places)}"


def _nearest(products: np.ndarray, at: int) -> str:
    others = np.delete(np.arange(len(products)), at)
    most = float(products[others].max())
    near = others[most - products[others] <= SAME * float(np.abs(products).max())]
    told, size = [str(each + 1) for each in near], number(most, 3)
    if len(told) == 1:
        return f"of the others, {told[0]} comes nearest: {size}"
    if len(told) > MOST_TOLD:
        return f"of the others, {len(told)} come equally near: {size}"
    return f"of the others, {listed(told)} come equally near: {size}"


def _by_distance(places: np.ndarray) -> str:
    products = places @ places.T
    spread = max(float(np.ptp(np.diagonal(products, away))) for away in range(len(places)))
    if spread <= SAME * float(np.abs(products).max()):
        return "Only the distance counts, not the place."
    return "At another place the same distance gives another product."
