"""Which Transformer, which text, and which of its tokens is walked with."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from seqviz.corpora import held_out_dependency, joined
from seqviz.corpora.dependencies import KINDS
from seqviz.experiment import Experiment
from seqviz.experiment.task import WordsConfig
from seqviz.language.tokens import visible
from seqviz.questions import WALK
from seqviz.records import TokenWalk
from seqviz.subjects.walk import WalkedToken, can_be_walked
from seqviz.ui.components.token_walk import reported_token
from seqviz.ui.lessons.transformer.walk.settings import CODE, NAME
from seqviz.ui.runs.networks import Network, chosen_network, opened, own_networks, shipped_networks
from seqviz.ui.runs.translators import Translator, chosen_sentence, translates, translator_of
from seqviz.ui.shell.cache import traced
from seqviz.ui.shell.page import Page

COMPONENT = f"{NAME}.flow"
REFUSAL = "only Transformers that read a text are walked through here"
SIDES: Mapping[str, str] = {"e": "encoder", "d": "decoder"}
OF_TEXT = ("sentence", "text", "token", "guess")  # mean something else to another network


def chosen_transformer(page: Page) -> Network | None:
    """Draw the choice of a Transformer, and return it; None where there is none to choose.

    Raises:
        StoreError: it is not here.
        ConfigError: it is another network.
    """
    came = shipped_networks(_translates) | shipped_networks(can_be_walked)  # translators first
    named = chosen_network(page, came | own_networks(can_be_walked), forgets=OF_TEXT)
    return None if named is None else opened(named, can_be_walked, REFUSAL)


def chosen_text(page: Page, network: Network) -> WalkedToken:
    """Draw the choice of a text, and return a walk through it; a held-out sentence is read with its right translation."""
    before = page.values["sentence"], page.values["text"]
    if translates(network.experiment):
        walk = _sentence(page, translator_of(network))
    else:
        if not page["text"]:
            page["text"] = sample_text(network.experiment)
        before = page.values["sentence"], page.values["text"]
        walk = WalkedToken(run=network.run, step=network.step, text=page.control("text"))
    if (page.values["sentence"], page.values["text"]) != before:  # the token was of another text
        page["token"] = ""
    return walk


def sample_text(experiment: Experiment) -> str:
    """Return the beginning of a text whose next token depends on one far before it."""
    if isinstance(experiment.task, WordsConfig):
        whole = held_out_dependency(next(iter(KINDS)), min(experiment.task.fillers, 3), 0)
        return joined(whole.words[: whole.target])
    return CODE


def chosen_token(page: Page, subject: WalkedToken) -> WalkedToken:
    """Draw the choice of a token, and return its walk.

    Raises:
        SeqvizError: the text cannot be read.
    """
    clicked = reported_token(COMPONENT)
    if clicked is not None:
        page["token"] = f"{clicked[0][0]}{clicked[1] + 1}"
    names = tokens_of(traced(WALK, subject))
    asked = page["token"] or default_token(names)
    if asked not in names:
        asked = _beyond(asked, names)
    page.offer("token", asked, key=f"{NAME}.chosen", titles=names)
    return replace(subject, side=SIDES[asked[0]], position=int(asked[1:]) - 1)


def tokens_of(record: TokenWalk) -> dict[str, str]:
    """Return what each token is called: the decoder's first, what comes next behind an arrow."""
    does = "writes" if record.source else "reads"
    pairs = enumerate(zip(record.read, record.written, strict=True), start=1)
    written = {f"d{at}": f"{does} {at}: {visible(word)} → {visible(follows)}" for at, (word, follows) in pairs}
    return written | {f"e{at}": f"reads {at}: {word}" for at, word in enumerate(record.source, start=1)}


def default_token(names: Mapping[str, str]) -> str:
    """Return a token in the middle of what is written, or the last of a text that is read."""
    decoders = [name for name in names if name[0] == "d"]
    return decoders[len(decoders) // 2] if len(decoders) < len(names) else decoders[-1]


def _beyond(asked: str, names: Mapping[str, str]) -> str:
    """Say that there is no such token, and return the last one there is on its side."""
    there = [name for name in names if name[0] == asked[0]]
    if not there:
        st.warning("This network has no encoder: every token is its decoder's.")
        return default_token(names)
    count = len(there)
    st.warning(f"The {SIDES[asked[0]]} reads {count} tokens here: the position must be 1 to {count}, got {asked[1:]}.")
    return there[-1]


def _sentence(page: Page, translator: Translator) -> WalkedToken:
    text, pair = chosen_sentence(page, translator)
    given = "" if pair is None else translator.given(pair)
    return WalkedToken(run=translator.run, step=translator.step, text=text, given=given)


def _translates(experiment: Experiment) -> bool:
    return can_be_walked(experiment) and translates(experiment)
