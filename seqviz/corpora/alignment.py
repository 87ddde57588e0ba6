"""How far found alignments are from known ones."""

from collections.abc import Iterable

import numpy as np
from jaxtyping import Float

from seqviz.errors import TraceError

Links = Iterable[tuple[int, int]]


def alignment_error_rate(found: Links, sure: Links, possible: Links | None = None, within: int = 0) -> float:
    """Return 1 - (|A ∩ S| + |A ∩ P|) / (|A| + |S|): 0 where all is found and nothing else, 1 where nothing is.

    Args:
        found: A, the links that were found: (position in the source, position in the target).
        sure: S, the links that must be there.
        possible: P, the links that may be there; the sure ones always may. None: only those.
        within: how many source positions a found link may be off. Where an attention reads its state before the word was
            read in, or after, its weights are shifted by one. With ``within`` above 0, |A ∩ S| counts the sure links that
            have a found one near enough or the found ones that have a sure one, whichever are fewer.

    Raises:
        TraceError: nothing is found and nothing is sure, so there is no rate.

    Source:
        Och & Ney (2003), section 2.3, https://aclanthology.org/J03-1002/
    """
    found, sure = frozenset(found), frozenset(sure)
    allowed = sure | frozenset(possible or ())
    if not found and not sure:
        raise TraceError("an alignment error rate needs at least one link, got none found and none to find")
    right = len(found & sure) if not within else min(_near(found, sure, within), _near(sure, found, within))
    return 1 - (right + _near(found, allowed, within)) / (len(found) + len(sure))


def _near(links: frozenset[tuple[int, int]], others: frozenset[tuple[int, int]], within: int) -> int:
    return sum(any((here + off, there) in others for off in range(-within, within + 1)) for here, there in links)


def strongest_links(weights: Float[np.ndarray, "target source"]) -> frozenset[tuple[int, int]]:
    """Return for each target word its link to the source word with the most attention; of equals, the first.

    >>> sorted(strongest_links(np.array([[0.2, 0.8], [0.9, 0.1]])))
    [(0, 1), (1, 0)]

    Raises:
        TraceError: there is no source word.
    """
    if weights.ndim != 2 or weights.shape[1] == 0:
        raise TraceError(f"attention weights must have a row for each target word and a source word, got {weights.shape}")
    return frozenset((int(here), there) for there, here in enumerate(weights.argmax(axis=1)))
