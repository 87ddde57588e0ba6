"""Positions as pictures: what is added to the words, and how alike two positions are."""

import math

import numpy as np
import plotly.graph_objects as go

from seqviz.experiment.positions import SLOWEST
from seqviz.figures.heat import Names, heat_map, linear_levels
from seqviz.figures.look import ROLES, STATE_SCALE, figure
from seqviz.language.words import listed, number
from seqviz.records.walk import TokenWalk

SAME = 1e-9  # products that differ by less, relative to the largest, are called the same
MOST_TOLD = 4  # positions equally near, told by name


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
            mode="lines", line={"color": ROLES["threshold"], "width": 2}, name=f"position {at}", hoverinfo="skip",
        )
    )  # fmt: skip
    return drawn


def position_products_figure(record: TokenWalk) -> go.Figure:
    """Draw the product of the token's position with every other, by how far away that is."""
    at, products = record.position, record.places @ record.place
    curve = go.Scatter(
        x=np.arange(len(products)) - at, y=products, name=f"position {at + 1}", mode="lines+markers",
        line={"color": ROLES["lstm"], "width": 2.5}, marker={"color": ROLES["lstm"], "size": 5},
        hovertemplate="%{x} positions away: %{y:.4g}<extra></extra>",
    )  # fmt: skip
    return figure(
        [curve], products_finding(record), x="positions away", y="p · p′", showlegend=False,
        margin={"l": 64, "r": 16, "t": 10, "b": 52},
    )  # fmt: skip


def positions_finding(record: TokenWalk) -> str:
    """Return what is to be seen of the positions themselves."""
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
