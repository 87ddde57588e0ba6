"""The parts of a script that trains an encoder-decoder: its network as plain PyTorch, and the sentences it learns from."""

import base64
import json
import textwrap
import zlib

from seqviz import corpora
from seqviz.errors import ConfigError, TextError
from seqviz.experiment import CELL_SPECS, CELLS, Experiment, Seq2SeqConfig
from seqviz.experiment.task import OWN, TranslationConfig
from seqviz.experiment.title import attention_of
from seqviz.export import writing_template as template
from seqviz.export.source import lifted

LARGEST = 3_000_000  # characters of the sentences in a script
SCORES = {"dot": ("Dot",), "scaled": ("Dot", "ScaledDot"), "general": ("General",), "additive": ("Additive",)}


def model_of(experiment: Experiment) -> Seq2SeqConfig:
    """Return the settings of the experiment's encoder-decoder.

    Raises:
        ConfigError: the model is another.
    """
    if not isinstance(experiment.model, Seq2SeqConfig):
        raise ConfigError(f"a script of sentences is written for an encoder-decoder alone, got {experiment.model.name}")
    return experiment.model


def network_source(model: Seq2SeqConfig) -> str:
    """Return the network, and what PyTorch lacks for it."""
    parts = ["advance"] if _steps(model) else []
    modules = [*parts, "as_state", *([] if _steps(model) else ["as_module_state"])]
    score = lifted("models/attention.py", *SCORES[model.attention], "weighted_sum", "_over_source") if _attends(model) else ""
    found = [template.ADVANCE if _steps(model) else "", lifted("models/stacks.py", *modules), score, _network(model)]
    return "\n\n\n".join(part.strip("\n") for part in found if part)


def build_source(experiment: Experiment) -> str:
    """Return the function that draws the initial weights."""
    model = model_of(experiment)
    parts = {"*network.bridges": model.bidirectional, "network.readout": True, "network.combine": _attends(model)}
    linears = f"[{', '.join(part for part, there in parts.items() if there)}]"
    score = "        network.score.initialise(generator)\n" if _attends(model) else ""
    drawn = template.BUILD.format(seed=experiment.seed, size=model.hidden_size, linears=linears, score=score)
    return lifted("models/initialisation.py", "uniform") + "\n\n" + drawn


def sentences_source() -> str:
    """Return the functions that read the sentences and draw batches of them."""
    return template.SENTENCES.strip("\n") + "\n\n\n" + lifted("tasks/translation.py", "translation_batch")


def sentences_data(task: TranslationConfig, text: str | None) -> str:
    """Return the sentences that are learned from, and the words that are known, as the end of a script.

    Raises:
        TextError: a person's own sentences are not given.
        ConfigError: there are more sentences than a script should hold.
    """
    learned, source, target = _learned(task, text)
    written = {"source": source, "target": target, "pairs": [(pair.source, pair.target) for pair in learned]}
    packed = zlib.compress(json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode(), 9)
    lines = base64.b64encode(packed).decode()
    if len(lines) > LARGEST:
        raise ConfigError(
            f"a script holds the sentences that it learns from, at most {LARGEST:,} characters of them compressed, and these "
            f"{len(learned):,} take {len(lines):,}: let the network learn from fewer"
        )
    return template.DATA.format(lines="\n".join(textwrap.wrap(lines, 120)))


def _learned(task: TranslationConfig, text: str | None) -> tuple[list[corpora.SentencePair], tuple[str, ...], tuple[str, ...]]:
    if task.corpus != OWN:
        corpus = corpora.CORPORA[task.corpus]
        return corpora.learned(task.corpus, task.sentences, task.longest), corpus.source_words, corpus.target_words
    if text is None:
        raise TextError(f"a script that learns from {task.text} needs these sentences")
    learned, _ = corpora.dealt_out(corpora.pairs_of_text(text), task.sentences, task.longest)
    source, target = corpora.own_words(learned, task.vocabulary)
    return learned, source.words, target.words


def _attends(model: Seq2SeqConfig) -> bool:
    return model.attention != "none"


def _steps(model: Seq2SeqConfig) -> bool:
    """Whether the decoder goes word by word: each look needs the state before it, or each word the one written before."""
    return model.teacher_forcing < 1 or (_attends(model) and model.order == "before")


def _network(model: Seq2SeqConfig) -> str:
    size, width = model.hidden_size, model.hidden_size * (2 if model.bidirectional else 1)
    attends, before = _attends(model), _attends(model) and model.order == "before"
    more = (f", num_layers={model.layers}" if model.layers > 1 else "") + ", batch_first=True"
    bridges, module = model.layers * len(CELL_SPECS[model.cell].states), CELL_SPECS[model.cell].modules["tanh"].module
    both = ", bidirectional=True" if model.bidirectional else ""
    score = SCORES[model.attention][-1] if attends else ""
    attentional = "torch.tanh(self.combine(torch.cat([context, hidden], dim=-1)))" if attends else "hidden"
    return template.NETWORK.format(
        about=f"A {CELLS[model.cell]} reads a sentence, another writes its translation, with {attention_of(model)}.",
        embedding=model.embedding_size,
        encoder=f"{module}({model.embedding_size}, {size}{both}{more})",
        decoder=f"{module}({model.embedding_size + (width if before else 0)}, {size}{more})",
        size=size,
        bridges=template.BRIDGES.format(width=width, size=size, count=bridges) if model.bidirectional else "",
        attention=template.ATTENTION.format(score=score, size=size, width=width, both=width + size) if attends else "",
        coins=", coins" if model.teacher_forcing < 1 else "",
        keys="        keys = self.score.keys(states)\n" if attends else "",
        decoding=_decoding(model),
        encoding=template.READ_BACKWARD if model.reverse_source else template.READ_FORWARD,
        bridging=template.BRIDGE if model.bidirectional else template.NO_BRIDGE,
        methods=(template.LOOK if attends else "") + template.WORDS.format(attentional=attentional),
    )


def _decoding(model: Seq2SeqConfig) -> str:
    attends, before = _attends(model), _attends(model) and model.order == "before"
    if model.teacher_forcing < 1:
        step = template.STEP_BEFORE if before else template.STEP_AFTER if attends else template.STEP_BLIND
        contexts = "torch.stack(contexts, dim=1)" if attends else "None"
        return template.FREELY.format(forcing=repr(model.teacher_forcing), step=step, contexts=contexts)
    if before:
        return template.LOOKING_BEFORE
    return template.AT_ONCE.format(context="self.look(hidden, states, keys)" if attends else "None")
