"""Which Transformer, which sentence, and which of its tokens is walked with."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import streamlit as st

from seqviz.errors import ConfigError, StoreError
from seqviz.experiment import TransformerConfig
from seqviz.experiment.task import TranslationConfig
from seqviz.experiment.walk import WalkedToken
from seqviz.records import TokenWalk
from seqviz.registry import shown
from seqviz.ui.cached import lab, traced
from seqviz.ui.page import Page
from seqviz.ui.person import known_person
from seqviz.ui.shipped import shipped, shipped_cards
from seqviz.ui.token_walk import reported_token
from seqviz.ui.translation.reading import Translator, samples
from seqviz.ui.walk.settings import NAME

MOST_OWN = 8  # runs of the person's offered, the newest
COMPONENT = f"{NAME}.flow"
TOKEN = f"{NAME}.chosen"
SIDES: Mapping[str, str] = {"e": "encoder", "d": "decoder"}


def chosen_transformer(page: Page) -> Translator | None:
    """Draw the choice of a Transformer that translates, and return it; None where there is none to choose.

    Raises:
        StoreError: it is not here.
        ConfigError: it is another network.
    """
    titles = {**_shipped(), **_own()}
    for name in (page["run"], page["network"]):
        if name:
            titles.setdefault(name, f"run {name[:8]}" if name == page["run"] else name)
    if not titles:
        return None
    key = f"{NAME}.network"
    st.session_state[key] = page["run"] or page["network"] or next(iter(titles))
    st.selectbox("Network", list(titles), format_func=titles.__getitem__, key=key, on_change=_take, args=(page, key))
    return _opened(page["run"] or _run_of(page["network"] or next(iter(titles))))


def chosen_sentence(page: Page, translator: Translator) -> WalkedToken:
    """Draw the choice of a sentence, and return a walk through it; a held-out one is read with its right translation."""
    pairs, corpus = samples(translator.task), translator.corpus
    titles = {f"s{i + 1}": corpus.written(pair.source) for i, pair in enumerate(pairs)} | {"typed": "what I type"}
    before = page.values["sentence"], page.values["text"]
    name = page.control("sentence", titles=titles)
    typed = page.control("text") if name == "typed" else page.values["text"]
    if (name, typed) != before:  # the token was of another sentence
        page["token"] = ""
    walk = WalkedToken(run=translator.run, step=translator.step)
    if name == "typed":
        return replace(walk, text=typed)
    pair = pairs[int(name[1:]) - 1]
    return replace(walk, text=corpus.written(pair.source), given=translator.given(pair))


def chosen_token(page: Page, subject: WalkedToken) -> WalkedToken:
    """Draw the choice of a token, and return its walk.

    Raises:
        SeqvizError: the sentence cannot be read.
    """
    clicked = reported_token(COMPONENT)
    if clicked is not None:
        page["token"] = f"{clicked[0][0]}{clicked[1] + 1}"
    names = _tokens(traced("walk", subject))
    default = f"d{1 + sum(name[0] == 'd' for name in names) // 2}"
    asked = page["token"] or default
    if asked not in names:
        side, count = SIDES[asked[0]], sum(name[0] == asked[0] for name in names)
        st.warning(f"The {side} reads {count} tokens here: the position must be 1 to {count}, got {asked[1:]}.")
        asked = f"{asked[0]}{count}"
    st.session_state[TOKEN] = asked
    st.selectbox("Token", list(names), format_func=names.__getitem__, key=TOKEN, on_change=_follow, args=(page,))
    return replace(subject, side=SIDES[asked[0]], position=int(asked[1:]) - 1)


def _follow(page: Page) -> None:
    page["token"] = st.session_state[TOKEN]


def _tokens(record: TokenWalk) -> dict[str, str]:
    """Return what each token is called: the decoder's first, what comes next behind an arrow."""
    writes = enumerate(zip(record.read, record.written, strict=True), start=1)
    written = {f"d{at}": f"writes {at}: {word} → {follows}" for at, (word, follows) in writes}
    return written | {f"e{at}": f"reads {at}: {word}" for at, word in enumerate(record.source, start=1)}


def _take(page: Page, key: str) -> None:
    name = st.session_state[key]
    came = name in _shipped()
    page["run"], page["network"], page["token"] = "" if came else name, name if came else "", ""


def _run_of(name: str) -> str:
    if name in _own():
        return name
    if name not in _shipped():
        raise ConfigError(f"network must be one of {', '.join(_shipped())}, got {shown(name)}")
    return shipped(name).run


def _opened(run: str) -> Translator:
    experiment, manifest = lab().store.experiment(run), lab().store.manifest(run)
    if experiment is None or manifest is None:
        raise StoreError(f"there is no run {run} on this server")
    if not isinstance(experiment.model, TransformerConfig) or not isinstance(experiment.task, TranslationConfig):
        raise ConfigError(f"only Transformers that translate are walked through here; run {run} is of another kind")
    return Translator(run=run, task=experiment.task, step=manifest.status.steps_done)


def _shipped() -> dict[str, str]:
    """Return the titles of the Transformers that came with the app and translate."""
    return {name: card.title for name, card in sorted(shipped_cards().items()) if _walks(card.run)}


@cache
def _walks(run: str) -> bool:
    experiment = lab().store.experiment(run)
    return experiment is not None and _is_transformer(experiment.model, experiment.task)


def _is_transformer(model: object, task: object) -> bool:
    return isinstance(model, TransformerConfig) and isinstance(task, TranslationConfig)


def _own() -> dict[str, str]:
    found: dict[str, str] = {}
    who = known_person()
    for handle, run in lab().runs(who) if who else []:
        if run.steps_done and _is_transformer(run.experiment.model, run.experiment.task) and len(found) < MOST_OWN:
            found[run.id] = f"my run: {handle.name}"
    return found
