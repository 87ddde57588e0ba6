"""From a subject to the recurrent network itself, and what it reads."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from seqviz.errors import LimitError, TextError
from seqviz.experiment import MODELS, TASKS, Experiment, RecurrentConfig
from seqviz.experiment.task import CharactersConfig
from seqviz.experiment.vocabulary import Vocabulary
from seqviz.models import SequenceModel, build_model, trained_model
from seqviz.questions import Question, Sizes
from seqviz.registry import look_up
from seqviz.settings import Limits, settings
from seqviz.store import Store, open_store
from seqviz.subjects.recurrent import Reading, RunMoment, UntrainedNetwork
from seqviz.tasks import build_task

Judge = Callable[[Tensor, Tensor], Tensor]  # answers (batch, time, output), targets → losses (batch, time)


@dataclass(frozen=True)
class Opened:
    """A network in float64, so that even a gradient that has almost vanished differs from zero, and what it reads."""

    model: SequenceModel
    inputs: Tensor  # (batch, time, input)
    targets: Tensor  # (batch, time, ...)
    judge: Judge
    read: Tensor | None = None  # what gates are traced on, where that is more than can be judged

    def losses(self, output: Tensor, final: object = None) -> Tensor:
        """Return the loss at every step (time,), summed over sequences."""
        return self.judge(self.model.readout(output), self.targets).sum(0)

    def loss(self, output: Tensor, final: object = None) -> Tensor:
        """Return the one loss: of the answer at the last step, or of those at every step."""
        if self.model.answer == "every":
            return self.losses(output).sum()
        return self.judge(self.model.read(output).unsqueeze(1), self.targets[:, -1:]).sum()

    @property
    def sizes(self) -> Sizes:
        """How large the network and what it reads are."""
        rnn = self.model.rnn
        spec = MODELS[rnn.mode.split("_")[0].lower()]
        return Sizes(
            layers=rnn.num_layers, directions=2 if rnn.bidirectional else 1, batch=len(self.inputs),
            time=self.inputs.shape[1], units=rnn.hidden_size, states=len(spec.states), gates=len(spec.gates),
        )  # fmt: skip


def open_within_limits(question: Question[Any, Any], subject: Reading) -> Opened:
    """Return the network that ``subject`` describes, where this server allows the answer to ``question`` about it.

    Raises:
        LimitError: the network, what it reads, or the answer is larger than this server allows.
        SeqvizError: as :func:`open_subject` does.
    """
    limits = settings().limits
    if isinstance(subject, UntrainedNetwork):  # before anything of that size is made
        _check_size(question, _sizes_before(subject), limits)
        return open_subject(subject)
    opened = open_subject(subject)
    if getattr(subject, "text", ""):  # typed text has its own limit
        limits = replace(limits, length=limits.typed_characters)
    _check_size(question, opened.sizes, limits)
    return opened


def _sizes_before(subject: UntrainedNetwork) -> Sizes:
    """Return how large an untrained network is, before it is built."""
    spec = MODELS[subject.name]
    return Sizes(
        layers=subject.layers, directions=2 if subject.bidirectional else 1, batch=subject.batch_size,
        time=subject.length, units=subject.hidden_size, states=len(spec.states), gates=len(spec.gates),
    )  # fmt: skip


def _check_size(question: Question[Any, Any], sizes: Sizes, limits: Limits) -> None:
    limits.check(length=sizes.time, hidden_size=sizes.units, layers=sizes.layers, batch_size=sizes.batch)
    values = 0 if question.values is None else question.values(sizes)
    if values > limits.traced_values:
        raise LimitError(
            f"this trace would hold {values:,} numbers, and this server allows {limits.traced_values:,}: "
            "take a shorter sequence, fewer of them, or a smaller network"
        )


def open_subject(subject: Reading) -> Opened:
    """Return the network that ``subject`` describes, an untrained one or a run's.

    Raises:
        StoreError: there is no such run, or its weights at that step were not kept.
        TextError: the typed text is too short, or the run's own is not here.
        LimitError: the typed text is longer than this server allows.
    """
    if isinstance(subject, UntrainedNetwork):
        return _untrained(subject)
    assert isinstance(subject, RunMoment), "a recurrent network is untrained or a run's"
    return _moment(subject, open_store())


def _untrained(subject: UntrainedNetwork) -> Opened:
    generator = torch.Generator().manual_seed(subject.seed)
    config = RecurrentConfig(**{name: getattr(subject, name) for name in RecurrentConfig.rules()})
    model = build_model(config, input_size=subject.input_size, output_size=1, answer=subject.loss, generator=generator)
    shape = (subject.batch_size, subject.length)
    inputs = torch.randn(*shape, subject.input_size, generator=generator, dtype=torch.float64)
    targets = torch.randn(*shape, generator=generator, dtype=torch.float64)
    return Opened(_for_reading(model), inputs, targets, _squared_errors)


def _moment(subject: RunMoment, store: Store) -> Opened:
    experiment = store.run(subject.run).experiment
    model = trained_model(experiment.recurrent, store.weights(subject.run, subject.step), answer=subject.loss)
    typed = isinstance(experiment.task, CharactersConfig) and bool(subject.text)
    return _typed(subject, model, store) if typed else _held_out(subject, experiment, model, store)


def _typed(subject: RunMoment, model: SequenceModel, store: Store) -> Opened:
    most = settings().limits.typed_characters
    if len(subject.text) > most:
        raise LimitError(f"a text to look at may have at most {most:,} characters on this server, got {len(subject.text):,}")
    if len(subject.text) < 2:
        raise TextError("a text to look at must have at least two characters: one to read, and one to predict")
    vocabulary = Vocabulary(store.vocabulary(subject.run) or "")
    symbols = torch.from_numpy(vocabulary.encode(subject.text)).unsqueeze(0)
    read = F.one_hot(symbols, len(vocabulary)).double()
    return Opened(_for_reading(model), read[:, :-1], symbols[:, 1:], _cross_entropies, read)


def _held_out(subject: RunMoment, experiment: Experiment, model: SequenceModel, store: Store) -> Opened:
    config = experiment.task
    text = store.texts.read(store.texts.resolve(config.text)) if isinstance(config, CharactersConfig) else None
    batch = build_task(config, text=text).held_out(subject.batch_size, torch.Generator().manual_seed(subject.seed))
    spec = look_up(TASKS, getattr(config, "name", None), "task")
    targets = batch.targets
    if spec.answer == "last":  # the same answer, asked for at every step
        targets = targets.view(len(targets), 1).expand(-1, batch.inputs.shape[1])
    judge = _squared_errors if spec.loss == "squared error" else _cross_entropies
    return Opened(_for_reading(model), batch.inputs.double(), targets, judge)


def _for_reading(model: SequenceModel) -> SequenceModel:
    return model.double().eval().requires_grad_(False)


def _squared_errors(answers: Tensor, targets: Tensor) -> Tensor:
    return (answers.squeeze(-1) - targets) ** 2


def _cross_entropies(answers: Tensor, targets: Tensor) -> Tensor:
    return F.cross_entropy(answers.transpose(1, 2), targets, reduction="none")  # target -100: nothing is asked, so 0
