"""The form: what to train, drawn from the settings' rules; rarely changed settings are folded away."""

from collections.abc import Sequence

import streamlit as st

from seqviz.experiment import TASKS, TrainingConfig, TransformerConfig, misfit
from seqviz.experiment.task import OWN
from seqviz.ui.lessons.train.train.families import (
    FAMILIES,
    RECURRENT,
    TRANSFORMER_PREFIX,
    WRITING,
    family_of,
)
from seqviz.ui.lessons.train.train.sentences import choose_sentences
from seqviz.ui.lessons.train.train.settings import LONGEST, asked_for, both_ways, named
from seqviz.ui.lessons.train.train.texts import choose_text
from seqviz.ui.runs.estimate import estimate, offer_estimate
from seqviz.ui.shell.page import Page

MORE_TRAINED = ("optimizer", "momentum", "schedule", "warmup", "batch_size")


def draw_form(page: Page) -> None:
    """Draw the form; the settings are read from ``page`` afterwards."""
    task = page.control("task")
    st.caption(about(task))
    _task(page, task)
    _networks(page, task)
    _side_by_side(page, [named(page, name) for name in ("hidden_size", "steps") if applies(page, name)])
    _side_by_side(page, [named(page, "learning_rate"), "seed"])
    page.control(named(page, "clip"))
    if applies(page, "threshold"):
        page.control(named(page, "threshold"))
    family = family_of(task)
    if family is WRITING:
        offer_estimate(lambda: asked_for(page, ""), estimate, key="train")
    if family.transformer in page[family.choice]:
        _transformer(page)
    if not _alone(page):
        _folded(page, task)
    with st.expander("More about training"):
        for name in MORE_TRAINED:
            if applies(page, name):
                page.control(named(page, name))


def about(task: str) -> str:
    """Return what the task asks for, in words."""
    return " ".join((TASKS[task].config.__doc__ or "").replace("``", "").split())


def applies(page: Page, name: str) -> bool:
    """Return whether a setting means anything, given the others, for one of the chosen networks at least."""
    family = family_of(page["task"])
    if name in TrainingConfig.rules():
        return page.applies(TrainingConfig, name, family.trained)
    networks = [{family.varied: each} for each in page[family.choice] if each != family.transformer]
    fixed = {"chrono": 0} if name == "forget_bias" else {}  # shown beside the initialisation that would set it
    return any(page.applies(family.config, name, family.prefix, **one, **fixed) for one in networks)


def _task(page: Page, task: str) -> None:
    if task == "translation":
        _sentences(page)
        return
    rules = TASKS[task].config.rules()
    names = [f"{task}.{name}" for name in rules if name not in ("name", "text")]
    _side_by_side(page, names[:2])
    for name in names[2:]:
        page.control(name)
    if "text" in rules:
        choose_text(page)


def _sentences(page: Page) -> None:
    """Draw the choice of corpus; another corpus sets its own longest sentence."""
    corpus = page.control("translation.corpus")
    linked = page.linked["translation.corpus"]
    before, linked_before = st.session_state.get("train.corpus", (corpus, linked))
    st.session_state["train.corpus"] = (corpus, linked)
    by_hand = linked == linked_before  # a value from the link is kept
    if by_hand and LONGEST[before] != LONGEST[corpus] and page["translation.longest"] == LONGEST[before]:
        page["translation.longest"] = LONGEST[corpus]
    if corpus == OWN:
        choose_sentences(page)
    _side_by_side(page, ["translation.sentences", "translation.longest"])
    if corpus == "dates" and page["translation.longest"] < LONGEST[corpus]:
        st.caption(f"Dates have up to {LONGEST[corpus]} characters; only the shorter ways to write one are learned now.")
    if corpus == OWN:
        page.control("translation.vocabulary")
        page.control("translation.drawn")


def _networks(page: Page, task: str) -> None:
    """Draw the networks to choose from; those that the task is nothing for are grey, with the reason."""
    reasons = {name: misfit(task, family.member) for name, family in FAMILIES.items()}
    for name in sorted(reasons, key=lambda name: reasons[name] is not None):
        reason = reasons[name]
        if reason is None:
            page.control(name)
        else:
            page.refuse(name, [], reason, key=f"train.grey.{name}", title=FAMILIES[name].title)


def _alone(page: Page) -> bool:
    """Return whether a Transformer is all that is chosen."""
    family = family_of(page["task"])
    chosen: tuple[str, ...] = page[family.choice]
    return chosen == (family.transformer,)


def _folded(page: Page, task: str) -> None:
    family = family_of(task)
    with st.expander("More about the networks"):
        for name in family.folded:
            if applies(page, name):
                page.control(named(page, name))
        if family is RECURRENT:
            _both_ways(page, task)


def _transformer(page: Page) -> None:
    """Draw the settings of a Transformer."""
    kind = family_of(page["task"]).transformer
    with st.expander("The Transformer"):
        for name in TransformerConfig.rules():
            if name != "name" and page.applies(TransformerConfig, name, TRANSFORMER_PREFIX, name=kind):
                page.control(f"{TRANSFORMER_PREFIX}{name}")


def _both_ways(page: Page, task: str) -> None:
    reason = TASKS[task].bidirectional
    if reason is None:
        page.control("bidirectional")
    else:
        page.refuse("bidirectional", both_ways(page), reason, key="train.one_way")


def _side_by_side(page: Page, names: Sequence[str]) -> None:
    for place, name in zip(st.columns(2, gap="small", vertical_alignment="bottom"), names, strict=False):
        with place:
            page.control(name)
