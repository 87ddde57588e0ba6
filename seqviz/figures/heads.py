"""What the heads of a Transformer do, in words computed from their weights."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.corpora import alignment_error_rate, strongest_links
from seqviz.corpora.vocabulary import EOS, SPECIAL
from seqviz.figures.heat import Names, heat_map, linear_levels
from seqviz.figures.look import GATE_SCALE, literal, ticked
from seqviz.language.tokens import visible
from seqviz.language.words import listed, number, percent
from seqviz.records import AttentionHeads
from seqviz.records.heads import CROSS

END = SPECIAL[EOS]
MOSTLY = 0.5  # a head that gives a place more than this on average is called by it
NEIGHBOURS = ("before", "itself", "after")

TITLES: Mapping[str, str] = {
    "before": "the token before",
    "itself": "the token itself",
    "after": "the token after",
    "first": "the first token",
    "last": "the last token",
}

Links = Iterable[tuple[int, int]]  # (position in the source, position in the right translation)
Place = tuple[int, int]  # layer, head; from 0


def head_figure(record: AttentionHeads) -> go.Figure:
    """Draw the head that the finding speaks of: what each token looks at, and by how much."""
    layer, head = telling_head(record)
    weights = record.weights[layer, head]
    seen = np.where(record.visible, weights, np.nan)  # what cannot be seen stays blank, and says 0
    columns, rows = (
        {**ticked(list(map(literal, tokens))), "tickangle": 0, "showgrid": False}
        for tokens in (record.keys_of, record.queries_of)
    )
    return heat_map(
        seen, linear_levels(seen, 0.0, 1.0, GATE_SCALE), heads_finding(record),
        Names(x="looked at", y="asks", value="weight"), exact=weights, xaxis=columns, yaxis={**rows, "autorange": "reversed"},
    )  # fmt: skip


def heads_finding(record: AttentionHeads, links: Links | None = None) -> str:
    """Return which head does one thing most, and how many look at one place.

    Args:
        record: one kind of attention.
        links: of cross attention the right alignment of what is written, where it is known.
    """
    if len(record.keys_of) == 1:
        return "There is one token alone to look at: every head gives it all of its attention."
    if record.kind == CROSS:
        return f"{_aligned(record, links) if links is not None else _surest(record)}{_fixed(record)}"
    place, (layer, head) = _strongest(record)
    mean, even = float(record.patterns[place][layer, head]), record.evenly[place]
    return (
        f"{named((layer, head))} gives {TITLES[place]} {percent(mean)} of its attention on average, where looking at all alike "
        f"would give {percent(even)}.{_fixed(record)}"
    )


def telling_head(record: AttentionHeads, links: Links | None = None) -> Place:
    """Return the head that the finding speaks of."""
    if len(record.keys_of) == 1:
        return 0, 0
    if record.kind != CROSS:
        return _strongest(record)[1]
    rates = error_rates(record, links) if links is not None else -record.weights.max(axis=-1).mean(axis=-1)
    return _at(int(rates.argmin()), record)


def head_labels(record: AttentionHeads) -> list[list[tuple[str, str]]]:
    """Return what each head does (layer, head), in a word and in a few; empty where it gives no place most of its attention."""
    names, means = list(record.patterns), np.array(list(record.patterns.values()))
    if not names:
        return [[("", "")] * record.heads] * record.layers
    best, most = means.argmax(axis=0), means.max(axis=0)

    def label(layer: int, head: int) -> tuple[str, str]:
        place, mean = names[best[layer, head]], float(most[layer, head])
        return (place, f"{percent(mean)} on {TITLES[place]}, on average") if mean > MOSTLY else ("", "")

    return [[label(layer, head) for head in range(record.heads)] for layer in range(record.layers)]


def error_rates(record: AttentionHeads, links: Links) -> np.ndarray:
    """Return each head's alignment error rate (layer, head): its strongest key for each word written, but for the end."""
    sure = frozenset(links)
    words = len(record.queries_of) - (record.queries_of[-1] == END)
    rates = [[alignment_error_rate(strongest_links(weights[:words]), sure) for weights in layer] for layer in record.weights]
    return np.array(rates)


def decided(record: AttentionHeads) -> int | None:
    """Return how many heads give one token more than half of their attention, on average over the queries with a choice.

    None where no query has one.
    """
    free = record.visible.sum(axis=1) > 1
    if not free.any():
        return None
    return int((record.weights[:, :, free].max(axis=-1).mean(axis=-1) > MOSTLY).sum())


def named(place: Place) -> str:
    """Return a head's name, as one counts from 1.

    >>> named((0, 2))
    'Layer 1, head 3'
    """
    return f"Layer {place[0] + 1}, head {place[1] + 1}"


def _strongest(record: AttentionHeads) -> tuple[str, Place]:
    patterns = record.patterns
    place = max((each for each in NEIGHBOURS if each in patterns), key=lambda each: float(patterns[each].max()))
    return place, _at(int(patterns[place].argmax()), record)


def _at(index: int, record: AttentionHeads) -> Place:
    return index // record.heads, index % record.heads


def _aligned(record: AttentionHeads, links: Links) -> str:
    """Say which head follows the right alignment best, or which do, none better than another."""
    rates = error_rates(record, links)
    best, one = [_at(int(index), record) for index in np.flatnonzero(np.isclose(rates, rates.min()))], rates.size == 1
    told = f"an alignment error rate of {number(float(rates.min()))}"
    if len(best) == rates.size and not one:
        return f"All {rates.size} heads follow the right alignment alike: the words they look at most have {told}."
    follows, looks = ("follows", "it looks") if len(best) == 1 else ("follow", "they look")
    worst = "" if one else f", those of the head furthest off {number(float(rates.max()))}"
    return f"{_named_together(best)} {follows} the right alignment best: the words {looks} at most have {told}{worst}."


def _named_together(places: Sequence[Place]) -> str:
    """Return the name of one head, or of several by their layers: ``Heads 1, 2 and 4 of layer 2``."""
    if len(places) == 1:
        return named(places[0])
    layers = {layer: [head + 1 for each, head in places if each == layer] for layer, _ in places}
    said = listed([
        f"{'head' if len(heads) == 1 else 'heads'} {listed(list(map(str, heads)))} of layer {layer + 1}"
        for layer, heads in layers.items()
    ])  # fmt: skip
    return f"{said[0].upper()}{said[1:]}"


def _surest(record: AttentionHeads) -> str:
    sure = record.weights.max(axis=-1).mean(axis=-1)
    best = _at(int(sure.argmax()), record)
    return (
        f"{named(best)} is the surest: the token it looks at most has {percent(float(sure.max()))} of its attention on average."
    )


def _fixed(record: AttentionHeads) -> str:
    """Say how many heads look at the first or the last token from any query."""
    counts = {place: int((record.patterns[place] > MOSTLY).sum()) for place in ("first", "last") if place in record.patterns}
    all_heads = record.layers * record.heads
    told = [
        f"{count} of {all_heads} heads {'gives' if count == 1 else 'give'} {TITLES[place]} “{_shown(record, place)}” most of it"
        for place, count in counts.items()
        if count
    ]
    return f" {listed(told)}." if told else ""


def _shown(record: AttentionHeads, place: str) -> str:
    return visible(record.keys_of[0 if place == "first" else -1])
