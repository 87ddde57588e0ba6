"""On a worker: one token's way through a run's Transformer."""

from seqviz.errors import ConfigError
from seqviz.experiment.walk import WalkedToken
from seqviz.lab.translators import most_words, open_translator
from seqviz.models import Transformer
from seqviz.records.walk import TokenWalk
from seqviz.store import open_store
from seqviz.tracing.translation import Choice
from seqviz.tracing.walk import Reading, walk_token, without_positions


def walk_sentence(subject: WalkedToken) -> TokenWalk:
    """Return everything on the way of the subject's token.

    Raises:
        StoreError: there is no such run, or its weights at that step were not kept.
        ConfigError: the run is no Transformer that translates.
        TextError: the sentence is empty.
        LimitError: it has more words than this server allows.
        TraceError: there is no such position, or a given word that the network does not know.
    """
    translator = open_translator(open_store(), subject.run, subject.step)
    if not isinstance(translator.model, Transformer):
        raise ConfigError(f"only a Transformer is walked through here; run {subject.run} is a recurrent encoder-decoder")
    words = translator.split(subject.text)
    choice = Choice(most=most_words(len(words)), given=tuple(subject.given.split()))
    reading = Reading(sentence=words, source=translator.source, target=translator.target, choice=choice)
    model = translator.model.double() if subject.placed else without_positions(translator.model.double())
    return walk_token(model, reading, subject.side, subject.position)
