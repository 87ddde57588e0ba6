"""Numbers and comparisons in words, for findings that a student can repeat."""

import math
from collections.abc import Sequence

_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def number(value: float) -> str:
    """Return ``value`` with two significant digits, as one says it.

    >>> number(3.04e-9), number(0.25), number(1234567.0), number(0.0), number(float("nan"))
    ('3·10⁻⁹', '0.25', '1.2·10⁶', '0', 'not a number')
    """
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return _plain(value)
    digits, exponent = f"{value:.1e}".split("e")
    power = "10" + str(int(exponent)).translate(_SUPERSCRIPT)
    digits = digits.removesuffix(".0")
    return power if digits == "1" else f"{digits}·{power}"


def change(ratio: float) -> str:
    """Return what became of a size that is now ``ratio`` times what it was.

    >>> change(1e-8), change(1.1), change(400.0), change(0.0), change(float("nan"))
    ('shrinks to 10⁻⁸', 'keeps its size', 'grows 400-fold', 'vanishes to exactly 0', 'is not a number')
    """
    if math.isnan(ratio):
        return "is not a number"
    if math.isinf(ratio):
        return "grows beyond every number"
    if ratio == 0:
        return "vanishes to exactly 0"
    if ratio < 0.67:
        return f"shrinks to {number(ratio)}"
    return "keeps its size" if ratio <= 1.5 else f"grows {number(ratio)}-fold"


def changes(ratios: Sequence[tuple[str, float]]) -> str:
    """Return what became of several sizes, each with its place; neighbours with the same fate share a verb.

    >>> changes([(" in the RNN", 1e-8), (" in the GRU", 0.01), (" in the LSTM", 1.0)])
    'shrinks to 10⁻⁸ in the RNN and 0.01 in the GRU, and keeps its size in the LSTM'
    """
    groups: list[tuple[str, list[str]]] = []
    for place, ratio_now in ratios:
        said = change(ratio_now)
        verb = next((each for each in ("shrinks to ", "grows ") if said.startswith(each)), said)
        if groups and groups[-1][0] == verb:
            groups[-1][1].append(said.removeprefix(verb) + place)
        else:
            groups.append((verb, [said.removeprefix(verb) + place]))
    told = [verb + listed(parts) for verb, parts in groups]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])}, and {told[-1]}"


def listed(parts: Sequence[str]) -> str:
    """Return the parts as a sentence lists them.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def ratio(after: float, before: float) -> float:
    """Return ``after / before``; NaN where both are 0 or either is NaN, infinity over a 0."""
    if before == 0:
        return math.nan if after == 0 or math.isnan(after) else math.inf
    if math.isinf(before) and math.isinf(after):
        return math.nan
    return after / before


def _plain(value: float) -> str:
    text = f"{value:.2g}"
    return str(round(float(text))) if "e" in text or float(text).is_integer() else text
