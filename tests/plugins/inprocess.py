"""The app's pages in this process: a Lab that answers without workers, and a page opened by its link."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd  # noqa: F401 - under pytest, a page's thread that imports it first keeps the import lock as it ends
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]


class LabInThisProcess:
    """What a page asks of a Lab, answered without workers; seqviz is imported only then, so that its shapes are checked."""

    @property
    def store(self) -> Any:
        from seqviz.store import open_store

        return open_store()

    def trace(self, question: Any, subject: Any) -> Any:
        from seqviz.answers.answering import ANSWERS

        return ANSWERS[question.name](subject)

    def trace_many(self, asked: Any) -> list[Any]:
        return [self.trace(question, subject) for question, subject in asked]

    def view(self, run_id: str, person: str | None = None) -> Any:
        from seqviz.errors import StoreError
        from seqviz.lab.shelf import stored_view

        run = self.store.open(run_id)
        if run is None:
            raise StoreError(f"there is no run {run_id} here")
        return stored_view(run)


class LabWithoutTraining(LabInThisProcess):
    """A Lab that trains nothing: what is asked for is noted."""

    def __init__(self) -> None:
        from seqviz.store import Store

        self.kept, self.submitted = Store("memory://kept", str(ROOT / "pretrained")), []

    @property
    def store(self) -> Any:
        return self.kept

    def attend(self, run_id: str, person: str) -> Any:
        return self.view(run_id)

    def submit(self, experiment: Any, *, person: str, ancestors: Any = ()) -> None:
        self.submitted.append(experiment)


@contextmanager
def answered_by(lab: Any, monkeypatch: pytest.MonkeyPatch, *, keeps_records: bool = False) -> Iterator[Any]:
    """Let ``lab`` answer every page; with ``keeps_records`` what it answered once is known to the next test too."""

    def forget() -> None:
        st.cache_resource.clear()
        if not keeps_records:
            st.cache_data.clear()

    monkeypatch.setattr("seqviz.lab.Lab", lambda: lab)
    monkeypatch.chdir(ROOT)
    forget()
    yield lab
    forget()


def open_page(page: str, query: Mapping[str, str] | None = None, *, timeout: float = 60) -> AppTest:
    """Return the app at ``page`` ("pages/…"), opened by a link with these settings."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=timeout)
    for name, value in (query or {}).items():
        app.query_params[name] = value
    return app.switch_page(page).run()
