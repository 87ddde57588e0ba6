"""A text as the language model of a run reads it."""

import numpy as np

from seqviz.corpora import tokenise
from seqviz.experiment.task import CharactersConfig, WordsConfig
from seqviz.experiment.vocabulary import Vocabulary
from seqviz.store import Store
from seqviz.tracing.walk import Text


def text_of(typed: str, task: CharactersConfig | WordsConfig, store: Store, run: str) -> Text:
    """Return what was typed in the tokens and symbols of a run on ``task``; of an empty text there are none.

    Raises:
        StoreError: there is no such run, or it is damaged.
    """
    if isinstance(task, CharactersConfig):
        characters = Vocabulary(store.vocabulary(run) or "")
        symbols, known = characters.encode(typed), tuple(characters.decode(np.arange(len(characters))))
        return Text(tokens=tuple(typed), symbols=symbols, known=known, noun="character")
    words, vocabulary = tokenise(typed), store.word_vocabularies(run)["words"]
    known = vocabulary.decode(np.arange(len(vocabulary)))
    return Text(tokens=words, symbols=vocabulary.encode(words), known=known, noun="word")
