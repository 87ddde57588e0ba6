"""A run's Transformer reads a text, and every head of its attention is kept."""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from seqviz.answers.examination import batches_of, dealt
from seqviz.answers.texts import text_of
from seqviz.answers.translators import Translator, most_words, open_translator
from seqviz.corpora import SentencePair, WordVocabulary, alignment_error_rate, strongest_links
from seqviz.corpora.vocabulary import SPECIAL
from seqviz.errors import ConfigError, LimitError, TextError
from seqviz.experiment import MODELS, TASKS, Experiment, TransformerConfig
from seqviz.experiment.task import CharactersConfig, TranslationConfig, WordsConfig
from seqviz.models import Transformer, trained_causal
from seqviz.models.transformer import read_for
from seqviz.records import HeadAlignment, HeadTrace
from seqviz.registry import look_up
from seqviz.settings import settings
from seqviz.store import Store, open_store
from seqviz.subjects.examination import Examined
from seqviz.subjects.heads import ReadByHeads
from seqviz.tasks import build_task
from seqviz.tracing.heads import attention_heads
from seqviz.tracing.translation import Choice, translate

Tokens = tuple[str, ...]
WORDS_BYTES = 100  # of what is said about a head or a token


def answer_heads(subject: ReadByHeads) -> HeadTrace:
    """Return what every head of the run's Transformer does with the text.

    Raises:
        StoreError: there is no such run, or its weights at that step were not kept.
        ConfigError: the run is of no Transformer.
        TextError: the text is empty.
        LimitError: it has more tokens than this server allows.
        TraceError: the decoder is to read a word that it does not know.
    """
    store = open_store()
    experiment = store.run(subject.run).experiment
    if "heads" not in MODELS[experiment.model.name].traces:
        raise ConfigError(
            f"only Transformers that read a text or a sequence have heads to look at; run {subject.run} is another"
        )
    return _translated(subject, store) if isinstance(experiment.task, TranslationConfig) else _read(subject, experiment, store)


@torch.no_grad()
def _translated(subject: ReadByHeads, store: Store) -> HeadTrace:
    translator = open_translator(store, subject.run, subject.step)
    model, words = translator.model.double(), translator.split(subject.text)
    assert isinstance(model, Transformer), "a Transformer's settings make one"
    choice = Choice(most=most_words(len(words)), given=tuple(subject.target.split()))
    record = translate(model, words, translator.source, translator.target, choice)
    _allow(model.config, max(len(words), len(record.written)))
    symbols = torch.tensor([[_symbol(word, translator.target) for word in record.written]])
    did = model.walk(torch.from_numpy(translator.source.encode(words)).unsqueeze(0), read_for(symbols))
    read = ("<sos>", *record.written[:-1])
    return HeadTrace(
        attentions=attention_heads(did, words, read, record.written),
        written=record.written,
        given=bool(record.given.all()),
        unknown=_named(words, ~record.known),
    )


@torch.no_grad()
def _read(subject: ReadByHeads, experiment: Experiment, store: Store) -> HeadTrace:
    assert isinstance(experiment.model, TransformerConfig), "the caller has seen to it"
    tokens, unknown, inputs = _typed(subject, experiment, store) if subject.text else _held_out(subject, experiment, store)
    if not tokens:
        raise TextError("a text for the heads to read must have at least one token, got none")
    _allow(experiment.model, len(tokens))
    answer = look_up(TASKS, experiment.task.to_json()["name"], "task").answer
    model = trained_causal(experiment.model, store.weights(subject.run, subject.step), answer=answer)
    did = model.double().eval().walk(inputs.double().unsqueeze(0))
    return HeadTrace(attentions=attention_heads(did, (), tokens, tokens), written=(), given=False, unknown=unknown)


def most_tokens(layers: int, heads: int, width: int) -> int:
    """Return the most tokens a text may have for all heads of a network to be shown.

    A browser is sent a byte for each weight of every head, q, k and v of one in float32, and a few words about each.

    Args:
        layers: of one stack.
        heads: of a layer.
        width: numbers in a query.
    """
    limits, every = settings().limits, layers * heads
    return next(
        (
            tokens
            for tokens in range(limits.head_tokens, 1, -1)
            if every * (tokens**2 + WORDS_BYTES) + tokens * (12 * width + WORDS_BYTES) <= limits.head_bytes
        ),
        1,
    )


def _allow(config: TransformerConfig, tokens: int) -> None:
    most = most_tokens(config.layers, config.heads, config.width // config.heads)
    if tokens > most:
        raise LimitError(f"heads are looked at for texts of at most {most:,} tokens on this server, got {tokens:,}")


def _typed(subject: ReadByHeads, experiment: Experiment, store: Store) -> tuple[Tokens, Tokens, Tensor]:
    """Return the tokens of what was typed, those of them that the network does not know, and what it reads instead."""
    if isinstance(experiment.task, CharactersConfig | WordsConfig):
        text = text_of(subject.text, experiment.task, store, subject.run)
        return text.tokens, tuple(dict.fromkeys(text.unknown)), F.one_hot(torch.from_numpy(text.symbols), len(text.known))
    title = look_up(TASKS, experiment.task.to_json()["name"], "task").title
    raise TextError(f"a network on the task {title!r} reads no text; leave it empty for a held-out sequence")


def _held_out(subject: ReadByHeads, experiment: Experiment, store: Store) -> tuple[Tokens, Tokens, Tensor]:
    task = experiment.task
    if isinstance(task, CharactersConfig | WordsConfig):
        raise TextError("a text for the heads to read must have at least one token, got none")
    inputs = build_task(task).held_out(1, torch.Generator().manual_seed(subject.seed)).inputs[0]
    return tuple(_token(step) for step in inputs.tolist()), (), inputs


def _named(tokens: Sequence[str], chosen: np.ndarray) -> Tokens:
    """Return those of ``tokens`` that are chosen, each once."""
    return tuple(dict.fromkeys(token for token, meant in zip(tokens, chosen, strict=True) if meant))


def _symbol(word: str, known: WordVocabulary) -> int:
    return SPECIAL.index(word) if word in SPECIAL else int(known.encode([word])[0])


def _token(step: list[float]) -> str:
    """Return the token at one step: a symbol's number, or a number of the adding problem, with a star where it is marked."""
    if len(step) == 2:
        return f"{step[0]:.2f}{'*' if step[1] else ''}"
    return str(step.index(1.0))


def answer_heads_alignment(subject: Examined) -> HeadAlignment:
    """Return the alignment error of every head of the run's Transformer on held-out sentences.

    Raises:
        StoreError: there is no such run, or its weights at that step were not kept.
        ConfigError: the run does not translate, translates uploaded sentences, or is no Transformer.
    """
    translator = open_translator(open_store(), subject.run, subject.step)
    if not isinstance(translator.model, Transformer):
        raise ConfigError(f"only a Transformer has heads to hold against alignments; run {subject.run} is none")
    pairs = dealt(translator.task.corpus, subject.sentences, subject.longest)
    errors, near, mean = (np.mean(each, axis=0) for each in zip(*_aligned(translator, translator.model, pairs), strict=True))
    return HeadAlignment(errors=errors, near_errors=near, mean_error=float(mean), sentences=len(pairs))


def _aligned(
    translator: Translator, model: Transformer, pairs: tuple[SentencePair, ...]
) -> Iterator[tuple[np.ndarray, np.ndarray, float]]:
    for places, (sources, targets) in batches_of(pairs, translator.source, translator.target):
        weights = cross_weights(model, sources, targets)
        for row, place in enumerate(places):
            pair = pairs[place]
            looks = weights[row, :, :, : len(pair.target)]
            exact, near = (_rates(looks, pair, within) for within in (0, 1))
            yield exact, near, _rate(looks[-1].mean(axis=0), pair, 0)


@torch.no_grad()
def cross_weights(model: Transformer, sources: torch.Tensor, targets: torch.Tensor) -> np.ndarray:
    """Return the cross-attention (sentence, layer, head, target, source) while the decoder reads ``targets``."""
    did = model.walk(sources, read_for(targets))
    crossings = [one.attended for layer in did.decoder.layers for one in layer if one.kind == "cross" and one.attended]
    weights: np.ndarray = torch.stack([one.weights for one in crossings], dim=1).double().numpy()
    return weights


def _rates(looks: np.ndarray, pair: SentencePair, within: int) -> np.ndarray:
    return np.array([[_rate(head, pair, within) for head in layer] for layer in looks])


def _rate(weights: np.ndarray, pair: SentencePair, within: int) -> float:
    return alignment_error_rate(strongest_links(weights), pair.links, within=within)
