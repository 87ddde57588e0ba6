"""Print what the lab promises about speed beside what it does: ``python -m bench``."""

import argparse
import importlib
import json
import math
import platform
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bench.line import CannotMeasure, Line, Reading

# bench.<wing>.lines() gives the lines of one wing
WINGS = (
    "tracing",
    "watching",
    "translation",
    "transformer",
    "heads",
    "lab",
    "clipping",
    "browser",
    "cliff",
    "depth",
    "influence",
    "scaling",
    "distance",
)
TITLE_WIDTH = 86


@dataclass(frozen=True)
class Outcome:
    """A line with what was measured, or with why it could not be."""

    line: Line
    reading: Reading | None
    failure: str = ""

    @property
    def is_kept(self) -> bool:
        """Whether the promise is kept; what could not be measured is missed."""
        return self.reading is not None and self.line.keeps(self.reading)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 0 where every promise is kept, 1 where one is missed, 2 where nothing was measured."""
    asked = _parser().parse_args(arguments)
    outcomes = []
    for line in chosen(asked.only):
        outcome = measured(line)
        outcomes.append(outcome)
        if not asked.json:
            print(row(outcome), flush=True)
    if not outcomes:
        print(f"no line is called {', '.join(asked.only)}", file=sys.stderr)
        return 2
    missed = sum(not outcome.is_kept for outcome in outcomes)
    print(as_json(outcomes) if asked.json else f"\n{len(outcomes) - missed} of {len(outcomes)} targets met")
    return 1 if missed else 0


def chosen(only: Sequence[str]) -> Iterator[Line]:
    """Give the lines whose name or wing begins with one of ``only``; all of them where it is empty."""
    wings = [wing for wing in WINGS if wing in only] if set(only) <= set(WINGS) else WINGS
    for wing in wings or WINGS:
        for line in importlib.import_module(f"bench.{wing}").lines():
            if not only or any(wing == name or line.name.startswith(name) for name in only):
                yield line


def measured(line: Line) -> Outcome:
    """Return ``line`` with its reading; a measurement that the machine cannot make is an outcome too."""
    try:
        return Outcome(line, line.measure())
    except CannotMeasure as reason:
        return Outcome(line, None, str(reason))


def row(outcome: Outcome) -> str:
    """Return one line of the table: what, measured, target, whether kept."""
    line, reading = outcome.line, outcome.reading
    mark = "ok    " if outcome.is_kept else "MISSED"
    if reading is None:
        return f"{mark} {line.title:<{TITLE_WIDTH}} {outcome.failure}"
    return f"{mark} {line.title:<{TITLE_WIDTH}} {_amount(reading, line):>22}   target {_target(line)}"


def as_json(outcomes: Iterable[Outcome]) -> str:
    """Return all outcomes, and the machine they hold for, as one JSON object."""
    lines = [
        {
            "name": outcome.line.name,
            "title": outcome.line.title,
            "unit": outcome.line.unit,
            "target": outcome.line.target,
            "better": outcome.line.better,
            "p95_target": outcome.line.p95_target,
            "median": _finite(outcome.reading.median) if outcome.reading else None,
            "p95": _finite(outcome.reading.p95) if outcome.reading else None,
            "quartiles": outcome.reading.spread if outcome.reading else None,
            "count": outcome.reading.count if outcome.reading else 0,
            "kept": outcome.is_kept,
            "failure": outcome.failure,
        }
        for outcome in outcomes
    ]
    return json.dumps({"machine": platform.platform(), "python": platform.python_version(), "lines": lines}, indent=2)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure what the lab promises about speed.")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help=f"a wing ({', '.join(WINGS)}) or a line")
    return parser


def _amount(reading: Reading, line: Line) -> str:
    if line.unit == "×":
        low, high = reading.spread or (reading.median, reading.median)
        return f"{reading.median:.2f} × ({low:.2f}…{high:.2f})"
    tail = "" if reading.p95 is None else f", p95 {_plain(reading.p95)}"
    return f"{_plain(reading.median)}{tail} {line.unit}"


def _target(line: Line) -> str:
    sign = "≤" if line.better == "lower" else "≥"
    tail = "" if line.p95_target is None else f", p95 ≤ {_plain(line.p95_target)}"
    return f"{sign} {line.target:g}{tail} {line.unit}"


def _plain(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


if __name__ == "__main__":
    sys.exit(main())
