"""One token's way through a run's Transformer."""

from seqviz.answers.texts import text_of
from seqviz.answers.translators import most_words, open_translator
from seqviz.errors import ConfigError, LimitError, TextError
from seqviz.experiment import Experiment, TransformerConfig
from seqviz.experiment.positions import check_positions
from seqviz.experiment.task import CharactersConfig, TranslationConfig, WordsConfig
from seqviz.models import Transformer, trained_causal
from seqviz.records.walk import TokenWalk
from seqviz.settings import settings
from seqviz.store import Store, open_store
from seqviz.subjects.walk import WalkedToken, can_be_walked
from seqviz.tracing.translation import Choice
from seqviz.tracing.walk import Reading, Text, walk_text, walk_token, without_positions


def answer_walk(subject: WalkedToken) -> TokenWalk:
    """Return every number on the token's way through the Transformer.

    Raises:
        StoreError: there is no such run, or its weights at that step were not kept.
        ConfigError: the run is no Transformer that reads a text, or has learned fewer positions.
        TextError: the text is empty.
        LimitError: it has more tokens than this server allows.
        TraceError: there is no such position, or a given word that the network does not know.
    """
    store = open_store()
    experiment = store.run(subject.run).experiment
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
    model, task = experiment.model, experiment.task
    assert isinstance(model, TransformerConfig), "it can be walked"
    assert isinstance(task, CharactersConfig | WordsConfig), "it can be walked"
    if subject.side != "decoder":
        raise ConfigError("this network has no encoder: every token is its decoder's")
    text = text_of(subject.text, task, store, subject.run)
    _check(text)
    check_positions(model, len(text.tokens))
    network = trained_causal(model, store.weights(subject.run, subject.step), answer="every")
    network = network.double().eval().requires_grad_(False)
    return walk_text(network if subject.placed else without_positions(network), text, subject.position)


def _check(text: Text) -> None:
    most = settings().limits.head_tokens
    if not text.tokens:
        raise TextError(f"a text to walk through must have at least one {text.noun}, got none")
    if len(text.tokens) > most:
        raise LimitError(
            f"a text to walk through may have at most {most} {text.noun}s on this server, got {len(text.tokens):,}"
        )
