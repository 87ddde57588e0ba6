"""Whether this server takes an experiment, decided before anything is queued."""

from collections.abc import Sequence
from dataclasses import replace

from seqviz.corpora import dealt_out, pairs_of_text
from seqviz.errors import ConfigError, LimitError, MissingParentError, TextError
from seqviz.experiment import Experiment, FeedforwardConfig, TransformerConfig
from seqviz.experiment.positions import check_positions, check_task
from seqviz.experiment.task import OWN, CaptionsConfig, CharactersConfig, TranslationConfig
from seqviz.scenes import LONGEST
from seqviz.settings import Limits
from seqviz.store import Store

LIMITED = (
    "length", "sentences", "longest", "vocabulary", "hidden_size", "layers", "depth", "embedding_size", "batch_size", "steps",
    "width", "inner", "learned_positions",
)  # fmt: skip


def admitted(experiment: Experiment, ancestors: Sequence[Experiment], store: Store, limits: Limits) -> tuple[Experiment, ...]:
    """Return the experiment, its text named by content, and then all its ancestors.

    Raises:
        LimitError: it or an ancestor asks for more than ``limits``.
        TextError: the text is not here, or shorter than one sequence.
        MissingParentError: an ancestor is not known here.
        ConfigError: an ancestor never comes to the step that is gone on from, or fewer positions are learned than it reads.
    """
    line = line_of(resolved(experiment, store), ancestors, store)
    check_task(experiment)
    if isinstance(experiment.task, CaptionsConfig) and isinstance(experiment.model, TransformerConfig):
        check_positions(experiment.model, LONGEST + 1)  # the caption's end is read off one more
    for one in line:
        check_limits(one, limits)
    return line


def check_limits(experiment: Experiment, limits: Limits) -> None:
    """Refuse an experiment that asks for more than ``limits``.

    Raises:
        LimitError: naming the setting, the limit and what was asked.
    """
    asked = experiment.task.to_json() | experiment.model.to_json() | experiment.training.to_json()
    limits.check(**{name: value for name in LIMITED if isinstance(value := asked.get(name), int)})
    if isinstance(experiment.model, FeedforwardConfig):
        check_weights(experiment.model, limits)


def check_weights(model: FeedforwardConfig, limits: Limits) -> None:
    """Refuse a feed-forward network whose layers are joined by more weights than ``limits`` allow.

    Raises:
        LimitError: naming both numbers.
    """
    if model.joining_weights > limits.joining_weights:
        raise LimitError(
            f"the layers of this network would be joined by {model.joining_weights:,} weights, and this server allows "
            f"{limits.joining_weights:,}: take a narrower network, or fewer layers"
        )


def resolved(experiment: Experiment, store: Store) -> Experiment:
    """Return the experiment with its text named by content.

    Raises:
        MissingTextError: this server does not have the text.
        TextError: the text is shorter than one sequence, or the sentences are too few.
    """
    task = experiment.task
    if isinstance(task, TranslationConfig) and task.corpus == OWN:
        dealt_out(pairs_of_text(store.texts.read(task.text)), task.sentences, task.longest, drawn=task.drawn)
    if not isinstance(task, CharactersConfig):
        return experiment
    name = store.texts.resolve(task.text)
    length = len(store.texts.read(name))
    if length <= task.length:
        needed = f"a text to learn from must be longer than one sequence ({task.length} characters)"
        raise TextError(f"{needed}, got {length} characters")
    return replace(experiment, task=replace(task, text=name))


def line_of(experiment: Experiment, ancestors: Sequence[Experiment], store: Store) -> tuple[Experiment, ...]:
    """Return the experiment and all it goes on from, found among ``ancestors`` or in the store.

    Raises:
        MissingParentError: one of them is in neither.
        ConfigError: one of them never comes to the step that is gone on from.
    """
    given = {one.run_id: one for one in ancestors}
    line = [experiment]
    while (parent := line[-1].parent) is not None:
        found = given.get(parent.run) or store.experiment(parent.run)
        if found is None:
            raise MissingParentError(parent.run)
        if not found.first_step <= parent.step <= found.last_step:
            raise ConfigError(
                f"step must be in [{found.first_step}, {found.last_step}] to go on from run {parent.run}, got {parent.step}"
            )
        line.append(found)
    return tuple(line)
