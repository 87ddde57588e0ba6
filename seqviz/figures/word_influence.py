"""What the influence of words on a predicted word shows, in words computed from the records."""

from collections.abc import Mapping

import numpy as np

from seqviz.figures.gradients import TITLES
from seqviz.figures.words import listed, number
from seqviz.records import WordInfluence

HARDLY = 0.05  # nats: less than this is called hardly any influence


def influence_finding(records: Mapping[str, WordInfluence], measure: str, cue: int | None) -> str:
    """Return how strongly the deciding word moves the predicted one in each network; without one, what moves it most.

    Args:
        records: by cell, of the same sentence.
        measure: "gradient" or "replaced".
        cue: position of the word that decides, where it is known.
    """
    if not records:
        return "No network is chosen."
    one = next(iter(records.values()))
    if cue is None:
        told = "; ".join(_strongest(cell, record, measure) for cell, record in records.items())
        return f"I{told[1:]}."
    values = [
        f"{_signed(float(record.measured(measure)[-1, cue]))} in the {TITLES.get(cell, cell)}"
        for cell, record in records.items()
    ]
    back = len(one.words) - cue
    how = "being there rather than another of its class" if measure == "replaced" else "by gradient × input"
    return (
        f"“{one.words[cue]}”, {_words(back)} before “{one.asked}”, {how}, moves its log-probability by {listed(values)} (nats)."
    )


def other_measure(records: Mapping[str, WordInfluence], measure: str, cue: int) -> str:
    """Return what the measure that is not shown says of the deciding word, network by network."""
    other, name = ("gradient", "Gradient × input") if measure == "replaced" else ("replaced", "Replacing the word")
    values = [
        f"{_signed(float(record.measured(other)[-1, cue]))} in the {TITLES.get(cell, cell)}" for cell, record in records.items()
    ]
    return f"{name} says of “{next(iter(records.values())).words[cue]}”: {listed(values)}."


def _strongest(cell: str, record: WordInfluence, measure: str) -> str:
    values, title = record.measured(measure)[-1], TITLES.get(cell, cell)
    at = int(np.abs(values).argmax())
    if abs(values[at]) < HARDLY:
        return f"in the {title}, hardly any word moves “{record.asked}”"
    place = f"“{record.words[at]}” ({_words(len(values) - at)} before)"
    return f"in the {title}, {place} moves “{record.asked}” most: {_signed(float(values[at]))} nats"


def predicted_words(cell: str, record: WordInfluence) -> str:
    """Return what a network would write next, and how likely it finds the word asked for."""
    told = ", ".join(f"{word} {_percent(share)}" for word, share in record.likeliest[:3])
    asked = "" if record.asked == record.likeliest[0][0] else f"; “{record.asked}” {_percent(record.probability)}"
    return f"{TITLES.get(cell, cell)} expects {told}{asked}"


def _percent(share: float) -> str:
    return f"{number(100 * share)} %"


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{value:.2f}" if abs(value) >= 0.005 else "0.00"


def _words(count: int) -> str:
    return "1 word" if count == 1 else f"{count} words"
