"""Beam search: the best hypotheses of every length side by side, for many sentences at once."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor

from seqviz.errors import ConfigError
from seqviz.models.decoded import Encoded
from seqviz.models.ensemble import Writer
from seqviz.models.seq2seq import END, PAD, START
from seqviz.records import SearchTree
from seqviz.registry import shown

WIDEST = 100


@dataclass(frozen=True)
class _Round:
    """What one step of the search kept, each array (sentence, beam) or (sentence, beam, source)."""

    parent: np.ndarray  # the beam of the round before
    token: np.ndarray
    chance: np.ndarray
    total: np.ndarray
    is_new: np.ndarray  # false where a hypothesis had ended before, or where there was none
    weights: np.ndarray | None


def check_width(width: object) -> int:
    """Return ``width`` if a beam may be so wide.

    Raises:
        ConfigError: naming the range and what was given.
    """
    if isinstance(width, bool) or not isinstance(width, int) or not 1 <= width <= WIDEST:
        raise ConfigError(f"the beam width must be a whole number in [1, {WIDEST}], got {shown(width)}")
    return width


@torch.no_grad()
def beam_search(
    model: Writer,
    source: Int[Tensor, "batch source"],
    lengths: Int[Tensor, " batch"] | None = None,
    *,
    width: int,
    most: int,
    length_normalisation: float = 0.0,
    prefix: Int[Tensor, "batch prefix"] | None = None,
) -> list[SearchTree]:
    """Return, for each sentence, every hypothesis that a beam of ``width`` kept at any step, as a tree.

    A hypothesis that has ended keeps its place for as long as it is among the best. Width 1 takes the likeliest word
    each time; a width of as many hypotheses as there are finds the most probable sentence.

    Args:
        model: the network, or several together.
        source: sentences.
        lengths: words in each sentence; None: they are all full.
        width: hypotheses held at a time.
        most: words after which a hypothesis is cut off.
        length_normalisation: hypotheses are ranked by log-probability / words^this; 0 ranks by probability.
        prefix: words that every hypothesis begins with.

    Raises:
        ConfigError: ``width`` is out of range.
    """
    check_width(width)
    encoded = model.encode(source, lengths)
    one = _Beams(model, encoded, width)
    rounds = []
    for time in range(most):
        forced = None if prefix is None or time >= prefix.shape[1] else prefix[:, time]
        rounds.append(one.advance(length_normalisation, forced))
        if one.is_over:
            break
    ranks = one.ranks(length_normalisation).cpu().numpy()
    places = encoded.mask.sum(1).tolist()
    return [_tree(rounds, sentence, ranks[sentence], places[sentence]) for sentence in range(len(source))]


class _Beams:
    """The hypotheses held now, ``width`` for each sentence, best first; only those that can go on are computed with."""

    def __init__(self, model: Writer, encoded: Encoded, width: int) -> None:
        batch, device = len(encoded.mask), encoded.mask.device
        self.model, self.encoded, self.state = model, encoded, encoded.state
        self.token = torch.full((batch, width), START, device=device)
        self.total = torch.full((batch, width), -torch.inf, dtype=encoded.states.dtype, device=device)
        self.total[:, 0] = 0
        self.words = torch.zeros(batch, width, dtype=torch.long, device=device)
        self.ended = torch.zeros(batch, width, dtype=torch.bool, device=device)
        self.place = torch.arange(batch, device=device).unsqueeze(1).expand(-1, width)  # of each one's state

    @property
    def is_over(self) -> bool:
        """Whether no hypothesis can go on."""
        return bool((self.ended | self.total.isinf()).all())

    def ranks(self, normalisation: float) -> Tensor:
        """Return what the hypotheses are ranked by, (sentence, beam)."""
        return self.total / self.words.clamp(min=1) ** normalisation

    def advance(self, normalisation: float, forced: Tensor | None) -> _Round:
        """Go on by a word, and return what is held then."""
        sentence, beam = (~self.ended & ~self.total.isinf()).nonzero(as_tuple=True)
        state = tuple(part[:, self.place[sentence, beam]] for part in self.state)
        step = self.model.step(self.encoded.rows(sentence), state, self.token[sentence, beam])
        chances = self._chances(step.logits.log_softmax(-1), sentence, beam, forced)
        totals = self.total.unsqueeze(2) + chances
        words = (self.words + ~self.ended).unsqueeze(2)
        best = (totals / words**normalisation).flatten(1).topk(self.total.shape[1]).indices
        parent, self.token = best // chances.shape[2], best % chances.shape[2]
        was_ended = self.ended.gather(1, parent)
        self.total = totals.flatten(1).gather(1, best)
        self.words = words.squeeze(2).gather(1, parent)
        self.ended = was_ended | (self.token == END)
        place = torch.zeros_like(parent)
        place[sentence, beam] = torch.arange(len(sentence), device=place.device)
        self.place, self.state = place.gather(1, parent), step.state
        chance = chances.flatten(1).gather(1, best)
        is_new = ~was_ended & ~self.total.isinf()
        kept = {"parent": parent, "token": self.token, "chance": chance, "total": self.total, "is_new": is_new}
        arrays = {name: value.cpu().numpy() for name, value in kept.items()}
        return _Round(**arrays, weights=None if step.weights is None else step.weights[self.place].cpu().numpy())

    def _chances(self, computed: Tensor, sentence: Tensor, beam: Tensor, forced: Tensor | None) -> Tensor:
        """Return each next word's log-probability (sentence, beam, word); one that has ended can only stay as it is."""
        chances = computed.new_full((*self.token.shape, computed.shape[1]), -torch.inf)
        chances[:, :, PAD] = 0
        if forced is not None:
            others = torch.arange(computed.shape[1], device=computed.device) != forced[sentence].unsqueeze(1)
            computed = computed.masked_fill(others, -torch.inf)
        chances[sentence, beam] = computed
        return chances


def _tree(rounds: list[_Round], sentence: int, ranks: np.ndarray, places: int) -> SearchTree:
    node = np.full(rounds[0].token.shape[1], -1)  # the last node of each beam
    grown: dict[str, list[np.ndarray]] = {"token": [], "parent": [], "log_probability": [], "total": [], "weights": []}
    size = 0
    for one in rounds:
        is_new = one.is_new[sentence]
        before = node[one.parent[sentence]]
        node = np.where(is_new, size + np.cumsum(is_new) - 1, before)
        size += int(is_new.sum())
        for name, values in (("token", one.token), ("log_probability", one.chance), ("total", one.total)):
            grown[name].append(values[sentence, is_new])
        grown["parent"].append(before[is_new])
        if one.weights is not None:
            grown["weights"].append(one.weights[sentence, is_new, :places])
    held = np.flatnonzero(np.isfinite(ranks))
    arrays = {name: np.concatenate(parts) for name, parts in grown.items() if parts}
    weights = arrays.pop("weights", None)
    return SearchTree(**arrays, weights=weights, found=node[held], ranks=ranks[held])
