"""An experiment as one plain-PyTorch script that a student can read, run and change."""

import re
from itertools import pairwise

from seqviz.errors import ConfigError
from seqviz.experiment import TASKS, Experiment, FeedforwardConfig, TransformerConfig
from seqviz.experiment.task import CaptionsConfig, CharactersConfig, TranslationConfig, WordsConfig
from seqviz.export.head import script_head
from seqviz.export.parts import (
    CLIP_FUNCTIONS,
    cell_call,
    cell_source,
    clipping_source,
    draw_call,
    initialisation_calls,
    initialisation_source,
    optimizer_call,
    rate_of,
    task_part,
    task_source,
)
from seqviz.export.points import build_layers, draw_points, layers_source, point_sizes, points_source
from seqviz.export.scenes import draw_scenes, scenes_source
from seqviz.export.source import lifted
from seqviz.export.template import (
    BUILD,
    IMPORTS,
    MAIN,
    NETWORK,
    PACE,
    RATE,
    READ_BOTH,
    READ_EVERY,
    READ_LAST,
    STAGE,
    TEXT,
    TEXT_MAIN,
    TRAIN,
)
from seqviz.export.transformers import build_transformer, transformer_source
from seqviz.export.words import MAIN_SENTENCES, READ_SENTENCES, words_data
from seqviz.export.writing import build_source, model_of, network_source, sentences_data, sentences_source
from seqviz.export.writing_template import MAIN_DATA

COINS = ", torch.Generator().manual_seed(data_seed(seed, step, 4))"  # what is dropped or forced in a step is the step's own
DROPPING = ("draw_masks", "places_of", "dropped_states", "masked_states", "plain_scan", "masked_scan")
BEGIN = '\n\n\nif __name__ == "__main__":'


def training_script(
    experiment: Experiment, ancestors: tuple[Experiment, ...] = (), *, threads: int = 1, text: str | None = None
) -> str:
    """Return a Python script that trains ``experiment`` with torch alone and writes the same metrics as the lab.

    On the kind of machine that the lab ran on, with the same version of torch, they are the same to the last bit.

    Args:
        experiment: what to train.
        ancestors: the experiments it goes on from: its parent, that one's parent, and so on.
        threads: of the worker that trained it; sums are rounded in another order by another number.
        text: the person's own sentences, where the experiment translates such; a script holds what it learns from.

    Raises:
        ConfigError: an ancestor is missing or does not fit, the model is of another kind, or the sentences are too many.
        TextError: the person's own sentences are missing.
    """
    line = _line(experiment, ancestors)
    if isinstance(experiment.task, TranslationConfig):
        body, data = _writing(line), sentences_data(_same_sentences(line), text)
    elif isinstance(experiment.model, FeedforwardConfig):
        body, data = _pointing(line, experiment.model), ""
    elif isinstance(experiment.task, CaptionsConfig):
        body, data = _captioning(line), ""
    else:
        body, data = _answering(line), words_data(line) if isinstance(experiment.task, WordsConfig) else ""
    head = script_head(line)
    code, begin, start = body.rpartition(BEGIN)  # the sentences stand below what is worth reading
    return f"{head}\n{_imports(body)}\n\ntorch.set_num_threads({threads})  # as in the lab\n\n\n{code}{data}{begin}{start}\n"


def _answering(line: tuple[Experiment, ...]) -> str:
    experiment, (network, reads) = line[-1], _reader(line)
    parts = [
        TEXT.format(text=experiment.task.to_json().get("text")) if _reads_text(experiment) else "",
        READ_SENTENCES if isinstance(experiment.task, WordsConfig) else "",
        task_source(experiment),
        *network,
        *_training(line, task_part(experiment).judging[0], task_part(experiment).metric, reads),
        _main(line, _reading(line[0]), task_part(line[0]).sizes),
    ]
    return _joined(parts)


def _pointing(line: tuple[Experiment, ...], model: FeedforwardConfig) -> str:
    parts = [
        points_source(),
        layers_source(model),
        build_layers(line[0]),
        *_training(line, "cross_entropy", "accuracy", "inputs"),
        _main(line, "", point_sizes(line[0])),
    ]
    return _joined(parts)


def _captioning(line: tuple[Experiment, ...]) -> str:
    model = line[0].model
    if not isinstance(model, TransformerConfig):
        raise ConfigError(f"a script of captions is written for a Transformer alone, got {model.name}")
    parts = [
        scenes_source(),
        transformer_source(model, "picture"),
        build_transformer(model, line[0].seed),
        *_training(line, "cross_entropy", "accuracy", "inputs, targets"),
        _main(line, "", ("RED_GREEN_BLUE", "len(WORDS) + 4")),
    ]
    return _joined(parts)


def _writing(line: tuple[Experiment, ...]) -> str:
    network, reads = _writer(line[0])
    parts = [
        sentences_source(),
        lifted("tasks/judging.py", "cross_entropy", "accuracy"),
        *network,
        *_training(line, "cross_entropy", "accuracy", reads),
        _main(line, MAIN_DATA, ("len(source_words) + 4", "len(target_words) + 4")),
    ]
    return _joined(parts)


def _reader(line: tuple[Experiment, ...]) -> tuple[list[str], str]:
    """Return the parts of a network that answers at steps, and what it is given."""
    experiment, model = line[-1], line[0].model
    if isinstance(model, TransformerConfig):
        return [transformer_source(model, _answer(experiment)), build_transformer(model, line[0].seed)], "inputs"
    drops = experiment.recurrent.dropout != "none"
    parts = [
        cell_source(experiment.recurrent),
        lifted("models/dropout.py", *DROPPING) if drops else "",
        _network(experiment),
        initialisation_source(line[0].recurrent),
        _build(line[0]),
    ]
    return parts, f"inputs{COINS}" if drops else "inputs"


def _writer(first: Experiment) -> tuple[list[str], str]:
    """Return the parts of a network that writes sentences, and what it is given."""
    if isinstance(first.model, TransformerConfig):
        return [transformer_source(first.model, "sequence"), build_transformer(first.model, first.seed)], "inputs, targets"
    model = model_of(first)
    coins = COINS if model.teacher_forcing < 1 else ""
    return [network_source(model), build_source(first)], f"inputs, targets{coins}"


def _training(line: tuple[Experiment, ...], loss: str, metric: str, reads: str) -> list[str]:
    rate, pace = (", rate", PACE) if _is_scheduled(line) else ("", "")
    return [
        lifted("training/seeds.py", "data_seed"),
        clipping_source({one.training.clip for one in line}),
        TRAIN.format(loss=loss, metric=metric, reads=reads, rate=rate, pace=pace),
    ]


def _is_scheduled(line: tuple[Experiment, ...]) -> bool:
    return any(one.training.schedule != "constant" for one in line)


def _joined(parts: list[str]) -> str:
    return "\n\n\n".join(part.strip("\n") for part in parts if part)


def _answer(experiment: Experiment) -> str:
    return TASKS[str(experiment.task.to_json()["name"])].answer


def _same_sentences(line: tuple[Experiment, ...]) -> TranslationConfig:
    task = line[-1].task
    assert isinstance(task, TranslationConfig)
    if any(one.task != task for one in line) or any(one.model != line[-1].model for one in line):
        raise ConfigError("a script is written for runs that go on with the same sentences and the same network")
    return task


def _line(experiment: Experiment, ancestors: tuple[Experiment, ...]) -> tuple[Experiment, ...]:
    line = [experiment]
    for ancestor in ancestors:
        if line[-1].parent is not None:
            line[-1].check_parent(ancestor)
            line.append(ancestor)
    if line[-1].parent is not None:
        raise ConfigError(f"the script needs the experiment of run {line[-1].parent.run}, from which this one goes on")
    return tuple(reversed(line))


def _reading(experiment: Experiment) -> str:
    if isinstance(experiment.task, WordsConfig):
        return MAIN_SENTENCES
    return TEXT_MAIN if _reads_text(experiment) else ""


def _reads_text(experiment: Experiment) -> bool:
    return isinstance(experiment.task, CharactersConfig)


def _network(experiment: Experiment) -> str:
    answer, both = _answer(experiment), experiment.recurrent.bidirectional
    reading = READ_EVERY if answer == "every" else READ_BOTH if both else READ_LAST
    width = experiment.recurrent.hidden_size * (2 if both else 1)
    model, coins, states = experiment.recurrent, "", "states, _ = self.rnn(inputs)"
    if model.dropout != "none":
        coins = ", coins"
        states = f'states = dropped_states(self.rnn, inputs, "{model.dropout}", {model.dropout_rate!r}, coins)'
    return NETWORK.format(cell=cell_call(model), width=width, reading=reading, coins=coins, states=states)


def _build(experiment: Experiment) -> str:
    calls = "\n        ".join(initialisation_calls(experiment.recurrent).values())
    return BUILD.format(seed=experiment.seed, calls=calls)


def _main(line: tuple[Experiment, ...], data: str, sizes: tuple[str, str]) -> str:
    ends = [child.first_step for _, child in pairwise(line)] + [line[-1].last_step]
    paced = _is_scheduled(line)
    stages = [_stage(one, before, end, paced) for one, before, end in zip(line, (None, *line), ends, strict=False)]
    return MAIN.format(text=data, inputs=sizes[0], outputs=sizes[1], stages="\n".join(stages))


def _stage(experiment: Experiment, before: Experiment | None, end: int, paced: bool) -> str:
    training = experiment.training
    optimizer = f"optimizer = {optimizer_call(training)}"
    if before is not None and before.training.optimizer == training.optimizer:
        optimizer = f"state = optimizer.state\n    {optimizer}\n    optimizer.state = state  # what it keeps goes on too"
    return STAGE.format(
        optimizer=optimizer,
        draw=_draw(experiment),
        first=experiment.first_step,
        end=end,
        seed=experiment.seed,
        clip=CLIP_FUNCTIONS[training.clip],
        threshold=None if training.clip == "off" else training.threshold,
        rate=RATE.format(rate=rate_of(training)) if paced else "",
    )


def _draw(experiment: Experiment) -> str:
    if isinstance(experiment.model, FeedforwardConfig):
        return draw_points(experiment)
    return draw_scenes(experiment) if isinstance(experiment.task, CaptionsConfig) else draw_call(experiment)


def _imports(body: str) -> str:
    return "\n".join(line for needed, line in IMPORTS if needed is None or re.search(needed, body, re.MULTILINE))
