"""The hypotheses of a beam search, drawn as a tree."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import ROLES, figure, literal
from seqviz.language.words import number
from seqviz.records import SearchTree

Written = Callable[[tuple[str, ...]], str]

ROW = 26  # pixels between two branches
BARE = 150


def search_tree_figure(
    record: SearchTree, words: Sequence[str], greedy: float | None = None, written: Written = " ".join
) -> go.Figure:
    """Return the tree of ``record``, the best hypothesis thick.

    Args:
        record: of one sentence.
        words: of each node, in the order of the record.
        greedy: the probability of what greedy search writes, to compare the best with.
        written: puts words together.
    """
    depth, height = depths_and_rows(record)
    best = set(record.path(int(record.found[0])))
    traces = [_edges(record, depth, height, best, chosen) for chosen in (False, True)]
    traces.append(_nodes(record, words, depth, height, best))
    finding, tall = search_finding(record, words, greedy, written), BARE + ROW * (int(height.max()) + 1)
    drawn = figure(traces, finding, x="words written", y="", height=tall, showlegend=False)
    drawn.update_yaxes(visible=False, range=[height.max() + 0.7, -0.7])
    drawn.update_xaxes(dtick=1, range=[-0.4, depth.max() + 1.6])
    return drawn


def search_finding(record: SearchTree, words: Sequence[str], greedy: float | None = None, written: Written = " ".join) -> str:
    """Return what the search found, and whether it is better than what greedy search finds."""
    best = record.path(int(record.found[0]))
    probability = math.exp(float(record.total[best[-1]]))
    said = f"The best of {len(record.found)}: “{written(tuple(words[node] for node in best if words[node] != '<eos>'))}”"
    told = f"{said}, probability {number(probability)}"
    if greedy is None:
        return f"{told}."
    if math.isclose(greedy, probability, rel_tol=1e-6):
        return f"{told}: what greedy search writes too."
    lost = "" if greedy < probability else ", more: the beam lost it on the way"
    return f"{told}; greedy search's has {number(greedy)}{lost}."


def depths_and_rows(record: SearchTree) -> tuple[np.ndarray, np.ndarray]:
    """Return where each node is drawn: how many words it is from the start, and its row from the top."""
    return _depths(record), _heights(record)


def _depths(record: SearchTree) -> np.ndarray:
    depth = np.zeros(len(record.token), dtype=int)
    for node, parent in enumerate(record.parent):  # parents come before their children
        depth[node] = 0 if parent < 0 else depth[parent] + 1
    return depth + 1


def _heights(record: SearchTree) -> np.ndarray:
    """Return a row for each node: leaves below each other, likelier branches first, and a parent beside its first child."""
    children: dict[int, list[int]] = {}
    for node, parent in enumerate(record.parent.tolist()):
        children.setdefault(parent, []).append(node)
    height, row = np.zeros(len(record.token)), 0
    waiting = sorted(children.get(-1, []), key=lambda node: record.total[node])
    while waiting:
        node = waiting.pop()
        below = sorted(children.get(node, []), key=lambda child: record.total[child])
        height[node] = row
        waiting += below
        row += not below
    return height


def _edges(record: SearchTree, depth: np.ndarray, height: np.ndarray, best: set[int], chosen: bool) -> go.Scatter:
    x: list[float | None] = []
    y: list[float | None] = []
    for node, parent in enumerate(record.parent.tolist()):
        if (node in best) == chosen:
            start = (0.0, 0.0) if parent < 0 else (float(depth[parent]), float(height[parent]))
            x += [start[0], float(depth[node]), None]
            y += [start[1], float(height[node]), None]
    line = {"color": ROLES["lstm"] if chosen else ROLES["bound"], "width": 3.5 if chosen else 1}
    return go.Scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", name="best" if chosen else "others")


def _nodes(record: SearchTree, words: Sequence[str], depth: np.ndarray, height: np.ndarray, best: set[int]) -> go.Scatter:
    shown = list(map(literal, words))
    hover = [
        f"{shown[node]}: {math.exp(record.log_probability[node]):.4g} here, {math.exp(record.total[node]):.4g} up to here"
        for node in range(len(record.token))
    ]
    return go.Scatter(
        x=depth, y=height, mode="markers+text", text=shown, textposition="top center", hovertext=hover, hoverinfo="text",
        marker={"size": 8, "color": [ROLES["lstm"] if node in best else ROLES["bound"] for node in range(len(record.token))]},
        name="hypotheses", cliponaxis=False,
    )  # fmt: skip
