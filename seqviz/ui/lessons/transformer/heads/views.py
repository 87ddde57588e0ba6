"""The pictures of the page "Heads"."""

from dataclasses import replace

import streamlit as st

from seqviz.figures.heads import decided, head_labels, heads_finding, telling_head
from seqviz.language.words import number
from seqviz.records import AttentionHeads
from seqviz.records.heads import CROSS
from seqviz.ui.components.head_view import Place, reported_place, show_heads
from seqviz.ui.lessons.transformer.heads.reading import Reading
from seqviz.ui.lessons.transformer.heads.settings import ATTENTIONS, GUESSES, KINDS, NAME
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page, told_tokens
from seqviz.ui.shell.prediction import answer, question

KEY = f"{NAME}.view"
CHOSEN = ("layer", "head", "query", "key")


def chosen_attention(page: Page, reading: Reading) -> AttentionHeads:
    """Draw the choice among the kinds of attention that there are, and return the one chosen."""
    kinds = {one.kind for one in reading.record.attentions}
    titles = {slug: ATTENTIONS[slug] for slug, kind in KINDS.items() if kind in kinds}
    if len(titles) == 1:
        return reading.record.attentions[0]
    before = page.values["attention"]
    chosen = page.control("attention", titles=titles)
    if chosen != before:  # that was a head of another attention
        _forget(page)
    return reading.record.of(KINDS[chosen])


def heads(page: Page, reading: Reading, record: AttentionHeads) -> None:
    """Every head as a thumbnail, one large, and one pair's way from q · k to the output."""
    links = reading.links if record.kind == CROSS else None
    reported = reported_place(KEY, record)
    if reported is not None:
        _keep(page, reported)
    place = _place(page, record, telling_head(record, links))
    show_heads(
        record, place, key=KEY, title=heads_finding(record, links), labels=head_labels(record),
        hint=prose(NAME, "hint"), gold=links,
    )  # fmt: skip
    if links is not None:
        st.caption(prose(NAME, "gold"))
    if reading.record.unknown:
        st.caption(prose(NAME, "unknown").replace("TOKENS", told_tokens(reading.record.unknown)))


def predict(page: Page, record: AttentionHeads) -> None:
    """A question to answer before the number is shown: how many heads attend to one token."""
    count, heads_ = decided(record), record.layers * record.heads
    if count is None or heads_ == 1:
        return
    with question(page, prose(NAME, "predict").replace("N heads", f"{heads_} heads")) as guess:
        if guess is None:
            return
        fate = "all" if count == heads_ else "many" if 2 * count >= heads_ else "few"
        others = f" {prose(NAME, 'answer')}" if 0 < count < heads_ else ""
        answer(page, f"**{number(count)} of {heads_}: {GUESSES[fate]}.**", guess == fate, others)


def _keep(page: Page, place: Place) -> None:
    page["layer"], page["head"] = place.layer + 1, place.head + 1
    page["query"], page["key"] = (place.query + 1, place.key + 1) if place.pinned else (0, 0)


def _forget(page: Page) -> None:
    for name in CHOSEN:
        page[name] = 0


def _place(page: Page, record: AttentionHeads, telling: tuple[int, int]) -> Place:
    """Return what the settings name; the page says what this text or network lacks."""
    sizes = dict(zip(CHOSEN, record.weights.shape, strict=True))
    beyond = [
        f"{name} must be a whole number in [1, {most}], got {page[name]}" for name, most in sizes.items() if page[name] > most
    ]
    if beyond:
        st.warning(f"{beyond[0][0].upper()}{beyond[0][1:]}; what the title speaks of is shown instead.")
        _forget(page)
    named = bool(page["layer"] and page["head"])
    layer, head = (page["layer"] - 1, page["head"] - 1) if named else telling
    place = Place(layer=layer, head=head, query=0, key=0, pinned=False)
    query, key = page["query"] - 1, page["key"] - 1
    if query < 0 or key < 0:
        return place
    if not record.visible[query, key]:
        st.warning(
            f"Token {query + 1} cannot see token {key + 1}, which comes later in a masked attention; "
            "the pair that tells most is shown instead."
        )
        page["query"] = page["key"] = 0
        return place
    return replace(place, query=query, key=key, pinned=True)
