"""The runs that the page looks at: those that came with the app."""

from collections.abc import Sequence
from pathlib import Path

from seqviz.cards import Card, read_cards
from seqviz.errors import StoreError
from seqviz.settings import settings


def shipped(names: Sequence[str]) -> list[Card]:
    """Return the cards of the runs of these names.

    Raises:
        StoreError: one did not come with the app.
    """
    cards = read_cards(Path(settings().store.pretrained))
    for name in names:
        if name not in cards:
            raise StoreError(
                f"the run {name} that comes with the app is missing; `python -m seqviz pretrain --only {name}` trains it again"
            )
    return [cards[name] for name in names]
