"""Training the runs that come with the app, and measuring how good they are."""

import math
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional as F

from seqviz.answers.examination import answer_examination
from seqviz.cards import Card, catalogue, read_cards, write_card
from seqviz.corpora import CORPORA
from seqviz.errors import StoreError
from seqviz.experiment import (
    CELLS,
    MODELS,
    OPTIMIZERS,
    SCHEDULES,
    TASKS,
    CaptionerConfig,
    FeedforwardConfig,
    ModelConfig,
    Seq2SeqConfig,
    TrainingConfig,
)
from seqviz.experiment.fields import Config
from seqviz.experiment.model import ATTENTIONS
from seqviz.experiment.task import CaptionsConfig, CharactersConfig, LagConfig, SpiralsConfig, TranslationConfig, WordsConfig
from seqviz.experiment.vocabulary import Vocabulary
from seqviz.jobs.training import text_of, train_run
from seqviz.models.answering import trained_answering
from seqviz.pretrain.studying import do_study
from seqviz.recipes import Recipe, recipes
from seqviz.recipes.studies import studies
from seqviz.records import Evaluation
from seqviz.registry import look_up
from seqviz.settings import settings
from seqviz.store import Progress, Run, Store
from seqviz.studies import StudyResult, write_study
from seqviz.subjects.examination import Examined
from seqviz.subjects.units import UNSEEN
from seqviz.training import Trainer

Report = Callable[[str], None]

HELD_OUT_SEQUENCES = 1000


def pretrain(name: str, folder: Path, report: Report = lambda line: None) -> Card:
    """Train the run called ``name`` into ``folder``, in the place of an older one of its name, and return its card.

    Raises:
        UnknownNameError: there is no recipe of that name.
        StoreError: ``folder`` cannot be written.
    """
    with _one_thread(), tempfile.TemporaryDirectory() as scratch:
        working = Store(scratch)
        recipe = look_up(recipes(working.texts.resolve("python")), name, "pretrained run")
        keep = replace(settings().store, snapshot_bytes=recipe.snapshot_bytes)
        stages = (recipe.experiment, *recipe.ancestors)
        tell = partial(_tell, report, name, total=recipe.experiment.last_step)
        for at in reversed(range(len(stages))):
            train_run(stages[at], working, keep, ancestors=stages[at + 1 :], report=tell, device="cpu")
        run = working.run(recipe.experiment.run_id)
        _ship(name, run, working, folder, keeps_checkpoint=recipe.keeps_checkpoint)
        card = _card(name, recipe, run, working)
    write_card(card, folder)
    (folder / "README.md").write_text(catalogue(read_cards(folder)), encoding="utf-8")
    return card


def redo_study(name: str, folder: Path, report: Report = lambda line: None) -> StudyResult:
    """Do the study called ``name`` into ``folder``, in the place of an older one, and return what it finds.

    Runs that come with the app are measured as they are; the others are trained, measured, and not kept.

    Raises:
        UnknownNameError: there is no study of that name.
        JobError: a run did not train to its end.
        StoreError: ``folder`` cannot be written.
    """
    with _one_thread(), tempfile.TemporaryDirectory() as scratch:
        result = do_study(look_up(studies(), name, "study"), Store(scratch, str(folder)), report)
    write_study(result, folder)
    return result


def evaluate(store: Store, run_id: str, sequences: int = HELD_OUT_SEQUENCES) -> Evaluation:
    """Return how well the run in ``store`` does on sequences that it has not learned from, the same at every call.

    Of translation, ``exact`` is the share of so many held-out sentences, of all lengths as they come.

    Raises:
        StoreError: there is no such run.
        MissingTextError: the text that it learned from is not here.
    """
    run = store.run(run_id)
    weights = {f"model.{name}": array for name, array in store.weights(run_id).items()}
    start = {**weights, "steps_done": run.metrics.step[-1:].reshape(())}
    judged = Trainer(run.experiment, text=text_of(run.experiment, store), start=start).evaluate(sequences)
    if not isinstance(run.experiment.task, TranslationConfig):
        return judged
    asked = Examined(run=run_id, sentences=sequences, longest=run.experiment.task.longest)
    return replace(judged, exact=float(answer_examination(asked, store).exact.mean()))


@torch.no_grad()
def bits_per_character(store: Store, run_id: str, text: str) -> float:
    """Return the cross-entropy in bits of each next character of ``text``, read in pieces of the run's own length.

    Raises:
        StoreError: there is no such run, or it is no character model.
    """
    run, characters = store.run(run_id), store.vocabulary(run_id)
    if characters is None or not isinstance(run.experiment.task, CharactersConfig):
        raise StoreError(f"run {run_id} is no character model")
    vocabulary, length = Vocabulary(characters), run.experiment.task.length
    size = len(vocabulary)
    model = trained_answering(run.experiment.model, store.weights(run_id), answer="every")
    pieces = torch.from_numpy(vocabulary.encode(text)).unfold(0, length + 1, length)
    answers = model(F.one_hot(pieces[:, :-1], size).float())
    return F.cross_entropy(answers.flatten(0, 1), pieces[:, 1:].flatten()).item() / math.log(2)


def unseen() -> str:
    """Return a text that no model has learned from, the same on every machine: this project's source code.

    Raises:
        StoreError: it is not among the shipped files.
    """
    file = Path(settings().store.pretrained) / UNSEEN
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{file} cannot be read: run this where the app was installed") from error


@contextmanager
def _one_thread() -> Iterator[None]:
    """Sum in one order, so that numbers do not depend on how many cores there are."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _tell(report: Report, name: str, event: Mapping[str, Any], total: int) -> None:
    if event["kind"] == "saved":
        report(f"{name}: {event['steps_done']} of {total} steps")


def _ship(name: str, run: Run, working: Store, folder: Path, *, keeps_checkpoint: bool) -> None:
    older = read_cards(folder).get(name)
    for run_id in {run.id, older.run if older else run.id}:
        shutil.rmtree(folder / "runs" / run_id, ignore_errors=True)
    progress = Progress(
        metrics=run.metrics,
        probes=run.probes,
        weights=working.weights(run.id),
        checkpoint=working.checkpoint(run.id) if keeps_checkpoint else None,
        snapshots={step: working.weights(run.id, step) for step in run.snapshot_steps[:-1]},  # the last are the weights
        vocabulary=working.vocabulary(run.id),
    )
    Store(str(folder)).writer(run.experiment, run.ancestors).commit(run.status, progress)


def _card(name: str, recipe: Recipe, run: Run, store: Store) -> Card:
    task, spec = run.experiment.task, look_up(TASKS, run.experiment.task.to_json()["name"], "task")
    is_text = isinstance(task, CharactersConfig)
    judged = evaluate(store, run.id)
    return Card(
        name=name,
        run=run.id,
        title=f"{MODELS[run.experiment.model.name].title}, {spec.title}",
        finding=recipe.finding,
        held_out=_held_out(task),
        loss=judged.loss,
        loss_name=spec.loss,
        metric=judged.metric,
        metric_name=spec.metric,
        exact=judged.exact,
        sequences=judged.sequences,
        bits=bits_per_character(store, run.id, unseen()) if is_text else None,
        seconds=run.status.seconds + sum(store.run(one.run_id).status.seconds for one in recipe.ancestors),
        machine=run.status.machine,
        versions=run.status.versions,
        **_settings_in_words(run, sum(array.size for array in store.weights(run.id).values())),
    )


def _held_out(task: Config) -> str:
    if isinstance(task, TranslationConfig):
        return "of words that it has learned, in sentences that it has not"
    if isinstance(task, CaptionsConfig):
        return "pictures of what it has not learned from, to be told in words that it has"
    if isinstance(task, WordsConfig):
        return "of pairs of words that it has not learned from together"
    return "the last tenth of the text" if isinstance(task, CharactersConfig) else "drawn afresh"


def _settings_in_words(run: Run, weights: int) -> dict[str, str]:
    experiment, model, training = run.experiment, run.experiment.model, run.experiment.training
    stages = [one.training for one in (*run.ancestors[::-1], experiment)]
    read = "points" if isinstance(experiment.task, SpiralsConfig) else "sequences"
    steps = [
        f"{one.steps} steps of {OPTIMIZERS[one.optimizer]} at {one.learning_rate:g}{_warmed(one)}, "
        f"{one.batch_size} {read} a step"
        for one in stages
    ]
    return {
        "task": _asked(experiment.task),
        "model": f"{_network(model)}, {_layers(model)} of {model.hidden_size} units, {weights:,} weights",
        "training": f"{', then '.join(steps)}, {_clipped(training)}, seed {experiment.seed}",
    }


def _warmed(training: TrainingConfig) -> str:
    return "" if training.schedule == "constant" else f" ({SCHEDULES[training.schedule]}, warm-up of {training.warmup} steps)"


def _clipped(training: TrainingConfig) -> str:
    if training.clip == "off":
        return "gradients not clipped"
    return f"gradients clipped at {training.clip} {training.threshold:g}"


def _asked(task: Config) -> str:
    if isinstance(task, TranslationConfig):
        return f"{CORPORA[task.corpus].title}, {task.sentences:,} sentences of up to {task.longest} words"
    if isinstance(task, CaptionsConfig):
        return f"caption pictures of one or two groups of up to {task.most} shapes; of two true captions, either is right"
    if isinstance(task, WordsConfig):
        return f"predict each next word of {task.sentences:,} sentences with up to {task.fillers} fillers between two words"
    if isinstance(task, LagConfig):
        asked = f"name the symbol of {task.lag} steps ago" if task.dependent else f"answer noise, as if of {task.lag} steps ago"
        return f"{asked}, in sequences of {task.length} steps"
    if isinstance(task, SpiralsConfig):
        return "tell on which arm of a spiral a point is"
    written = task.to_json()
    asked = f"predict each next character of {written['text']}" if "text" in written else "add the two marked numbers"
    return f"{asked}, in sequences of {written['length']} steps"


def _layers(model: ModelConfig) -> str:
    if isinstance(model, FeedforwardConfig):
        return f"{model.depth} hidden layers"
    return f"{model.layers} layer{'s' * (model.layers > 1)}"


def _network(model: ModelConfig) -> str:
    if isinstance(model, CaptionerConfig):
        return f"{CELLS[model.cell]} decoder on the cells of a convolutional network, additive attention"
    if model.name == "transformer_captioner":
        return "Transformer's decoder on the cells of a convolutional network"
    if not isinstance(model, Seq2SeqConfig):
        return MODELS[model.name].title
    encoder = "a bidirectional encoder" if model.bidirectional else "an encoder of one direction"
    reading = " that is fed the source backwards" if model.reverse_source else ""
    attention = "no attention" if model.attention == "none" else f"{ATTENTIONS[model.attention]} attention"
    return f"{CELLS[model.cell]} decoder on {encoder}{reading}, {attention}"
