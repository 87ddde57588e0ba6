"""On a worker: one token's way through a run's Transformer."""

import numpy as np

from seqviz.corpora import tokenise
from seqviz.errors import ConfigError, LimitError, StoreError, TextError
from seqviz.experiment import Experiment, TransformerConfig
from seqviz.experiment.positions import check_positions
from seqviz.experiment.task import CharactersConfig, TranslationConfig
from seqviz.experiment.vocabulary import Vocabulary
from seqviz.experiment.walk import WalkedToken, can_be_walked
from seqviz.lab.translators import most_words, open_translator
from seqviz.models import Transformer, trained_causal
from seqviz.records.walk import TokenWalk
from seqviz.settings import settings
from seqviz.store import Store, open_store
from seqviz.tracing.translation import Choice
from seqviz.tracing.walk import Reading, Text, walk_text, walk_token, without_positions


def walk_sentence(subject: WalkedToken) -> TokenWalk:
    """Return everything on the way of the subject's token.

    Raises:
        StoreError: there is no such run, or its weights at that step were not kept.
        ConfigError: the run is no Transformer that reads a text, or has learned fewer positions.
        TextError: the text is empty.
        LimitError: it has more tokens than this server allows.
        TraceError: there is no such position, or a given word that the network does not know.
    """
    store = open_store()
    experiment = store.experiment(subject.run)
    if experiment is None:
        raise StoreError(f"there is no run {subject.run} here")
    if not can_be_walked(experiment):
        raise ConfigError(f"only Transformers that read a text are walked through here; run {subject.run} is another")
    if isinstance(experiment.task, TranslationConfig):
        return _translated(subject, store)
    return _read(subject, experiment, store)


def _translated(subject: WalkedToken, store: Store) -> TokenWalk:
    translator = open_translator(store, subject.run, subject.step)
    assert isinstance(translator.model, Transformer), "a Transformer's settings make one"
    words = translator.split(subject.text)
    choice = Choice(most=most_words(len(words)), given=tuple(subject.given.split()))
    reading = Reading(sentence=words, source=translator.source, target=translator.target, choice=choice)
    model = translator.model.double()
    return walk_token(model if subject.placed else without_positions(model), reading, subject.side, subject.position)


def _read(subject: WalkedToken, experiment: Experiment, store: Store) -> TokenWalk:
    assert isinstance(experiment.model, TransformerConfig), "the caller has seen to it"
    if subject.side != "decoder":
        raise ConfigError("this network has no encoder: every token is its decoder's")
    text = _text(subject, experiment, store)
    check_positions(experiment.model, len(text.tokens))
    model = trained_causal(experiment.model, store.weights(subject.run, subject.step), answer="every")
    model = model.double().eval().requires_grad_(False)
    return walk_text(model if subject.placed else without_positions(model), text, subject.position)


def _text(subject: WalkedToken, experiment: Experiment, store: Store) -> Text:
    """Return the subject's text as the run's network knows it.

    Raises:
        TextError: it is empty.
        LimitError: it has more tokens than this server allows.
    """
    if isinstance(experiment.task, CharactersConfig):
        _check(subject.text, "character")
        vocabulary = Vocabulary(store.vocabulary(subject.run) or "")
        symbols, known = vocabulary.encode(subject.text), tuple(vocabulary.decode(np.arange(len(vocabulary))))
        return Text(tokens=tuple(subject.text), symbols=symbols, known=known, noun="character")
    words, words_known = tokenise(subject.text), store.word_vocabularies(subject.run)["words"]
    _check(words, "word")
    known = words_known.decode(np.arange(len(words_known)))
    return Text(tokens=words, symbols=words_known.encode(words), known=known, noun="word")


def _check(tokens: str | tuple[str, ...], noun: str) -> None:
    most = settings().limits.head_tokens
    if not tokens:
        raise TextError(f"a text to walk through must have at least one {noun}, got none")
    if len(tokens) > most:
        raise LimitError(f"a text to walk through may have at most {most} {noun}s on this server, got {len(tokens):,}")
