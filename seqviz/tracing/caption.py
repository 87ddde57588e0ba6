"""Describe one picture with a captioner, and keep all that each word was read off; play the pointing game with many."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Tensor

from seqviz.corpora import WordVocabulary
from seqviz.corpora.vocabulary import EOS, SOS, SPECIAL
from seqviz.errors import TraceError
from seqviz.models.captioners import AnyCaptioner, written
from seqviz.models.glances import Glances, SeenPicture
from seqviz.models.seq2seq import NOTHING_ASKED
from seqviz.records import Captioning, PointingGame
from seqviz.scenes import LONGEST, Description, Scene, captions, drawn, kind_of, regions

Cells = Bool[np.ndarray, "_ cell"]  # that each word of a caption is about; captions have as many words as they have

END = SPECIAL[EOS]
ALTERNATIVES = 6  # likeliest next words kept at each step
MOST = LONGEST + 6  # words after which a caption is cut off

GROUP = ("how many", "size", "colour", "shape")
PLACES = (*(f"1st {part}" for part in GROUP), "relation", *(f"2nd {part}" for part in GROUP))


@torch.no_grad()
def caption(model: AnyCaptioner, scene: Scene, words: WordVocabulary, given: Sequence[str] = ()) -> Captioning:
    """Return what ``model`` writes about ``scene``, the likeliest word each time, and where it looks for every word.

    Args:
        model: a captioner.
        scene: what the picture shows.
        words: that the captioner knows.
        given: words that the caption begins with, whatever their probability.

    Raises:
        TraceError: a given word is none that it knows, or they are too many.
    """
    chosen = _symbols(given, words)
    picture = drawn(scene)
    seen = model.see(_batch([picture], model))
    carried, token = seen.carried, SOS
    steps: list[Glances] = []
    tokens: list[int] = []
    while len(tokens) < MOST and token != EOS:
        glances: Glances = model.step(seen, carried, torch.tensor([token]))
        carried = glances.carried
        token = chosen[len(tokens)] if len(tokens) < len(chosen) else int(glances.logits[0, 0].argmax())
        steps.append(glances)
        tokens.append(token)
    return _record(picture, scene, seen, steps, words.decode(np.array(tokens)), words, len(chosen))


def _symbols(given: Sequence[str], words: WordVocabulary) -> list[int]:
    unknown = [word for word in given if word not in words and word != END]
    if unknown:
        raise TraceError(f"the network cannot write {unknown[0]!r}: it knows {', '.join(words.words)}")
    if len(given) > MOST:
        raise TraceError(f"a caption may have at most {MOST} words, got {len(given)}")
    return [EOS if word == END else int(words.encode([word])[0]) for word in given]


def _batch(pictures: Sequence[Float[np.ndarray, "height width colour"]], model: AnyCaptioner) -> Tensor:
    return torch.from_numpy(np.stack(pictures)).to(model.embedding.weight.dtype)


def _record(
    picture: Float[np.ndarray, "height width colour"],
    scene: Scene,
    seen: SeenPicture,
    steps: Sequence[Glances],
    chosen: tuple[str, ...],
    words: WordVocabulary,
    given: int,
) -> Captioning:
    weights = _grids(steps, "weights", seen.rows)
    assert weights is not None, "every captioner looks somewhere"
    chances = torch.cat([step.logits[0] for step in steps]).log_softmax(-1)
    symbols = torch.tensor([EOS if word == END else int(words.encode([word])[0]) for word in chosen])
    return Captioning(
        picture=picture,
        written=chosen,
        given=np.arange(len(chosen)) < given,
        log_probabilities=chances.gather(1, symbols.unsqueeze(1)).squeeze(1).numpy(),
        scores=_grids(steps, "scores", seen.rows),
        weights=weights,
        heads=_grids(steps, "heads", seen.rows),
        annotations=seen.annotations[0].view(seen.rows, -1, seen.annotations.shape[2]).numpy(),
        contexts=_of_words(steps, "contexts"),
        alternatives=_likeliest(chances, words),
        regions=regions(scene, chosen),
        true=captions(scene),
    )


def _likeliest(chances: Float[Tensor, "time word"], words: WordVocabulary) -> tuple[tuple[tuple[str, float], ...], ...]:
    """Return the likeliest words at each place with their probabilities; ``chances`` are their logarithms."""
    best = chances.topk(ALTERNATIVES)
    return tuple(
        tuple(zip(words.decode(row.numpy()), chance.exp().tolist(), strict=True))
        for row, chance in zip(best.indices, best.values, strict=True)
    )


def _grids(steps: Sequence[Glances], name: str, rows: int) -> np.ndarray | None:
    """Return the glances' values of that name as a grid, word by word, of every head where there are several."""
    found = _of_words(steps, name)
    return None if found is None else found.reshape(*found.shape[:-1], rows, -1)


def _of_words(steps: Sequence[Glances], name: str) -> np.ndarray | None:
    """Return a picture's glances' values of that name, word by word; None where they have none."""
    found = [getattr(step, name) for step in steps]
    return None if found[0] is None else np.asarray(torch.cat([one[0] for one in found]).numpy())


@torch.no_grad()
def pointing_game(model: AnyCaptioner, scenes: Sequence[tuple[Description, Scene]], words: WordVocabulary) -> PointingGame:
    """Return how often ``model`` looks at what each word is about, while it reads each scene's description.

    Args:
        model: a captioner.
        scenes: each with the description whose words are read.
        words: that the captioner knows.
    """
    pictures = _batch([drawn(scene) for _, scene in scenes], model)
    targets = _targets([description.words for description, _ in scenes], words)
    seen = model.see(pictures)
    glances = model.look(seen, model.read(targets))
    about = [regions(scene, description.words).reshape(len(description.words), -1) for description, scene in scenes]
    spoken = [description.words for description, _ in scenes]
    true = _share_true(model, seen, [scene for _, scene in scenes], words)
    mean = _game(spoken, about, glances.weights, true)
    if glances.heads is None:
        return mean
    games = [_game(spoken, about, looks, true) for looks in glances.heads.unbind(2)]
    return replace(mean, heads=tuple(replace(game, head=head) for head, game in enumerate(games, start=1)))


def _game(
    spoken: Sequence[tuple[str, ...]], about: Sequence[Cells], looks: Float[Tensor, "picture time cell"], true: float
) -> PointingGame:
    """Return how often ``looks`` point at the cells that each word spoken is ``about``."""
    weights = looks.double().numpy()
    rows = [_pointed(*one) for one in zip(spoken, about, weights, strict=True)]
    by_place = [np.array([value for row in rows for place, value in row if place == at]).reshape(-1, 3) for at in range(9)]
    means = np.array([values.mean(axis=0) if len(values) else np.zeros(3) for values in by_place])
    return PointingGame(
        places=PLACES,
        pictures=np.array([len(values) for values in by_place]),
        hits=means[:, 0],
        inside=means[:, 1],
        areas=means[:, 2],
        relation=_split(spoken, about, weights),
        true=true,
        drawn=len(spoken),
    )


def _targets(sentences: Sequence[tuple[str, ...]], words: WordVocabulary) -> Tensor:
    targets = torch.full((len(sentences), LONGEST + 1), NOTHING_ASKED)
    for row, sentence in zip(targets, sentences, strict=True):
        row[: len(sentence)] = torch.from_numpy(words.encode(sentence))
        row[len(sentence)] = EOS
    return targets


def _pointed(
    words: tuple[str, ...], cells: Cells, weights: Float[np.ndarray, "time cell"]
) -> list[tuple[int, tuple[float, float, float]]]:
    """Return for each word but "of" its place in the caption, whether it is a hit, the share inside, and the area."""
    said = [at for at, word in enumerate(words) if word != "of"]
    return [
        (place, (float(cells[at, weights[at].argmax()]), float(weights[at, cells[at]].sum()), float(cells[at].mean())))
        for place, at in enumerate(said)
    ]


def _split(
    spoken: Sequence[tuple[str, ...]], about: Sequence[Cells], weights: Float[np.ndarray, "picture time cell"]
) -> np.ndarray:
    """Return the mean shares of attention at the relation's word: on the group named first, on the second, elsewhere."""
    shares = []
    for words, cells, weight in zip(spoken, about, weights, strict=True):
        at = next((place for place, word in enumerate(words) if kind_of(word) == "relation"), None)
        if at is not None:
            first, second = cells[0], cells[-1] & ~cells[0]  # a cell that both reach into counts as the first's
            on = [float(weight[at, first].sum()), float(weight[at, second].sum())]
            shares.append([*on, 1 - sum(on)])
    return np.mean(shares, axis=0) if shares else np.zeros(3)


def _share_true(model: AnyCaptioner, seen: SeenPicture, scenes: Sequence[Scene], words: WordVocabulary) -> float:
    said = written(model, seen, most=LONGEST + 1).tolist()
    ended = [row[: row.index(EOS)] if EOS in row else [] for row in said]
    right = [words.decode(np.array(row, dtype=int)) in captions(scene) for row, scene in zip(ended, scenes, strict=True)]
    return float(np.mean(right))
