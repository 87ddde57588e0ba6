"""What a run's translation owes to the words read, and what other attention would give."""

from seqviz.answers.translation import read_by
from seqviz.answers.translators import most_words
from seqviz.records import Attribution
from seqviz.store import open_store
from seqviz.subjects.translation import Sentence
from seqviz.tracing.attribution import attribute
from seqviz.tracing.translation import Choice, translate


def answer_attribution(subject: Sentence) -> Attribution:
    """Return attention, gradient × input and other attention of the sentence's translation: the words given, and on to its end.

    ``subject.seed`` draws the orders of the permuted weights.

    Raises:
        StoreError: there is no such run, or its weights at that step were not kept.
        ConfigError: the run does not translate.
        TextError: the sentence is empty.
        LimitError: it has more words than this server allows.
        TraceError: a given word is unknown, or the network has no attention.
    """
    reader, words = read_by(subject, open_store())
    choice = Choice(most=most_words(len(words)), given=tuple(subject.given.split()))
    written = translate(reader.model, words, reader.source, reader.target, choice).written
    return attribute(reader.model, words, written, reader.source, reader.target, seed=subject.seed)
