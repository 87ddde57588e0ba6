"""What a translation shows, and the tree of the search that found it, in words computed from both."""

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.corpora import alignment_error_rate, strongest_links
from seqviz.figures.heat import Names, heat_map, linear_levels
from seqviz.figures.look import GATE_SCALE, figure, hue, literal, ticked
from seqviz.language.words import listed, number, percent
from seqviz.records import Neighbours, SearchTree, Translation

SPREAD = 0.5  # a mean largest share below this is called spread out
Written = Callable[[tuple[str, ...]], str]
ROW = 26  # pixels between two branches
BARE = 150


def translation_figure(record: Translation) -> go.Figure:
    """Draw where the network looked for each word that it wrote; of a network with attention."""
    assert record.weights is not None
    words = len(_words(record))
    return heat_map(
        record.weights[:words], linear_levels(record.weights[:words], 0.0, 1.0, GATE_SCALE), translation_finding(record),
        Names(x="read", y="written", value="share"),
        xaxis={**ticked(list(map(literal, record.source))), "tickangle": -40},
        yaxis={**ticked(list(map(literal, _words(record)))), "tickangle": 0, "autorange": "reversed"},
        margin={"l": 84, "r": 8, "t": 12, "b": 70},
    )  # fmt: skip


def translation_finding(
    record: Translation, right: tuple[str, ...] | None = None, written: Callable[[tuple[str, ...]], str] = " ".join
) -> str:
    """Return whether the translation is right, and what attention does.

    Args:
        record: of one sentence.
        right: the right translation, where it is known.
        written: puts words together.
    """
    return f"{_outcome(record, right, written)} {_looks(record)}"


def alignment_words(record: Translation, links: Iterable[tuple[int, int]]) -> str:
    """Return how far the strongest attention is from the right links, exactly and within one position.

    Args:
        record: of a network with attention.
        links: the right ones, (position in the source, position in the right translation).
    """
    assert record.weights is not None
    words = len(record.written) - record.ended
    found, sure = strongest_links(record.weights[:words]), frozenset(links)
    exact, near = alignment_error_rate(found, sure), alignment_error_rate(found, sure, within=1)
    said = f"Alignment error rate against them: {number(exact)}; {number(near)} where one position off counts as right"
    linked = len({there for _, there in sure})
    least = 1 - 2 * linked / (words + len(sure))
    reason = ", since an encoder's state knows its neighbours" if near < exact else ""
    many = f" Some words have several links: naming one for each, no attention can do better than {number(least)}."
    return f"{said}{reason}.{many if len(sure) > linked else ''}"


def neighbours_finding(record: Neighbours, written: Callable[[tuple[str, ...]], str]) -> str:
    """Return which sentence the encoder takes for most alike; ``written`` puts words together."""
    if not record.sources:
        return "No other sentence was learned from that this one could be compared with."
    return (
        f"Of {record.among:,} sentences learned from, “{written(record.sources[0])}” leaves the encoder most alike: "
        f"cosine {number(float(record.similarity[0]))}, where half of them have less than {number(record.typical)}."
    )


def _outcome(record: Translation, right: tuple[str, ...] | None, written: Callable[[tuple[str, ...]], str]) -> str:
    words, said = _words(record), number(record.probability)
    if not words:
        return f"It {'was made to write' if record.given.all() else 'writes'} no word at all (probability {said})."
    if record.given.all():
        own = sum(offered[0][0] == word for offered, word in zip(record.alternatives, record.written, strict=True))
        among = f"{len(record.written)} words{', <eos> among them,' if record.ended else ''}"
        return f"Teacher forcing “{written(words)}” (probability {said}): {own} of the {among} it would have chosen itself."
    if right is None:
        return f"It writes “{written(words)}” (probability {said})."
    if words == right:
        return f"Right: “{written(words)}” (probability {said})."
    return f"It writes “{written(words)}” (probability {said}); right would be “{written(right)}”."


def _words(record: Translation) -> tuple[str, ...]:
    return record.written[:-1] if record.ended else record.written


def _looks(record: Translation) -> str:
    words = len(_words(record))
    if record.weights is None:
        return f"It has no attention: all of the sentence went through {record.handed:,} numbers."
    if not words:
        return "There is no word to look back for."
    if record.moved.any():
        return f"Its attention was moved at {number(int(record.moved.sum()))} of the {len(record.written)} words."
    weights = record.weights[:words]
    if weights.max(axis=1).mean() < SPREAD:
        share = number(float(weights.max(axis=1).mean()))
        return f"Attention is spread out: the word looked at most has a share of {share} on average."
    places = weights.argmax(axis=1)
    back = np.flatnonzero(places[1:] < places[:-1])
    if len(back):
        return f"Attention goes back: {listed([_pair(record, weights, at) for at in (int(back[0]), int(back[0]) + 1)])}."
    if len(set(places.tolist())) == 1:
        return f"Attention stays on “{record.source[places[0]]}”."
    return "Attention goes through the sentence from left to right."


def _pair(record: Translation, weights: np.ndarray, at: int) -> str:
    place = int(weights[at].argmax())
    return f"“{record.written[at]}” looks at “{record.source[place]}” ({percent(weights[at, place])})"


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
    line = {"color": hue("best hypothesis" if chosen else "hypothesis"), "width": 3.5 if chosen else 1}
    return go.Scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", name="best" if chosen else "others")


def _nodes(record: SearchTree, words: Sequence[str], depth: np.ndarray, height: np.ndarray, best: set[int]) -> go.Scatter:
    shown = list(map(literal, words))
    hover = [
        f"{shown[node]}: {math.exp(record.log_probability[node]):.4g} here, {math.exp(record.total[node]):.4g} up to here"
        for node in range(len(record.token))
    ]
    colours = [hue("best hypothesis" if node in best else "hypothesis") for node in range(len(record.token))]
    return go.Scatter(
        x=depth, y=height, mode="markers+text", text=shown, textposition="top center", hovertext=hover, hoverinfo="text",
        marker={"size": 8, "color": colours},
        name="hypotheses", cliponaxis=False,
    )  # fmt: skip
