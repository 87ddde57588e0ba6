"""What the influence of words on a predicted word shows, in words computed from the records."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from seqviz.figures.gradient_flow import TITLES
from seqviz.language.words import listed, percent
from seqviz.records import WordInfluence

HARDLY = 0.05  # nats: less than this is called hardly any influence


class Cue(NamedTuple):
    """The word that decides which one is asked for."""

    place: int
    fillers: int  # between both


def influence_finding(records: Mapping[str, WordInfluence], measure: str, cue: Cue | None) -> str:
    """Return what the deciding word does to the predicted one in each network; without one, which word does most.

    Args:
        records: by cell, of the same sentence.
        measure: "gradient" or "replaced".
        cue: the word that decides, where it is known.
    """
    if not records:
        return "No network is chosen."
    one = next(iter(records.values()))
    if cue is None:
        told = "; ".join(_strongest(cell, record, measure) for cell, record in records.items())
        return f"I{told[1:]}."
    place = f"“{one.words[cue.place]}”, {_fillers(cue.fillers)} between it and “{one.asked}”"
    values = _listed(records, measure, cue)
    if measure == "gradient":
        return f"{place}: gradient × input gives its influence on the log-probability as {values} (nats)."
    return f"{place}, being there rather than another of its class, moves its log-probability by {values} (nats)."


def other_measure(records: Mapping[str, WordInfluence], measure: str, cue: Cue) -> str:
    """Return what the measure that is not shown says of the deciding word, and in which networks the signs are opposite."""
    other, name = ("gradient", "Gradient × input") if measure == "replaced" else ("replaced", "Replacing the word")
    word = next(iter(records.values())).words[cue.place]
    told = f"{name} says of “{word}”: {_listed(records, other, cue)}."
    opposed = [
        f"the {TITLES.get(cell, cell)}"
        for cell, record in records.items()
        if _shown(record.products[-1, cue.place]) * _shown(record.changes[-1, cue.place]) < 0
    ]
    return f"{told} In {listed(opposed)}, both have opposite signs." if opposed else told


def _listed(records: Mapping[str, WordInfluence], measure: str, cue: Cue) -> str:
    return listed(
        [
            f"{_signed(float(record.measured(measure)[-1, cue.place]))} in the {TITLES.get(cell, cell)}"
            for cell, record in records.items()
        ]
    )


def _strongest(cell: str, record: WordInfluence, measure: str) -> str:
    values, title = record.measured(measure)[-1], TITLES.get(cell, cell)
    at = int(np.abs(values).argmax())
    if abs(values[at]) < HARDLY:
        measured = "by gradient × input, " if measure == "gradient" else ""
        return f"in the {title}, {measured}hardly any word moves “{record.asked}”"
    place, value = f"“{record.words[at]}” ({_words(len(values) - at)} before)", _signed(float(values[at]))
    if measure == "replaced":
        return f"in the {title}, {place} moves “{record.asked}” most: {value} nats"
    exact = record.changes[-1, at]
    opposed = f", against {_signed(float(exact))} where the word is replaced" if _shown(exact) * _shown(values[at]) < 0 else ""
    return f"in the {title}, gradient × input on “{record.asked}” is largest for {place}: {value} nats{opposed}"


def predicted_words(cell: str, record: WordInfluence) -> str:
    """Return what a network would write next, and how likely it finds the word asked for."""
    told = ", ".join(f"{word} {percent(share)}" for word, share in record.likeliest[:3])
    asked = "" if record.asked == record.likeliest[0][0] else f"; “{record.asked}” {percent(record.probability)}"
    return f"{TITLES.get(cell, cell)} expects {told}{asked}"


def _shown(value: float) -> float:
    """Return ``value`` as far as it is told: what is told as 0 has no sign."""
    return float(value) if abs(value) >= 0.005 else 0.0


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{value:.2f}" if _shown(value) else "0.00"


def _fillers(count: int) -> str:
    return "with no filler" if count == 0 else "with 1 filler" if count == 1 else f"with {count} fillers"


def _words(count: int) -> str:
    return "1 word" if count == 1 else f"{count} words"
