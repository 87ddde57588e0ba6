"""What a run's encoder hands on, and how strongly the translation's loss depends on it."""

import numpy as np
import torch

from seqviz.answers.examination import batches_of, dealt
from seqviz.answers.translators import Translator, open_translator
from seqviz.corpora import SentencePair, WordVocabulary
from seqviz.errors import TraceError
from seqviz.measures.components import principal_components
from seqviz.models import Seq2Seq, build_seq2seq
from seqviz.records import EncoderGradient, SentenceStates
from seqviz.store import Store, open_store
from seqviz.subjects.encoder import EncodedSentences, EncoderGradients
from seqviz.tasks.translation import buckets_of
from seqviz.tracing.encoder import EncoderLosses

DEALT = 500  # held-out sentences, among which those of the length that is asked for are found
CHECKED = 4  # sentences whose gradient is checked against finite differences, which cost many forward passes
KEPT = 8  # directions of most variance


def answer_encoder_gradient(subject: EncoderGradients) -> EncoderGradient:
    """Return how strongly the loss on held-out sentences depends on the encoder's state at each of their words.

    Raises:
        StoreError: there is no such run.
        ConfigError: the run does not translate, is a Transformer, or learned from uploaded sentences.
        TraceError: no held-out sentence has that length, or none from ``first`` on; the encoder is not bidirectional.
    """
    store = open_store()
    translator = open_translator(store, subject.run)
    model = (translator.recurrent if subject.trained else _untrained(store, subject.run, translator)).double()
    direction = int(subject.direction == "backward")
    if direction and not model.config.bidirectional:
        raise TraceError("this encoder only reads forward, so it has no backward states")
    pairs = _of_length(translator, subject)
    sources, targets = buckets_of(pairs, translator.source, translator.target)[0]
    losses = EncoderLosses(model, sources, targets)
    (whole, whole_chain), (last, last_chain) = (_norms(losses, model, of_last, direction) for of_last in (False, True))
    return EncoderGradient(
        source=tuple(pair.source for pair in pairs),
        target=tuple(pair.target for pair in pairs),
        whole=whole,
        whole_chain=whole_chain,
        last=last,
        last_chain=last_chain,
        agreement=EncoderLosses(model, sources[:CHECKED], targets[:CHECKED]).agreement(direction),
    )


def _norms(losses: EncoderLosses, model: Seq2Seq, of_last: bool, direction: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the norms by every path, and those by the chain alone, which without attention is every path."""
    everything = losses.norms(of_last=of_last, chain=False, direction=direction)
    if model.score is None:
        return everything, everything
    return everything, losses.norms(of_last=of_last, chain=True, direction=direction)


def answer_encoder_states(subject: EncodedSentences) -> SentenceStates:
    """Return where held-out sentences lie in the state that the decoder begins in, along the directions of most variance.

    Raises:
        StoreError: there is no such run.
        ConfigError: the run does not translate, is a Transformer, or learned from uploaded sentences.
    """
    translator = open_translator(open_store(), subject.run)
    pairs = dealt(translator.task.corpus, subject.sentences, subject.longest)
    states = first_states(translator.recurrent.double(), pairs, translator.source, translator.target)
    places, explained = principal_components(states, KEPT)
    return SentenceStates(
        source=tuple(pair.source for pair in pairs),
        wanted=tuple(pair.target for pair in pairs),
        places=places,
        explained=explained,
        lengths=np.array([len(pair.source) for pair in pairs]),
    )


@torch.no_grad()
def first_states(model: Seq2Seq, pairs: tuple[SentencePair, ...], source: WordVocabulary, target: WordVocabulary) -> np.ndarray:
    """Return the hidden state (sentence, unit) in which the decoder's top layer begins each sentence."""
    states = np.empty((len(pairs), model.config.hidden_size))
    for places, (sources, _) in batches_of(pairs, source, target):
        states[places] = model.encode(sources).state[0][-1].numpy()
    return states


def _untrained(store: Store, run: str, translator: Translator) -> Seq2Seq:
    experiment, config = store.experiment(run), translator.recurrent.config
    assert experiment is not None, "the run was opened"
    words = {"source_words": len(translator.source), "target_words": len(translator.target)}
    generator = torch.Generator().manual_seed(experiment.seed)
    return build_seq2seq(config, **words, generator=generator).eval().requires_grad_(False)


def _of_length(translator: Translator, subject: EncoderGradients) -> tuple[SentencePair, ...]:
    longest = max(translator.task.longest, subject.length)
    every = [pair for pair in dealt(translator.task.corpus, DEALT, longest) if len(pair.source) == subject.length]
    if len(every) <= subject.first:
        raise TraceError(
            f"there are {len(every)} held-out sentences of {subject.length} words to look at, numbered from 0; "
            f"number {subject.first} is none of them"
        )
    return tuple(every[subject.first : subject.first + subject.sentences])
