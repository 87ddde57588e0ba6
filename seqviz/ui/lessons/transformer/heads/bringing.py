"""How a published model comes to the page "Heads": from a folder of this server's, or its files uploaded."""

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from seqviz.errors import ConfigError, SeqvizError
from seqviz.questions import PUBLISHED_HEADS
from seqviz.settings import settings
from seqviz.store.published.offered import state_of
from seqviz.store.published.uploaded import check_upload, is_needed, keep_upload, takes_uploads
from seqviz.subjects.published import ReadByPublished
from seqviz.ui.lessons.transformer.heads.settings import NAME
from seqviz.ui.lessons.transformer.heads.sources import OF_TEXT
from seqviz.ui.shell.cache import lab
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page, one_sentence, plain

FILES, WRONG, TURN = f"{NAME}.files", f"{NAME}.upload_wrong", f"{NAME}.upload_turn"
MEGABYTE = 1_000_000
TRIED = "a"  # the shortest text: whether the model can be opened and read with at all


def bring_published(page: Page) -> None:
    """Say how a published model comes into the menu, and take the files of one, as far as this server offers that."""
    place = settings().store.published
    if not place and not takes_uploads():
        return
    wrong = _wrong(page)
    with st.expander("Look into a published model", expanded=bool(wrong)):
        st.markdown(prose(NAME, "published"))
        if takes_uploads():
            with st.container(key=f"{NAME}.upload"):
                _upload(page)
        if wrong:
            st.error(plain(wrong))
        if place:
            st.markdown(prose(NAME, "place").replace("PLACE", place.replace("`", "")))


def _wrong(page: Page) -> str:
    """Return what was wrong with the last upload; "" once another network is chosen."""
    said, looked_at = st.session_state.get(WRONG, ("", None))
    if looked_at == _looked_at(page):
        return str(said)
    st.session_state.pop(WRONG, None)
    return ""


def _looked_at(page: Page) -> tuple[object, ...]:
    return tuple(page[each] for each in ("run", "network", "folder"))


def _upload(page: Page) -> None:
    most = min(settings().limits.published_upload_bytes, st.get_option("server.maxUploadSize") * MEGABYTE)
    key = f"{FILES}.{st.session_state.get(TURN, 0)}"  # a new one once they are kept, so that memory lets go of them
    with st.form(f"{NAME}.upload_form", border=False):
        st.file_uploader(
            f"All files of its folder: config.json, model.safetensors and its tokenizer's, at most {most / MEGABYTE:,.3g} MB",
            key=key, accept_multiple_files=True, max_upload_size=max(1, -(-most // MEGABYTE)),
        )  # fmt: skip
        st.form_submit_button("Open this model", on_click=_open, args=(page, key))


def _open(page: Page, key: str) -> None:
    """Keep the files chosen and open their model; an upload that cannot be opened is removed, and the page says why."""
    try:
        name = _kept(st.session_state.get(key) or ())
    except SeqvizError as error:
        st.session_state[WRONG] = one_sentence(error), _looked_at(page)
        return
    st.session_state.pop(WRONG, None)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    for each in ("run", "network", *OF_TEXT):
        page[each] = page.controls[each].default
    page["folder"] = name
    st.toast(prose(NAME, "brought"))


def _kept(chosen: Sequence[UploadedFile]) -> str:
    if not chosen:
        raise ConfigError("choose the files of a model first")
    check_upload([(file.name, file.size) for file in chosen])  # before any is read, which copies it
    return keep_upload({file.name: file.getvalue() for file in chosen if is_needed(file.name)}, _try)


def _try(name: str) -> None:
    """Read with an uploaded model, and raise what is wrong with it."""
    lab().trace(PUBLISHED_HEADS, ReadByPublished(folder=name, text=TRIED, state=state_of(name)))
