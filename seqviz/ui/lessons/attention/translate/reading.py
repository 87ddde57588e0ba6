"""Which network translates, and which sentence."""

import streamlit as st

from seqviz.corpora import SentencePair
from seqviz.questions import TRANSLATION
from seqviz.records import Translation
from seqviz.subjects.translation import Sentence
from seqviz.ui.lessons.attention.translate.settings import NETWORKS
from seqviz.ui.runs.networks import chosen_of, opened
from seqviz.ui.runs.shipped import shipped
from seqviz.ui.runs.translators import TYPED, Translator, chosen_sentence, translates, translator_of
from seqviz.ui.shell.cache import traced
from seqviz.ui.shell.page import Page

REFUSAL = "only networks that translate can be watched here"


def chosen_translator(page: Page) -> Translator:
    """Draw the choice of a network and return it.

    Raises:
        StoreError: it is not here.
        ConfigError: it does not translate.
    """
    named = chosen_of(page, NETWORKS, translates, forgets=("looks", "given"))
    if named[0] == "network":
        named = ("run", shipped(f"translation-{named[1]}").run)
    return translator_of(opened(named, translates, REFUSAL))


def chosen_pair(page: Page, translator: Translator) -> tuple[str, SentencePair | None]:
    """Draw the choice of a sentence; return its text, and the pair with the right translation where that is known."""
    before = page.values["sentence"], page.values["text"]
    text, pair = chosen_sentence(page, translator, begun=False)
    if (page.values["sentence"], page.values["text"]) != before:  # words and looks were of another sentence
        page["given"] = page["looks"] = ""
    if pair is not None:
        st.button("Change its words", icon=":material/edit:", on_click=_type, args=(page, text))
    return text, pair


def _type(page: Page, text: str) -> None:
    page["text"], page["sentence"], page["reads"], page["looks"], page["given"] = text, TYPED, "own", "", ""


def asked(page: Page, translator: Translator, text: str, pair: SentencePair | None) -> Sentence:
    """Return what the network is asked, by the page's settings as they are now."""
    fixed = {name: page[name] for name in ("given", "looks", "temperature", "seed", "width")}
    if pair is not None and page["reads"] == "right":
        fixed["given"] = translator.given(pair)
    return Sentence(run=translator.run, step=translator.step, text=text, **fixed)


def translated(sentence: Sentence) -> Translation:
    """Return the translation.

    Raises:
        SeqvizError: the sentence cannot be translated so.
    """
    return traced(TRANSLATION, sentence)
