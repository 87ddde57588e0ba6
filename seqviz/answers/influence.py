"""What the past does to the future, in untrained networks and in runs."""

import json
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from seqviz.answers.opened import open_subject
from seqviz.corpora import WordVocabulary, tokenise
from seqviz.corpora.dependencies import Dependency, draw_dependency
from seqviz.corpora.dependency_lexicon import others_of_class
from seqviz.errors import ConfigError, LimitError, TextError
from seqviz.experiment import Experiment
from seqviz.experiment.task import WordsConfig
from seqviz.models import SequenceModel, build_model
from seqviz.models.answering import trained_answering
from seqviz.records import DependencyAccuracy, InputInfluence, WordInfluence
from seqviz.registry import shown
from seqviz.settings import settings
from seqviz.store import Store, open_store
from seqviz.subjects.influence import DistantInputs, DistantWords, ReadSentence
from seqviz.subjects.recurrent import RunMoment
from seqviz.tracing.influence import (
    changes_by_replacement,
    gradient_times_input,
    input_influence,
    next_words,
    product_agreement,
    word_log_probabilities,
)

LIKELIEST = 5  # words named


def answer_influence_inputs(subject: DistantInputs) -> InputInfluence:
    """Return what the answer at the last step owes to each input before, on held-out sequences.

    Raises:
        StoreError: there is no such run.
        ConfigError: the run is of no recurrent network.
    """
    store = open_store()
    opened = open_subject(RunMoment(run=subject.run, loss="every", batch_size=subject.sequences))
    model = opened.model if subject.trained else _untrained(store.run(subject.run).experiment, opened.model)

    def judge(answers: Tensor) -> Tensor:
        return opened.judge(answers.unsqueeze(1), opened.targets[:, -1:]).squeeze(1)

    return input_influence(model, opened.inputs, judge)


def _untrained(experiment: Experiment, like: SequenceModel) -> SequenceModel:
    model = build_model(
        experiment.recurrent, input_size=like.rnn.input_size, output_size=like.readout.out_features, answer="every",
        generator=torch.Generator().manual_seed(experiment.seed),
    )  # fmt: skip
    return model.double().eval().requires_grad_(False)


@dataclass(frozen=True)
class LanguageModel:
    """A run's word language model, and the words that it knows."""

    model: Any  # one-hot words (batch, time, word) → logits
    vocabulary: WordVocabulary

    @property
    def size(self) -> int:
        """How many symbols there are."""
        return len(self.vocabulary)


def answer_influence_words(subject: ReadSentence) -> WordInfluence:
    """Return what the words that a language model predicts owe to each word before them.

    Raises:
        StoreError: there is no such run.
        ConfigError: the run is no word language model.
        TextError: there is no word, or the word asked for is unknown.
        LimitError: there are more words than this server allows.
    """
    language, words = open_language_model(open_store(), subject.run), _words(subject.text)
    symbols = torch.from_numpy(language.vocabulary.encode(words))
    following = next_words(language.model, symbols, language.size)
    likeliest = _likeliest(language, following)
    asked = subject.asked or likeliest[0][0]
    targets = torch.cat([symbols[1:], torch.tensor([_known(language, asked)])])
    others = [language.vocabulary.encode(others_of_class(word)) for word in words]
    given = (language.model, symbols, targets)
    products = gradient_times_input(*given, language.size)
    own = word_log_probabilities(language.model, F.one_hot(symbols.unsqueeze(0), language.size).double(), targets)
    place = int(products[-1].abs().argmax())
    return WordInfluence(
        words=words,
        known=np.array([word in language.vocabulary for word in words]),
        asked=asked,
        likeliest=likeliest,
        log_probabilities=own[0].numpy(),
        products=products.numpy(),
        changes=changes_by_replacement(*given, others, language.size).numpy(),
        agreement=product_agreement(
            language.model, symbols, int(targets[-1]), float(products[-1, place]), place, language.size
        ),
    )


def _words(text: str) -> tuple[str, ...]:
    words, most = tokenise(text), settings().limits.sentence_words
    if not words:
        raise TextError("a sentence must have at least one word, got none")
    if len(words) > most:
        raise LimitError(f"a sentence may have at most {most} words on this server, got {len(words):,}")
    return words


def _likeliest(language: LanguageModel, following: Tensor) -> tuple[tuple[str, float], ...]:
    first = len(language.vocabulary) - len(language.vocabulary.words)  # the symbols before it are not words
    top = following[first:].topk(LIKELIEST)
    words = language.vocabulary.decode((top.indices + first).numpy())
    return tuple(zip(words, top.values.exp().tolist(), strict=True))


def _known(language: LanguageModel, asked: str) -> int:
    words = tokenise(asked)
    if len(words) != 1 or words[0] not in language.vocabulary:
        raise TextError(f"the next word must be one that these networks know, got {shown(asked)}")
    return int(language.vocabulary.encode(words)[0])


def open_language_model(store: Store, run: str) -> LanguageModel:
    """Return the word language model of a run, in float64.

    Raises:
        StoreError: there is no such run.
        ConfigError: the run is no word language model.
    """
    experiment = store.run(run).experiment
    if not isinstance(experiment.task, WordsConfig):
        raise ConfigError(f"only word language models read sentences here; run {run} learned another task")
    model = trained_answering(experiment.model, store.weights(run), answer="every").double().eval().requires_grad_(False)
    return LanguageModel(model, WordVocabulary(tuple(json.loads(store.vocabulary(run) or "{}")["words"])))


def answer_influence_dependencies(subject: DistantWords) -> DependencyAccuracy:
    """Return how often a language model gets the decided word right, by distance.

    Raises:
        StoreError: there is no such run.
        ConfigError: the run is no word language model.
    """
    language, fillers = open_language_model(open_store(), subject.run), range(subject.fillers + 1)
    language.model.float()
    dealt = [_dealt(subject.dependency, count, subject.sentences) for count in fillers]
    return DependencyAccuracy(
        fillers=np.array(fillers),
        distances=np.array([sentences[0].distance for sentences in dealt]),
        right=np.array([_right(language, sentences) for sentences in dealt]),
        of=subject.sentences,
    )


@lru_cache(maxsize=128)  # every network is examined on the same sentences
def _dealt(kind: str, fillers: int, sentences: int) -> tuple[Dependency, ...]:
    random = Random(f"examined {kind} {fillers}")
    return tuple(draw_dependency(random, kind, fillers, held=True) for _ in range(sentences))


def _right(language: LanguageModel, dependencies: tuple[Dependency, ...]) -> int:
    """Count the sentences whose decided word is likelier than every alternative; all are equally long."""
    first = dependencies[0]
    symbols = torch.from_numpy(np.stack([language.vocabulary.encode(each.words[: first.target]) for each in dependencies]))
    logits = language.model(F.one_hot(symbols, language.size).float())[:, -1]
    allowed = torch.from_numpy(language.vocabulary.encode(first.alternatives))
    best = allowed[logits[:, allowed].argmax(1)]
    wanted = torch.from_numpy(language.vocabulary.encode([each.words[each.target] for each in dependencies]))
    return int((best == wanted).sum())
