"""Doing a study: every experiment trained, or found trained, and measured; one thread, one after another."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from seqviz.answers.evaluation import measure_fresh
from seqviz.answers.examination import answer_examination
from seqviz.answers.layers import layer_curves, measure_layers, measure_reach
from seqviz.answers.translators import open_translator
from seqviz.corpora.bleu import bleu
from seqviz.errors import JobError
from seqviz.experiment import Experiment
from seqviz.jobs.training import text_of, train_run
from seqviz.pretrain.learning import learning_curves, measure_learning
from seqviz.registry import look_up
from seqviz.settings import settings
from seqviz.store import Store
from seqviz.store.writer import these_versions, this_machine
from seqviz.studies import EXAMINED, Matrix, Study, StudyResult, StudyRow
from seqviz.subjects.examination import Examined
from seqviz.tracing.translation import Choice, translate
from seqviz.training import Trainer

Measure = Callable[[Store, str], Mapping[str, float]]
Curves = Callable[[Store, str], Mapping[str, Sequence[float]]]
Report = Callable[[str], None]

DECIMALS = 4  # of attention that is kept
TIMED_STEPS, ROUNDS = 20, 5


def measure_translation(store: Store, run_id: str) -> dict[str, float]:
    """Return how well a translator in ``store`` does on held-out sentences that are no longer than those it learned from."""
    task = open_translator(store, run_id).task
    record = answer_examination(Examined(run=run_id, sentences=EXAMINED, longest=task.longest), store)
    looks = {
        "alignment_error": record.mean_alignment_error,
        "near_alignment_error": record.mean_near_alignment_error,
        "entropy": record.mean_entropy,
    }
    parameters = sum(array.size for array in store.weights(run_id).values())
    measured = {"exact": record.exact_share, "bleu": bleu(record.written, record.wanted), "parameters": float(parameters)}
    return measured | {name: value for name, value in looks.items() if value is not None}


def measure_clipping(store: Store, run_id: str) -> dict[str, float]:
    """Return how a run learned its task, and the share of its steps whose gradient was clipped."""
    learned, run = measure_learning(store, run_id), store.open(run_id)
    assert run is not None, "it was measured just now"
    return {**learned, "clipped": float(run.metrics.clipped.mean())}


MEASURES: Mapping[str, Measure] = {
    "translation": measure_translation,
    "learning": measure_learning,
    "fresh": measure_fresh,
    "clipping": measure_clipping,
    "layers": measure_layers,
    "reach": measure_reach,
}
# What else is drawn, by measure.
CURVES: Mapping[str, Curves] = {"learning": learning_curves, "clipping": learning_curves, "layers": layer_curves}


def do_study(study: Study, store: Store, report: Report = lambda line: None) -> StudyResult:
    """Return what ``study`` finds; a run that ``store`` already has is measured as it is, others are trained into it.

    Raises:
        JobError: a run did not train to its end.
        UnknownNameError: there is no such measure.
    """
    measure = look_up(MEASURES, study.measure, "measure")
    rows = [row for seed in study.seeds for row in _rows(study, seed, store, measure, report)]
    return StudyResult(
        name=study.name, title=study.title, machine=this_machine(), versions=these_versions(), rows=tuple(rows)
    )  # fmt: skip


def step_seconds(experiments: Sequence[Experiment], store: Store) -> list[float]:
    """Return the processor seconds that a training step of each takes: the quickest of some rounds, all taking turns.

    Processor time, which other load on the machine hardly changes, unlike wall-clock time.
    """
    trainers = [Trainer(one, text=text_of(one, store)) for one in experiments]
    rounds = [[_timed(one) for one in trainers] for _ in range(ROUNDS)]
    return [float(least) for least in np.min(rounds, axis=0)]


def attention_of(study: Study, store: Store, run_id: str) -> dict[str, Matrix]:
    """Return the run's attention while it reads the right translation of each of the study's sentences, rounded."""
    if not study.texts:
        return {}
    one = open_translator(store, run_id)
    kept: dict[str, Matrix] = {}
    for text, given in study.texts:
        record = translate(one.model, text.split(), one.source, one.target, Choice(given=given.split()))
        if record.weights is not None:
            kept[text] = np.round(record.weights.astype(float), DECIMALS).tolist()
    return kept


def _rows(study: Study, seed: int, store: Store, measure: Measure, report: Report) -> Iterator[StudyRow]:
    experiments = {arm: study.experiment(arm, seed) for arm in study.arms}
    for arm, experiment in experiments.items():
        _train(experiment, store, may_diverge=study.may_diverge)
        report(f"study-{study.name}: {arm}, seed {seed} trained")
    taken = [0.0] * len(experiments) if study.may_diverge else step_seconds(list(experiments.values()), store)
    for (arm, experiment), seconds in zip(experiments.items(), taken, strict=True):
        yield StudyRow(
            arm=arm,
            seed=seed,
            run=experiment.run_id,
            measures=measure(store, experiment.run_id),
            step_seconds=round(seconds, 6),
            attention=attention_of(study, store, experiment.run_id),
            curves=CURVES[study.measure](store, experiment.run_id) if study.measure in CURVES else {},
        )


def _train(experiment: Experiment, store: Store, *, may_diverge: bool) -> None:
    keep = replace(settings().store, snapshot_bytes=0)
    done = train_run(experiment, store, keep, device="cpu")
    if done.state != "done" and not (may_diverge and done.state == "diverged"):
        raise JobError(f"run {experiment.run_id} of the study ended as {done.state}: {done.message or 'no reason is known'}")


def _timed(trainer: Trainer) -> float:
    trainer.step()  # so that what is set up once is set up
    start = time.process_time()
    for _ in range(TIMED_STEPS):
        trainer.step()
    return (time.process_time() - start) / TIMED_STEPS
