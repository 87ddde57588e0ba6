"""The cards of the runs that come with the app: what each is, how it was trained, how good it is. No torch here."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from seqviz.errors import StoreError

CARDS = "cards"

HEADING = """# The runs that come with the app

Written by `python -m seqviz pretrain`, which also trains them again. Each folder below `runs/` is a run in the store's
own format; each file below `cards/` is what stands here, for machines. The same Python on the same kind of machine
trains them to the same numbers bit by bit; elsewhere they agree up to rounding. What many runs of one kind give, seed
by seed, stands below `studies/`; those runs are not kept (`python -m seqviz pretrain --only study-attention`)."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """What is known about one shipped run.

    ``loss`` and ``metric`` are on ``sequences`` sequences that it has not learned from, whose origin ``held_out`` says.
    A character model also has ``bits``: bits per character on text that every machine has, whatever its Python.
    """

    name: str  # "adding-lstm"
    run: str  # the run's id
    title: str
    task: str  # one sentence
    model: str
    training: str
    finding: str  # one sentence: what there is to see in it
    held_out: str
    loss: float
    loss_name: str
    metric: float
    metric_name: str
    sequences: int
    bits: float | None
    seconds: float  # spent training it, on ``machine``
    machine: str
    versions: Mapping[str, str]
    exact: float | None = None  # share of sentences that it writes without a mistake, unaided; None where it writes none


def read_cards(folder: Path) -> dict[str, Card]:
    """Return the cards below ``folder`` by name; none where there are none.

    Raises:
        StoreError: a card is damaged.
    """
    return {card.name: card for card in map(_read, sorted((folder / CARDS).glob("*.json")))}


def write_card(card: Card, folder: Path) -> None:
    """Write ``card`` below ``folder``, in the place of an older one of its name."""
    (folder / CARDS).mkdir(parents=True, exist_ok=True)
    (folder / CARDS / f"{card.name}.json").write_text(json.dumps(asdict(card), indent=1) + "\n", encoding="utf-8")


def catalogue(cards: Mapping[str, Card]) -> str:
    """Return all cards as one Markdown page."""
    head = "| run | model | held-out loss | held-out metric | training |\n| --- | --- | --- | --- | --- |"
    rows = [f"| {one.name} | {one.model} | {one.loss:.4g} | {one.metric:.1%} | {one.seconds:.0f} s |" for one in cards.values()]
    return "\n".join([HEADING, "", head, *rows, "", *map(_section, cards.values())])


def _section(card: Card) -> str:
    lines = [
        f"Run: `{card.run}`",
        f"Task: {card.task}",
        f"Model: {card.model}",
        f"Training: {card.training}",
        f"Held out: {card.loss_name} {card.loss:.4g}, {card.metric_name} {card.metric:.1%}",
        f"Held-out data: {card.sequences} sequences, {card.held_out}",
        f"Trained in {card.seconds:.0f} s on {card.machine}, with torch {card.versions.get('torch', '?')}",
    ]
    if card.exact is not None:
        lines.insert(5, f"Written on its own: {card.exact:.1%} of the held-out sentences without a mistake")
    if card.bits is not None:
        lines.insert(6, f"Never seen: {card.bits:.3f} bits per character on `unseen.txt`, source of this project's own")
    return "\n".join([f"## {card.name}", "", card.finding, "", *(f"- {line}" for line in lines), ""])


def _read(file: Path) -> Card:
    try:
        return Card(**json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise StoreError(f"the card {file} cannot be read: {error}") from error
