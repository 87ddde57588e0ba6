"""A run that translates, opened: its network, its task, the words that it knows."""

from dataclasses import dataclass

from seqviz.corpora import CORPORA, Corpus, WordVocabulary, own_corpus
from seqviz.errors import ConfigError, LimitError, TextError
from seqviz.experiment import Seq2SeqConfig, TransformerConfig
from seqviz.experiment.task import OWN, TranslationConfig
from seqviz.models import EncoderDecoder, Seq2Seq, trained_encoder_decoder
from seqviz.settings import settings
from seqviz.store import Store

LONGER, A_FEW = 3, 10  # times as many words as were read, and a few: then a translation is cut off


@dataclass(frozen=True, kw_only=True)
class Translator:
    """A run's network as it was trained, in float32, its task, and the words that it knows."""

    model: EncoderDecoder
    task: TranslationConfig
    source: WordVocabulary
    target: WordVocabulary

    @property
    def recurrent(self) -> Seq2Seq:
        """Its network, for what looks into the state that an encoder hands on.

        Raises:
            ConfigError: it is a Transformer.
        """
        if not isinstance(self.model, Seq2Seq):
            raise ConfigError("a Transformer's encoder hands no state on: choose a run of a recurrent encoder-decoder")
        return self.model

    @property
    def corpus(self) -> Corpus:
        """What it learned from."""
        own = self.task.corpus == OWN
        return own_corpus(self.source.words, self.target.words) if own else CORPORA[self.task.corpus]

    def split(self, text: str) -> tuple[str, ...]:
        """Return a sentence in words.

        Raises:
            TextError: it is empty.
            LimitError: it has more words than this server allows.
        """
        words, most = self.corpus.split(text), settings().limits.sentence_words
        if not words:
            raise TextError("a sentence to translate must have at least one word, got none")
        if len(words) > most:
            raise LimitError(f"a sentence to translate may have at most {most} words on this server, got {len(words)}")
        return words


def open_translator(store: Store, run: str, step: int | None = None) -> Translator:
    """Return the network of a run that translates, as it is after ``step`` training steps; None: after the last.

    Raises:
        StoreError: there is no such run, or its weights at that step were not kept.
        ConfigError: the run does not translate.
    """
    experiment = store.run(run).experiment
    task, model = experiment.task, experiment.model
    if not isinstance(task, TranslationConfig) or not isinstance(model, Seq2SeqConfig | TransformerConfig):
        raise ConfigError(f"only networks that translate can be asked for translations; run {run} cannot")
    known = store.word_vocabularies(run)
    network = trained_encoder_decoder(model, store.weights(run, step)).eval().requires_grad_(False)
    return Translator(model=network, task=task, source=known["source"], target=known["target"])


def most_words(read: int) -> int:
    """Return how many words a translation of ``read`` words may have before it is cut off.

    >>> most_words(5)
    25
    """
    return LONGER * read + A_FEW
