"""The runs that came with the app, by the names on their cards."""

from pathlib import Path

from seqviz.cards import Card, read_cards
from seqviz.errors import StoreError
from seqviz.settings import settings


def shipped_cards() -> dict[str, Card]:
    """Return the cards of the runs that came with the app, by name.

    Raises:
        StoreError: a card is damaged.
    """
    return read_cards(Path(settings().store.pretrained))


def shipped(name: str) -> Card:
    """Return the card of one run that came with the app.

    Raises:
        StoreError: it did not come, or its card is damaged.
    """
    card = shipped_cards().get(name)
    if card is None:
        again = f"`python -m seqviz pretrain --only {name}` trains it again"
        raise StoreError(f"the network {name!r} that comes with the app is missing; {again}")
    return card
