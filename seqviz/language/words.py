"""Numbers, comparisons and lists in words, for findings that a student can repeat."""

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

SHRUNK, GROWN = 0.67, 1.5  # times a size, between which it is said to be kept
EDGE = 1e8  # times a type's smallest normal number: the last size before a step that leaves nothing is below it

_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def number(value: float, digits: int = 2) -> str:
    """Return ``value`` with so many significant digits, as one says it; numbers.js writes the same in the browser.

    >>> number(3.04e-9), number(0.25), number(1234567.0), number(0.0), number(float("nan"))
    ('3·10⁻⁹', '0.25', '1.2·10⁶', '0', 'not a number')
    >>> number(0.123456, 4), number(-3.3219e-14, 4)
    ('0.1235', '-3.322·10⁻¹⁴')
    """
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return _plain(value, digits)
    size, exponent = f"{value:.{digits - 1}e}".split("e")
    power = _power(int(exponent))
    return power if float(size) == 1 else f"{float(size):g}·{power}"


def setting(value: float) -> str:
    """Return a number that a person has chosen, as they chose it.

    >>> setting(0.125), setting(1e6)
    ('0.125', '10⁶')
    """
    return number(value, 6)


def percent(share: float) -> str:
    """Return a share of a whole in percent, below a tenth to one decimal; numbers.js writes the same in the browser.

    What is not quite all is never called all, and what would be 0.0 % is written as a share.

    >>> percent(0.75), percent(0.097), percent(0.9999), percent(0.0004), percent(0.0)
    ('75 %', '9.7 %', '≈100 %', '4·10⁻⁴', '0 %')
    """
    if not math.isfinite(share):
        return "?"
    if 0.995 <= share < 1:
        return "≈100 %"
    if share and share < 0.0005:
        return number(share)
    least = Decimal("0.1") if 0 < share < 0.0995 else Decimal(1)
    return f"{Decimal(100 * float(share)).quantize(least, ROUND_HALF_UP)} %"  # halves go up, as in the browser


def became(sizes: np.ndarray, start: int, end: int, held_in: str | None = None) -> str:
    """Return what became of a size on its way from ``sizes[start]`` to ``sizes[end]``.

    A 0 is called exact unless the sizes fade into it at the edge of what their type can hold.

    Args:
        sizes: along the way.
        start: where it is compared from.
        end: where it is compared.
        held_in: the type it was computed in ("float32"); by default that of ``sizes``.

    >>> became(np.array([0.0, 0.5, 1.0]), 2, 0), became(np.array([0.0, 1e-320, 1.0]), 2, 0)
    ('vanishes to exactly 0', 'shrinks to below what float64 can hold')
    >>> became(np.array([2.0, 0.0]), 1, 0), became(np.array([1e300, 1e-300]), 1, 0)
    ('begins at exactly 0 and ends at 2', 'grows 10⁶⁰⁰-fold')
    """
    before, after = float(sizes[start]), float(sizes[end])
    if math.isnan(before) or math.isnan(after):
        return "is not a number"
    if math.isinf(before):
        return "is beyond every number from the start"
    if before == 0:
        return "is exactly 0 at both ends" if after == 0 else f"begins at exactly 0 and ends at {number(after)}"
    held = np.dtype(held_in or np.asarray(sizes).dtype)
    if after == 0 and _fades(sizes, held):
        return f"shrinks to below what {held} can hold"
    if after and math.isfinite(after) and (after / before == 0 or math.isinf(after / before)):  # only the ratio is too much
        decades = round(math.log10(after) - math.log10(before))
        return f"shrinks to {_power(decades)}" if decades < 0 else f"grows {_power(decades)}-fold"
    return change(after / before)


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
    told = {"shrinks": f"shrinks to {number(ratio)}", "keeps": "keeps its size", "grows": f"grows {number(ratio)}-fold"}
    return told[fate(ratio)]


def change_of_log10(log: float) -> str:
    """Return what became of a size that is now 10 to the power of ``log`` times what it was, also beyond any float.

    >>> change_of_log10(476.6), change_of_log10(-500.0), change_of_log10(2.0), change_of_log10(-math.inf)
    ('grows 10⁴⁷⁷-fold', 'shrinks to 10⁻⁵⁰⁰', 'grows 100-fold', 'vanishes to exactly 0')
    """
    if math.isnan(log) or math.isinf(log) or abs(log) <= 300:
        return change(math.nan if math.isnan(log) else power_of_ten(log))
    return f"{'shrinks to ' if log < 0 else 'grows '}{number_of_log10(log)}{'' if log < 0 else '-fold'}"


def number_of_log10(log: float) -> str:
    """Return 10 to the power of ``log`` as one says it, also beyond any float.

    >>> number_of_log10(476.6), number_of_log10(1.0), number_of_log10(-math.inf)
    ('10⁴⁷⁷', '10', '0')
    """
    return number(power_of_ten(log)) if not math.isfinite(log) or abs(log) <= 300 else _power(round(log))


def power_of_ten(log: float) -> float:
    """Return 10 to the power of ``log``, infinite where no float holds it.

    >>> power_of_ten(2.0), power_of_ten(400.0), power_of_ten(-400.0)
    (100.0, inf, 0.0)
    """
    return float(np.float64(10.0) ** log) if log <= 308 else math.inf


def fate(ratio: float) -> str:
    """Return which of three things became of a size that is now ``ratio`` times what it was; nothing where it is NaN.

    >>> fate(0.0), fate(0.5), fate(1.1), fate(400.0), fate(float("inf")), fate(float("nan"))
    ('shrinks', 'shrinks', 'keeps', 'grows', 'grows', '')
    """
    if math.isnan(ratio):
        return ""
    if ratio < SHRUNK:
        return "shrinks"
    return "keeps" if ratio <= GROWN else "grows"


def changes(told: Sequence[tuple[str, str]]) -> str:
    """Return what became of several sizes, each with its place; neighbours with the same fate share a verb.

    >>> changes([(" in the RNN", change(1e-8)), (" in the GRU", change(0.01)), (" in the LSTM", change(1.0))])
    'shrinks to 10⁻⁸ in the RNN and 0.01 in the GRU, and keeps its size in the LSTM'
    >>> changes([(" in the RNN", change(1.0)), (" in the GRU", change(1.1))])
    'keeps its size in the RNN and in the GRU'
    """
    groups: list[tuple[str, list[str]]] = []
    for place, said in told:
        verb = next((each for each in ("shrinks to ", "grows ") if said.startswith(each)), said)
        if groups and groups[-1][0] == verb:
            groups[-1][1].append(said.removeprefix(verb) + place)
        else:
            groups.append((verb, [said.removeprefix(verb) + place]))
    together = [verb + listed([parts[0], *(part.lstrip() for part in parts[1:])]) for verb, parts in groups]
    return together[0] if len(together) == 1 else f"{', '.join(together[:-1])}, and {together[-1]}"


def raised(sentence: str) -> str:
    """Return ``sentence`` with a capital letter at its beginning.

    >>> raised("step 25: the LSTM")
    'Step 25: the LSTM'
    """
    return sentence[:1].upper() + sentence[1:]


def superscript(exponent: float) -> str:
    """Return ``exponent`` as a superscript.

    >>> superscript(-12), superscript(1.5)
    ('⁻¹²', '¹·⁵')
    """
    return f"{exponent:g}".translate(_SUPERSCRIPT).replace(".", "·")


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Return the parts as a sentence lists them, with ``last`` before the last.

    >>> listed(["a"]), listed(["a", "b", "c"]), listed(["a", "b"], "or")
    ('a', 'a, b and c', 'a or b')
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def ratio(after: float, before: float) -> float:
    """Return ``after / before``; NaN where both are 0 or either is NaN, infinity over a 0."""
    if before == 0:
        return math.nan if after == 0 or math.isnan(after) else math.inf
    if math.isinf(before) and math.isinf(after):
        return math.nan
    return after / before


def _plain(value: float, digits: int) -> str:
    text = f"{value:.{digits}g}"
    return str(round(float(text))) if "e" in text or float(text).is_integer() else text


def _power(exponent: int) -> str:
    return f"10{superscript(exponent)}"


def _fades(sizes: np.ndarray, held_in: np.dtype[np.floating]) -> bool:
    left = sizes[sizes > 0]
    return bool(left.size) and float(left.min()) < float(np.finfo(held_in).tiny) * EDGE
