"""What a caption's attention shows, drawn and in words computed from it."""

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.chance import wilson_interval
from seqviz.figures.heat import Names, heat_map, linear_levels
from seqviz.figures.look import GATE_SCALE, figure, hue
from seqviz.language.words import listed, number, percent
from seqviz.records import Captioning, PointingGame
from seqviz.scenes import kind_of

ANYWHERE = 1.5  # attention that is not this many times what chance gives is called chance's


def caption_finding(record: Captioning) -> str:
    """Return whether the caption is true, and what a word that names a thing looks at."""
    return f"{_outcome(record)} {_looked(record)}"


def whose_attention(record: Captioning | PointingGame) -> str:
    """Return the owner of the attention in ``record``: the network's only head, the mean of its heads, or one head."""
    if record.head is not None:
        return f"head {record.head}'s attention"
    heads = _heads_of(record)
    return "its attention" if heads < 2 else f"the mean attention of its {heads} heads"


def _heads_of(record: Captioning | PointingGame) -> int:
    if isinstance(record, PointingGame):
        return len(record.heads)
    return 0 if record.heads is None else int(record.heads.shape[1])


def telling_word(record: Captioning) -> int:
    """Return the position of the word to look at first: the last one for a shape that is in the picture, else the first."""
    named = [at for at, word in enumerate(record.written) if kind_of(word) == "shape" and record.regions[at].any()]
    return named[-1] if named else 0


def pointing_figure(record: PointingGame) -> go.Figure:
    """Draw for each place of a caption how often attention points at what the word there is about, beside chance."""
    told = record.pictures > 0
    places = [place for place, known in zip(record.places, told, strict=True) if known]
    curves = (
        ("looks most at a cell of it", record.hits, "pointing", "circle"),
        ("share of its attention on it", record.inside, "inside", "square"),
        ("chance: share of the picture that it is", record.areas, "reference", "line-ns-open"),
    )
    traces = [
        go.Scatter(
            x=values[told], y=places, name=name, mode="markers",
            marker={"color": hue(role), "symbol": symbol, "size": 12, "line": {"width": 3 if role == "reference" else 0}},
            customdata=record.pictures[told],
            hovertemplate="%{y}: %{x:.3f}, of %{customdata} pictures<extra>%{fullData.name}</extra>",
        )
        for name, values, role, symbol in curves
    ]  # fmt: skip
    return figure(
        traces, pointing_finding(record), x="share", y="", empty=not told.any(),
        xaxis={"range": [-0.02, 1.02]}, yaxis={"type": "category", "autorange": "reversed"},
    )  # fmt: skip


def pointing_finding(record: PointingGame) -> str:
    """Return in words where attention points as the colour and the shape of a thing are written."""
    named = np.array([place.endswith(("colour", "shape")) for place in record.places]) & (record.pictures > 0)
    if not named.any():
        return "None of these pictures has been looked at."
    hits, area = (np.average(values[named], weights=record.pictures[named]) for values in (record.hits, record.areas))
    mean = f"the mean looks of its {len(record.heads)} heads" if len(record.heads) > 1 else "the looks"
    looks = mean if record.head is None else f"head {record.head}'s looks"
    said = f"At a word for a colour or a shape, {percent(hits)} of {looks} are strongest at a cell of the things meant"
    if hits < ANYWHERE * area:
        return f"{said}: no more than by chance ({percent(area)})."
    return f"{said}; by chance it would be {percent(area)} ({record.drawn:,} held-out pictures).{_elsewhere(record)}"


def heads_figure(record: PointingGame) -> go.Figure:
    """Draw how often each head points at what the word is about, place by place of the caption."""
    told = record.pictures > 0
    places = [place for place, known in zip(record.places, told, strict=True) if known]
    hits = np.array([game.hits[told] for game in record.heads]).reshape(len(record.heads), len(places))
    names = Names(x="word for", y="head", value="share of its looks that are strongest at a cell of it", bar="hits")
    titles = [str(game.head) for game in record.heads]
    return heat_map(
        hits, linear_levels(hits, 0.0, 1.0, GATE_SCALE), heads_finding(record), names, x=places, y=titles,
        height=150 + 34 * len(titles), xaxis={"type": "category"}, yaxis={"type": "category", "autorange": "reversed"},
    )  # fmt: skip


def heads_finding(record: PointingGame) -> str:
    """Return in words at which word each head points best."""
    if not record.heads or not (record.pictures > 0).any():
        return "No head has been looked at."
    best: dict[str, list[str]] = {}
    for game in record.heads:
        at = int(np.where(game.pictures > 0, game.hits, -1).argmax())
        best.setdefault(game.places[at], []).append(f"head {game.head} ({percent(float(game.hits[at]))})")
    found = [f"{listed(heads)} at the word for the {place}" for place, heads in best.items()]
    return f"Most often at what the word is about look {'; '.join(found)}."


def relation_words(record: PointingGame) -> str:
    """Return in words where the network looks as it writes the relation of two groups."""
    first, second, elsewhere = record.relation
    return (
        f"On average {percent(first)} of {whose_attention(record)} is on the group named already, {percent(second)} on the "
        f"one still to come, and {percent(elsewhere)} on neither."
    )


def relation_place(record: PointingGame) -> str:
    """Return which of ``first``, ``second``, ``both`` and ``neither`` the look at the relation is: most of it, or two parts."""
    first, second, elsewhere = record.relation
    if elsewhere >= max(first, second):
        return "neither"
    if min(first, second) >= 0.5 * max(first, second):
        return "both"
    return "first" if first > second else "second"


def _elsewhere(record: PointingGame) -> str:
    """Return at which places of the caption the looks miss more often than chance would."""
    counted = zip(record.places, record.hits, record.areas, record.pictures, strict=True)
    missed = [place for place, hit, area, of in counted if of and wilson_interval(round(hit * of), int(of))[1] < area]
    return f" Less than by chance: {listed(missed)}." if missed else ""


def _outcome(record: Captioning) -> str:
    words, said = f"“{' '.join(record.words)}”", number(record.probability)
    if record.is_true:
        return f"True: {words} (probability {said})."
    if not record.ended:
        return f"It does not come to an end: {words}."
    return f"Not true: {words} (probability {said}); true would be “{' '.join(record.true[0])}”."


def _looked(record: Captioning) -> str:
    at = telling_word(record)
    inside, area = float(record.inside[at]), float(record.areas[at])
    if not area:
        return "None of its words names a thing in the picture."
    looked = f"{percent(inside)} of {whose_attention(record)} is on what it names, {percent(area)} of the picture"
    if inside < area:
        return f"While it writes “{record.written[at]}”, it looks elsewhere: only {looked}."
    return f"While it writes “{record.written[at]}”, {looked}: {number(inside / area)} times chance."
