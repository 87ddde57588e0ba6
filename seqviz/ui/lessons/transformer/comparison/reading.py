"""The translators compared: the shipped ones, and the person's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from seqviz.corpora.bleu import bleu
from seqviz.errors import ConfigError, MissingRunError
from seqviz.experiment.task import TranslationConfig
from seqviz.questions import EXAMINATION
from seqviz.records import ComparedTranslator, Examination, Probes
from seqviz.studies import EXAMINED, StudyResult
from seqviz.subjects.distance import WRITERS
from seqviz.subjects.examination import Examined
from seqviz.ui.lessons.transformer.comparison.settings import NAME
from seqviz.ui.runs.shipped import shipped_study
from seqviz.ui.runs.translators import CORPUS, LONGEST
from seqviz.ui.shell.cache import lab, traced_many
from seqviz.ui.shell.page import Page
from seqviz.ui.shell.person import known_person


@dataclass(frozen=True, kw_only=True)
class Contender:
    """One translator: its run as far as it was trained, and what one training step takes."""

    label: str
    run: str
    step: int
    step_seconds: float
    parameters: int
    own: bool


def study() -> StudyResult:
    """Return the shipped study.

    Raises:
        StoreError: it is missing or damaged.
    """
    return shipped_study("comparison")


def contenders(page: Page) -> list[Contender]:
    """Return all translators compared, the shipped ones first.

    Raises:
        StoreError: a run is not here.
        ConfigError: a run learned another task.
    """
    shipped = [
        Contender(
            label=WRITERS[row.arm], run=row.run, step=_steps(row.run), step_seconds=row.step_seconds,
            parameters=int(row.measures["parameters"]), own=False,
        )
        for row in study().rows if row.seed == 0
    ]  # fmt: skip
    named = own_runs()
    asked = dict.fromkeys(run for run in page["own"].split(",") if run)
    labels = [named.get(run, f"run {run[:8]}") for run in asked]
    return shipped + [
        _own(run, label if labels.count(label) == 1 else f"{label}, {run[:8]}")
        for run, label in zip(asked, labels, strict=True)
    ]


def own_runs() -> dict[str, str]:
    """Return the person's own runs that learned this page's task, the newest first, with their names."""
    who = known_person()
    runs = lab().runs(who) if who else []
    return {run.id: f"run “{handle.name}”" for handle, run in runs if run.steps_done and _fits(run.experiment.task)}


def choose_own(page: Page) -> None:
    """Draw the choice of a person's own runs, where there are any."""
    titles = own_runs()
    held = [run for run in page["own"].split(",") if run]
    titles |= {run: f"run {run[:8]}" for run in held if run not in titles}
    if not titles:
        return
    page.offer("own", held, key=f"{NAME}.chosen", take=partial(_take, page), titles=titles)


def compared(contenders: Sequence[Contender]) -> list[ComparedTranslator]:
    """Return how each did on held-out sentences: the study's figures, and the person's runs examined here."""
    own = [each for each in contenders if each.own]
    records = traced_many(tuple((EXAMINATION, examined(each, EXAMINED)) for each in own)) if own else []
    found = {row.run: study().of(row.arm) for row in study().rows if row.seed == 0}
    seeds = {run: [row.measures for row in rows] for run, rows in found.items()}
    paces = {run: [row.step_seconds for row in rows] for run, rows in found.items()}
    seeds |= {each.run: [_measured(record)] for each, record in zip(own, records, strict=True)}
    return [_row(each, seeds[each.run], paces.get(each.run, [each.step_seconds])) for each in contenders]


def _measured(record: Examination) -> dict[str, float]:
    return {**record.measures, "bleu": bleu(record.written, record.wanted)}


def _row(contender: Contender, seeds: Sequence[Mapping[str, float]], paces: Sequence[float]) -> ComparedTranslator:
    def of(measure: str) -> np.ndarray:
        return np.array([each[measure] for each in seeds])

    return ComparedTranslator(
        label=contender.label, exact=of("exact"), of=EXAMINED, bleu=of("bleu"), parameters=contender.parameters,
        alignment_error=of("alignment_error") if "alignment_error" in seeds[0] else None, step_seconds=np.array(paces),
    )  # fmt: skip


def examined(contender: Contender, sentences: int) -> Examined:
    """Return the question how a contender translates so many held-out sentences."""
    return Examined(run=contender.run, step=contender.step if contender.own else None, sentences=sentences, longest=LONGEST)


def probes_of(run: str) -> Probes | None:
    """Return what a run recorded of its translations while it learned; None where it recorded none."""
    opened = lab().store.open(run)
    return None if opened is None or opened.probes is None or opened.probes.exact is None else opened.probes


def _take(page: Page, runs: Sequence[str]) -> None:
    page["own"] = ",".join(runs)


def _fits(task: object) -> bool:
    return isinstance(task, TranslationConfig) and task.corpus == CORPUS and task.longest == LONGEST


def _steps(run: str) -> int:
    manifest = lab().store.manifest(run)
    return 0 if manifest is None else manifest.status.steps_done


def _own(run: str, label: str) -> Contender:
    opened = lab().store.open(run)
    if opened is None:
        raise MissingRunError(run, "on this server")
    if not _fits(opened.experiment.task):
        raise ConfigError(f"only runs that learned French to English from up to {LONGEST} words are compared; {run} did not")
    steps = opened.status.steps_done
    if not steps:
        raise ConfigError(f"run {run} has not been trained for a single step yet")
    weights = sum(array.size for array in lab().store.weights(run).values())
    return Contender(
        label=label, run=run, step=steps, step_seconds=opened.status.seconds / steps, parameters=weights, own=True
    )  # fmt: skip
