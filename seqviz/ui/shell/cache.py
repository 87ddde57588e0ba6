"""The cache boundary: everything that pages keep between runs is kept here, under small hashable keys."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import streamlit as st

import seqviz.lab
from seqviz.questions import GATES, QUESTIONS, Question, Record, Subject
from seqviz.records import GateTrace
from seqviz.subjects.recurrent import RunMoment


@st.cache_resource(show_spinner=False)
def lab() -> seqviz.lab.Lab:
    """Return this process's Lab, shared by all sessions; the first call starts its workers."""
    return seqviz.lab.Lab()


def traced(question: Question[Subject, Record], subject: Subject) -> Record:
    """Return the record that answers ``question`` about ``subject``.

    Args:
        question: one of ``seqviz.questions``.
        subject: a frozen config that says what to look at.

    Raises:
        SeqvizError: the subject cannot be traced.
    """
    record: Record = _traced(question.name, subject)
    return record


@st.cache_data(max_entries=512, max_size="256MB", show_spinner=False)
def _traced(name: str, subject: Any) -> Any:
    return lab().trace(QUESTIONS[name], subject)


@st.cache_data(max_entries=24, max_size="256MB", show_spinner=False)  # a long text's gates are megabytes
def traced_gates(moment: RunMoment) -> GateTrace:
    """Return the gates and states of a run's network reading a text, in float32.

    Raises:
        SeqvizError: the run or the text cannot be read.
    """
    trace = lab().trace(GATES, moment)
    return GateTrace(
        hidden=trace.hidden.astype(np.float32),
        cell=None if trace.cell is None else trace.cell.astype(np.float32),
        gates={name: values.astype(np.float32) for name, values in trace.gates.items()},
    )


def traced_many(asked: Iterable[tuple[Question[Subject, Record], Subject]]) -> list[Record]:
    """Return the records of several questions, each about its subject, all of them in one round trip.

    Raises:
        SeqvizError: a subject cannot be traced.
    """
    records: list[Record] = _traced_many(tuple((question.name, subject) for question, subject in asked))
    return records


@st.cache_data(max_entries=512, max_size="256MB", show_spinner=False)
def _traced_many(asked: tuple[tuple[str, Any], ...]) -> list[Any]:
    return lab().trace_many([(QUESTIONS[name], subject) for name, subject in asked])


@st.cache_resource(max_entries=2, show_spinner=False)  # a page is clicked in many times; a network may be large
def weights_of(run: str, step: int | None) -> Mapping[str, np.ndarray]:
    """Return a run's weights after ``step`` training steps, by their PyTorch names, decoded once, and read-only.

    Raises:
        StoreError: there is no such run, or its weights at that step were not kept.
    """
    weights = lab().store.weights(run, step)
    for weight in weights.values():
        weight.flags.writeable = False
    return weights


@st.cache_data(max_entries=1, show_spinner=False)
def hardware() -> dict[str, Any]:
    """Return what computes here, as reported by the Lab."""
    return dict(lab().hardware())
