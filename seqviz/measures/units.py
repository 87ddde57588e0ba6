"""Which units follow a property of the text they read, and how well any unit would by chance. Needs no torch."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from seqviz.records import UnitRanking

SHIFTS = 24  # of the property against the text, to see what chance gives


def rank_units(
    values: Float[np.ndarray, "time unit"], properties: Float[np.ndarray, "property time"], yes_or_no: Sequence[bool]
) -> UnitRanking:
    """Rank the units of one array by how well they follow each property of the text they read.

    Ranks alone count, so neither a unit's scale nor its shape matters. To see what chance gives, each property is turned
    round in time against the text, by a tenth to nine tenths of it: how often it holds and for how long is kept, its tie to
    the text is broken; the best of all units at any of these turns is :attr:`~seqviz.records.UnitRanking.chance`.

    Args:
        values: what the units did.
        properties: each property after each character; yes is 1, no is 0.
        yes_or_no: which properties are of that kind; the others are numbers.

    Source:
        Karpathy, Johnson & Fei-Fei (2015), section 4.2, https://arxiv.org/abs/1506.02078, found such units by eye; the
        score and its comparison with chance are this lab's own.
    """
    ranks = _centred_ranks(values)
    claims = np.asarray(yes_or_no, dtype=bool)[:, None]
    labels = np.where(claims, properties - properties.mean(axis=1, keepdims=True), _centred_ranks(properties.T).T)
    turns = np.linspace(0.1, 0.9, SHIFTS) * len(values)
    turned = np.stack([np.roll(labels, int(turn), axis=1) for turn in (0, *turns)])
    scores = _scores(ranks, turned, claims)
    chance = np.nan_to_num(np.abs(scores[1:])).max(axis=(0, 2))  # a unit that never moves follows nothing
    return UnitRanking(scores=scores[0], chance=chance, shares=properties.mean(axis=1), positions=len(values))


def _scores(ranks: np.ndarray, labels: np.ndarray, claims: np.ndarray) -> Float[np.ndarray, "turn property unit"]:
    """Return the rank-biserial correlation (2·AUC - 1) with claims, Spearman's with numbers; NaN where either never changes."""
    time = len(ranks)
    spread = (labels[0] ** 2).mean(axis=1, keepdims=True)
    moves = (ranks**2).mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        most = np.where(claims, time * spread / 2, np.sqrt(spread * moves))
        scores: np.ndarray = np.tensordot(labels, ranks, 1) / time / np.where(moves > 0, most, np.nan)
        return scores


def _centred_ranks(values: np.ndarray) -> Float[np.ndarray, "time unit"]:
    """Return each column's ranks around 0; equal values share the mean of their ranks."""
    ranks = np.empty(values.shape)
    for unit, column in enumerate(values.T):
        order = np.argsort(column)
        ordered = column[order]
        starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
        counts = np.diff(starts, append=len(ordered))
        ranks[order, unit] = np.repeat(starts + (counts + 1) / 2, counts)
    return ranks - (len(values) + 1) / 2
