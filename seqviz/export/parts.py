"""Which parts of seqviz each kind of experiment is made of, and how a script calls them."""

from collections.abc import Mapping
from dataclasses import dataclass

from seqviz.experiment import Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import TranslationConfig, WordsConfig
from seqviz.export.source import lifted
from seqviz.export.words import name_of


@dataclass(frozen=True, kw_only=True)
class TaskPart:
    """A task in a script: the functions it needs, and what is called."""

    path: str
    functions: tuple[str, ...]  # the first draws a batch
    judging: tuple[str, ...]  # of tasks/judging.py; loss first
    metric: str
    sizes: tuple[str, str]  # numbers read and answered at a step, as a script writes them
    arguments: tuple[str, ...]  # settings that are handed to the first function


TASK_PARTS: Mapping[str, TaskPart] = {
    "adding": TaskPart(
        path="tasks/adding.py", functions=("adding_batch",), judging=("squared_error", "share_within"),
        metric="share_within", sizes=("2", "1"), arguments=("length",),
    ),
    "copying": TaskPart(
        path="tasks/copying.py", functions=("copying_batch", "share_recalled"), judging=("cross_entropy", "accuracy"),
        metric="share_recalled", sizes=("10", "9"), arguments=("length",),
    ),
    "temporal_order": TaskPart(
        path="tasks/temporal_order.py", functions=("temporal_order_batch",), judging=("cross_entropy", "accuracy"),
        metric="accuracy", sizes=("6", "4"), arguments=("length",),
    ),
    "lag": TaskPart(
        path="tasks/lag.py", functions=("lag_batch",), judging=("cross_entropy", "accuracy"),
        metric="accuracy", sizes=("4", "4"), arguments=("length", "lag", "dependent"),
    ),
    "characters": TaskPart(
        path="tasks/characters.py", functions=("characters_batch",), judging=("cross_entropy", "accuracy"),
        metric="accuracy", sizes=("len(characters) + 1", "len(characters) + 1"), arguments=("length",),
    ),
    "words": TaskPart(
        path="tasks/words.py", functions=("words_batch",), judging=("cross_entropy", "accuracy"),
        metric="accuracy", sizes=("len(known) + 4", "len(known) + 4"), arguments=(),
    ),
}  # fmt: skip

CLIP_FUNCTIONS: Mapping[str, str] = {"off": "leave_unclipped", "norm": "clip_by_norm", "value": "clip_by_value"}


def task_part(experiment: Experiment) -> TaskPart:
    """Return what the experiment's task needs."""
    return TASK_PARTS[str(experiment.task.to_json()["name"])]


def task_source(experiment: Experiment) -> str:
    """Return the functions that draw batches and judge answers."""
    part = task_part(experiment)
    return "\n\n\n".join([lifted("tasks/judging.py", *part.judging), lifted(part.path, *part.functions)])


def draw_call(experiment: Experiment) -> str:
    """Return the expression that draws one batch with ``generator``."""
    if isinstance(experiment.task, TranslationConfig):
        return f"translation_batch({experiment.training.batch_size}, buckets, generator)"
    part = task_part(experiment)
    given = {"size": experiment.training.batch_size} | {name: getattr(experiment.task, name) for name in part.arguments}
    written = [f"{name}={value!r}" for name, value in given.items()]
    if experiment.task.to_json()["name"] == "characters":
        written += [f"symbols=learned(symbols, {given['length']})", "vocabulary_size=len(characters) + 1"]
    if isinstance(experiment.task, WordsConfig):
        written += [f'sentences=sentences["{name_of(experiment.task)}"]', "vocabulary_size=len(known) + 4"]
    return f"{part.functions[0]}({', '.join(written)}, generator=generator)"


def cell_call(model: RecurrentConfig) -> str:
    """Return the expression that makes the recurrent layers."""
    module = model.spec.modules[model.activation]
    more = [f"num_layers={model.layers}"] if model.layers > 1 else []
    more += ["bidirectional=True"] if model.bidirectional else []
    more += [f'{name}="{value}"' for name, value in module.settings.items()]
    return f"{module.module}({', '.join(['input_size', str(model.hidden_size), *more, 'batch_first=True'])})"


def cell_source(model: RecurrentConfig) -> str:
    """Return the recurrent module that PyTorch lacks, where the model is one, and its step, where connections are dropped."""
    module, drops = model.spec.modules[model.activation], model.dropout != "none"
    names = module.source or (("named_weights", "driven", "returned", module.step, "fused") if drops else ())
    layer = f"scanned({module.module}.scan)" if module.source else f"fused(torch.{module.mode.lower()})"
    line = f"SimpleNamespace(states={len(model.spec.states)}, layer={layer}, step={module.step})"
    kinds = f'KINDS = {{"{module.mode}": {line}}}' if drops else ""
    return "\n\n\n".join(part for part in (lifted("models/cells.py", *names), kinds) if part)


def initialisation_calls(model: RecurrentConfig) -> dict[str, str]:
    """Return the calls that draw the initial weights, in order: function → call."""
    size = model.hidden_size * (2 if model.bidirectional else 1)
    calls = {
        "uniform": f"uniform(network.rnn, 1 / math.sqrt({model.hidden_size}), generator)\n"
        f"        uniform(network.readout, 1 / math.sqrt({size}), generator)"
    }
    if model.initialisation != "default":
        calls["draw_recurrent"] = f"draw_recurrent(network.rnn, {model.initialisation}, {model.scale!r}, generator)"
    if model.activation == "relu" and model.initialisation == "identity":
        calls["draw_small_inputs"] = "draw_small_inputs(network.rnn, generator)"
    if model.chrono:
        signs = {model.spec.gates.index(gate): sign for gate, sign in model.spec.chrono.items()}
        arguments = f"network.rnn, {len(model.spec.gates)}, {signs}, {model.chrono}, generator"
        calls["set_chrono_biases"] = f"set_chrono_biases({arguments})"
    elif model.forget_bias is not None:
        calls["set_forget_bias"] = f"set_forget_bias(network.rnn, {model.forget_bias!r})"
    return calls


def initialisation_source(model: RecurrentConfig) -> str:
    """Return the functions that draw the initial weights."""
    recurrent = [] if model.initialisation == "default" else [model.initialisation]
    return lifted("models/initialisation.py", *recurrent, *initialisation_calls(model))


def optimizer_call(training: TrainingConfig) -> str:
    """Return the expression that makes the optimizer."""
    names = {"sgd": "SGD", "momentum": "SGD", "rmsprop": "RMSprop", "adam": "Adam", "adadelta": "Adadelta"}
    momentum = f", momentum={training.momentum!r}" if training.optimizer == "momentum" else ""
    return f"torch.optim.{names[training.optimizer]}(network.parameters(), lr={training.learning_rate!r}{momentum})"


def rate_of(training: TrainingConfig) -> str:
    """Return the expression of training step ``step``'s learning rate, as :meth:`TrainingConfig.rate_at` computes it."""
    if training.schedule == "constant":
        return repr(training.learning_rate)
    return f"{training.learning_rate!r} * min(step / {training.warmup}, math.sqrt({training.warmup} / step))"


def clipping_source(clips: set[str]) -> str:
    """Return the functions that clip in the given ways."""
    return lifted("training/clipping.py", "gradient_norm", *(CLIP_FUNCTIONS[clip] for clip in sorted(clips)))
