"""A person's runs, found again whenever they come back: to show, compare, rename, and delete with a way back."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from seqviz.experiment.title import title_of
from seqviz.lab import RunView
from seqviz.language.words import number
from seqviz.settings import settings
from seqviz.store import Handle
from seqviz.ui.lessons.train.train.runs import show
from seqviz.ui.runs.moment import NOW
from seqviz.ui.runs.words import chip
from seqviz.ui.shell.cache import lab
from seqviz.ui.shell.page import Page, again, attempt

_DELETED = "train.deleted"
_TURN = "train.turn"

Row = tuple[str, str, RunView]  # its name, when it was asked for, and the run


def draw_listing(page: Page, who: str | None) -> None:
    """Draw the person's runs and those that come with seqviz, to choose from."""
    with st.expander("Your runs, and those that come with seqviz", on_change="rerun", key="train.listing") as box:
        if box.open and who is not None:
            rows = _rows(who)
            _undo(page, who)
            _choose(page, rows, _table(rows), who)


def _rows(who: str) -> list[Row]:
    own = [(handle.name, _when(handle), view) for handle, view in lab().runs(who)]
    shipped = [lab().view(run_id) for run_id in lab().store.pretrained_ids()]
    there = {view.id for _, _, view in own}
    return own + [(_shipped_name(view), "comes with seqviz", view) for view in shipped if view.id not in there]


def _table(rows: Sequence[Row]) -> list[Row]:
    """Draw the table and return the rows chosen in it."""
    columns: dict[str, list[Any]] = {
        "name": [name for name, _, _ in rows],
        "state": [chip(view)[0] for _, _, view in rows],
        "steps": [view.steps_done for _, _, view in rows],
        "last loss": [number(float(view.metrics.loss[-1])) if len(view.metrics.loss) else "" for _, _, view in rows],
        "begun": [when for _, when, _ in rows],
    }
    chosen = st.dataframe(columns, on_select="rerun", selection_mode="multi-row", key=f"train.table.{_turn()}", height=260)
    return [rows[index] for index in chosen.selection.rows if index < len(rows)]


def _turn() -> int:
    """Return the number of the table; another number is another table, in which nothing is ticked."""
    return int(st.session_state.get(_TURN, 0))


def _choose(page: Page, rows: Sequence[Row], chosen: Sequence[Row], who: str) -> None:
    if not chosen:
        st.caption("Tick the runs that you want to see side by side." if rows else "Nothing has been trained here yet.")
        return
    mine = {handle.run_id for handle in lab().store.handles.of(who)}
    own = [row for row in chosen if row[2].id in mine]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.button("Show side by side", type="primary", key="train.show") and _fits(chosen):
            page["at"] = NOW
            show(page, [view for _, _, view in chosen])
            again(page)
        if own and st.button(f"Delete {len(own)}", key="train.delete"):
            _delete(page, [view for _, _, view in own], who)
        if len(own) == 1:
            _rename(page, own[0], who)


def _fits(chosen: Sequence[Row]) -> bool:
    most = settings().limits.runs_on_a_page
    if len(chosen) > most:
        st.warning(f"At most {most} runs fit side by side, and {len(chosen)} are chosen.")
    return len(chosen) <= most


def _rename(page: Page, row: Row, who: str) -> None:
    name = st.text_input("Name", value=row[0], max_chars=80, key=f"train.name.{row[2].id}")
    if name and name != row[0] and attempt(lambda: lab().rename(row[2].id, name, who)):
        again(page)


def _delete(page: Page, views: Sequence[RunView], who: str) -> None:
    for view in views:
        attempt(lambda view=view: lab().delete(view.id, who))  # type: ignore[misc]
    gone = {view.id for view in views}
    st.session_state[_DELETED] = [view.id for view in views]
    st.session_state[_TURN] = _turn() + 1  # else the ticks would apply to other runs
    page["runs"] = tuple(one for one in page["runs"] if one.run_id not in gone)
    again(page)


def _undo(page: Page, who: str) -> None:
    gone = st.session_state.get(_DELETED, [])
    if not gone:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"Deleted {len(gone)} from your list.", width="content")
        if st.button("Undo", key="train.undo"):
            for run_id in gone:
                attempt(lambda run_id=run_id: lab().undelete(run_id, who))  # type: ignore[misc]
            del st.session_state[_DELETED]
            st.session_state[_TURN] = _turn() + 1
            again(page)


def _when(handle: Handle) -> str:
    return datetime.fromtimestamp(handle.created, UTC).astimezone().strftime("%Y-%m-%d %H:%M")


def _shipped_name(view: RunView) -> str:
    return title_of(view.experiment)
