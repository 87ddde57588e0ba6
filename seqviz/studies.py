"""A study: several experiments, each from several seeds, and what was measured of every one when it was done. No torch here.

A study is of ``seqviz.recipes.studies``, is done by ``python -m seqviz pretrain --only study-NAME``, and its result comes
with the app as one small file.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from seqviz.errors import StoreError
from seqviz.experiment import Experiment
from seqviz.registry import look_up

STUDIES = "studies"
SEEDS = (0, 1, 2, 3, 4)  # that a study trains each of its experiments from, if it names no others
EXAMINED = 1000  # held-out sentences that a translator is measured on

Matrix = Sequence[Sequence[float]]


_COUNTED = ("one seed", "two seeds", "three seeds", "four seeds", "five seeds")


def seeds_each(seeds: Sequence[int]) -> str:
    """Return how many seeds each experiment is trained from, as a title says it.

    >>> seeds_each(SEEDS), seeds_each(range(12))
    ('five seeds each', '12 seeds each')
    """
    counted = _COUNTED[len(seeds) - 1] if 1 <= len(seeds) <= len(_COUNTED) else f"{len(seeds)} seeds"
    return f"{counted} each"


@dataclass(frozen=True, kw_only=True)
class Study:
    """The experiments compared, and what is measured of each."""

    name: str  # "attention"
    title: str  # one sentence: what is compared
    arms: Mapping[str, Experiment]
    seeds: tuple[int, ...]
    measure: str  # a name of seqviz.pretrain.studying.MEASURES
    texts: tuple[tuple[str, str], ...] = ()  # sentences whose attention is kept, and the translations read
    may_diverge: bool = False  # then such a run is measured as it was just before, and none is timed

    def experiment(self, arm: str, seed: int) -> Experiment:
        """Return one arm's experiment from one seed.

        Raises:
            UnknownNameError: there is no such arm.
        """
        return replace(look_up(self.arms, arm, "arm"), seed=seed)


@dataclass(frozen=True, kw_only=True)
class StudyRow:
    """One experiment of a study, done.

    ``attention`` holds the weights (target × source) by sentence, to four decimals; it is empty where there are none.
    ``curves`` holds how the run got there, where the study's measure draws any.
    """

    arm: str
    seed: int
    run: str  # the experiment's run id
    measures: Mapping[str, float]
    step_seconds: float  # processor time of one training step, on the study's machine; 0 where it was not taken
    attention: Mapping[str, Matrix]
    curves: Mapping[str, Sequence[float]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class StudyResult:
    """What a study found, and on which machine."""

    name: str
    title: str
    machine: str
    versions: Mapping[str, str]
    rows: tuple[StudyRow, ...]

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms in the study's order."""
        return tuple(dict.fromkeys(row.arm for row in self.rows))

    def of(self, arm: str) -> tuple[StudyRow, ...]:
        """Return one arm's rows, seed by seed."""
        return tuple(row for row in self.rows if row.arm == arm)

    def values(self, arm: str, measure: str) -> Float[np.ndarray, " seed"]:
        """Return what was measured of ``arm``, seed by seed; NaN where it was not."""
        return np.array([row.measures.get(measure, np.nan) for row in self.of(arm)], dtype=float)

    def curves(self, arm: str, name: str) -> Float[np.ndarray, "seed point"]:
        """Return one curve of ``arm``, seed by seed.

        Raises:
            UnknownNameError: none is called so.
        """
        return np.array([look_up(row.curves, name, f"curve of {arm}") for row in self.of(arm)], dtype=float)

    def relative_speed(self, arm: str, reference: str) -> Float[np.ndarray, " seed"]:
        """Return how many steps ``arm`` trains while ``reference`` trains one, seed by seed, in processor time."""
        pairs = zip(self.of(arm), self.of(reference), strict=True)
        return np.array([theirs.step_seconds / ours.step_seconds for ours, theirs in pairs])


def read_study(folder: Path, name: str) -> StudyResult:
    """Return the result of the study called ``name`` below ``folder``.

    Raises:
        StoreError: it is missing or damaged.
    """
    file = folder / STUDIES / f"{name}.json"
    try:
        written = json.loads(file.read_text(encoding="utf-8"))
        rows = tuple(StudyRow(**row) for row in written.pop("rows"))
        return StudyResult(rows=rows, **written)
    except OSError as error:
        again = f"`python -m seqviz pretrain --only study-{name}` does it again"
        raise StoreError(f"the result of the study {name!r} is missing; {again}") from error
    except (ValueError, TypeError, KeyError) as error:
        raise StoreError(f"the study {file} cannot be read: {error}") from error


def write_study(result: StudyResult, folder: Path) -> None:
    """Write ``result`` below ``folder``, replacing an older one of its name; one line a row."""
    (folder / STUDIES).mkdir(parents=True, exist_ok=True)
    head = {name: value for name, value in asdict(replace(result, rows=())).items() if name != "rows"}
    rows = ",\n".join(_compact(asdict(row)) for row in result.rows)
    text = f'{json.dumps(head, indent=1)[:-2]},\n "rows": [\n{rows}\n]}}\n'
    (folder / STUDIES / f"{result.name}.json").write_text(text, encoding="utf-8")


def _compact(value: Mapping[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
