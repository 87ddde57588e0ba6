"""The pictures of the page "An image in words"."""

from collections.abc import Iterable
from functools import partial

import streamlit as st

from seqviz.experiment import TransformerConfig
from seqviz.experiment.transformer import CELL_POSITIONS
from seqviz.figures.caption import (
    caption_finding,
    heads_figure,
    pointing_figure,
    relation_place,
    relation_words,
    telling_word,
)
from seqviz.records import Captioning, PointingGame
from seqviz.ui.components.figure import show
from seqviz.ui.components.picture import Chosen, Erased, show_picture
from seqviz.ui.lessons.attention.captions.reading import Shown, came_along, is_recurrent, numbers_of, pointed, things_of, whole
from seqviz.ui.lessons.attention.captions.settings import NAME
from seqviz.ui.runs.networks import Network
from seqviz.ui.runs.words import duration
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.lesson import ending
from seqviz.ui.shell.page import Page, escaped
from seqviz.ui.shell.prediction import answer, question


def what_if(page: Page, shown: Shown) -> None:
    """Draw the controls that erase things from the picture and bring them back."""
    things = {thing.number: thing.title for thing in things_of(whole(shown))}
    gone = [number for number in numbers_of(page["erased"]) if number in things]
    page.offer("erased", gone, key=f"{NAME}.eraser", take=partial(_erase, page), titles=things)
    if page["given"]:
        st.caption(f"You made it begin with “{escaped(page['given'])}”.")
        st.button("Let it write freely again", on_click=_free, args=(page,))


def _erase(page: Page, numbers: Iterable[int]) -> None:
    page["erased"] = ",".join(map(str, sorted(numbers)))


def _free(page: Page) -> None:
    page["given"] = ""


def looked(page: Page, shown: Shown, record: Captioning) -> None:
    """Draw the picture and its caption; a click erases a thing, a word chosen is written instead."""
    gone = numbers_of(page["erased"])
    left = [thing for thing in things_of(whole(shown)) if thing.number not in gone]
    note = prose(NAME, "key") if record.heads is None else f"{prose(NAME, 'key')} {prose(NAME, 'key of heads')}"
    change = show_picture(
        record, left, key=f"{NAME}.picture", title=caption_finding(record), begin=telling_word(record), note=note
    )
    if isinstance(change, Erased):
        _erase(page, {*gone, change.number})
    elif isinstance(change, Chosen):
        page["head"] = change.head
    elif change is not None:
        page["given"] = " ".join((*record.written[: change.place], change.word))
    if change is not None:
        st.rerun()


def pointing(page: Page, network: Network) -> None:
    """How often attention is where the word's meaning is, over many pictures; and how many captions are true."""
    record = pointed(network)
    st.subheader("Does it look at what it names?", anchor=False)
    st.markdown(prose(NAME, "pointing"))
    show(pointing_figure(record.through(page["head"])), key=f"{NAME}.pointing", name="pointing-game")
    if len(record.heads) > 1:
        st.markdown(prose(NAME, "pointing of heads"))
        show(heads_figure(record), key=f"{NAME}.heads", name="pointing-of-heads")
    st.caption(_how_good(network, record))


def _how_good(network: Network, record: PointingGame) -> str:
    """Return in words how many held-out pictures get a true caption: measured here for your own run, else from the cards."""
    cards = came_along()
    if network.run not in {card.run for card in cards.values()}:
        return f"Of these {record.drawn:,} held-out pictures it captions {100 * record.true:.1f} % truly."
    told = [
        f"{title}: of {card.sequences:,} held-out pictures it captions {100 * card.exact:.1f} % truly. {card.model}, "
        f"trained in {duration(card.seconds)}."
        for title, card in cards.items()
        if card.exact is not None
    ]
    return "  \n".join(told)


def predict(page: Page, network: Network) -> None:
    """A question to answer before the numbers are shown: where it looks as it writes a relation."""
    with question(page) as guess:
        if guess is None:
            return
        record = pointed(network).through(page["head"])
        told = prose(NAME, "answer" if is_recurrent(network) else "answer of heads")
        answer(page, f"**{relation_words(record)}**", relation_place(record) == guess, told)


def why(network: Network) -> None:
    """The attention of the network as formulas, with their sources."""
    model = network.experiment.model
    if isinstance(model, TransformerConfig):
        told = prose(NAME, "why of heads").replace("POSITIONS", CELL_POSITIONS[model.cells])
    else:
        told = prose(NAME, "why")
    ending("How does it look?", told, prose(NAME, "sources" if is_recurrent(network) else "sources of heads"))
