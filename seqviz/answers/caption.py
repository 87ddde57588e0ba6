"""What a run's captioner writes about a picture, and how often it looks at what it writes about."""

from dataclasses import dataclass

from seqviz.corpora import WordVocabulary
from seqviz.errors import ConfigError
from seqviz.experiment import CaptionerConfig, TransformerConfig
from seqviz.experiment.task import CaptionsConfig
from seqviz.models import AnyCaptioner, trained_any_captioner
from seqviz.records import Captioning, PointingGame
from seqviz.scenes import arranged, described, held_out
from seqviz.store import Store, open_store
from seqviz.subjects.caption import HeldOutPictures, Picture
from seqviz.tracing.caption import caption, pointing_game


@dataclass(frozen=True)
class _Eye:
    """A run's network in float64, the words that it knows, and what it learned."""

    model: AnyCaptioner
    words: WordVocabulary
    task: CaptionsConfig


def answer_caption(subject: Picture) -> Captioning:
    """Return what the run's network writes about the picture, word by word.

    Raises:
        StoreError: there is no such run, or its weights at that step were not kept.
        ConfigError: the run does not caption, or nothing is left to be seen.
        TextError: the picture's own description is not one the grammar can write.
        TraceError: the network cannot write the words given.
    """
    scene = arranged(described(subject.shows.split()), subject.arrangement).without(subject.gone)
    eye = _open(subject.run, subject.step, open_store())
    return caption(eye.model, scene, eye.words, tuple(subject.given.split()))


def answer_caption_pointing(subject: HeldOutPictures) -> PointingGame:
    """Return how often the run's network looks at what each word is about, over pictures that it has not learned from.

    Raises:
        StoreError: there is no such run, or its weights at that step were not kept.
        ConfigError: the run does not caption.
    """
    eye = _open(subject.run, subject.step, open_store())
    model = eye.model.float()  # shares of a percent need no more, and hundreds of pictures take half the time
    dealt = held_out(subject.pictures, most=eye.task.most)
    return pointing_game(model, [(description, arranged(description, seed)) for description, seed in dealt], eye.words)


def _open(run: str, step: int | None, store: Store) -> _Eye:
    experiment = store.run(run).experiment
    task, model = experiment.task, experiment.model
    if not isinstance(task, CaptionsConfig) or not isinstance(model, CaptionerConfig | TransformerConfig):
        raise ConfigError(f"only networks that caption can be shown a picture; run {run} cannot see")
    words = store.word_vocabularies(run)["words"]
    network = trained_any_captioner(model, store.weights(run, step)).double().eval().requires_grad_(False)
    return _Eye(network, words, task)
