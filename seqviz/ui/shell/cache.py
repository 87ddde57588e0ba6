"""The cache boundary: everything that pages keep between runs is kept here, under small hashable keys."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

import seqviz.lab
from seqviz.records import GateTrace
from seqviz.subjects.recurrent import RunMoment


@st.cache_resource(show_spinner=False)
def lab() -> seqviz.lab.Lab:
    """Return this process's Lab, shared by all sessions; the first call starts its workers."""
    return seqviz.lab.Lab()


@st.cache_data(max_entries=512, max_size="256MB", show_spinner=False)
def traced(verb: str, subject: Any) -> Any:
    """Return the record that a trace of ``subject`` gives.

    Args:
        verb: one of the Lab's traces ("flow", "map", …).
        subject: a frozen config that says what to look at.

    Raises:
        SeqvizError: the subject cannot be traced.
    """
    return lab().trace(verb, subject)


@st.cache_data(max_entries=24, max_size="256MB", show_spinner=False)  # a long text's gates are megabytes
def traced_gates(moment: RunMoment) -> GateTrace:
    """Return the gates and states of a run's network reading a text, in float32.

    Raises:
        SeqvizError: the run or the text cannot be read.
    """
    trace: GateTrace = lab().trace("gates", moment)
    return GateTrace(
        hidden=trace.hidden.astype(np.float32),
        cell=None if trace.cell is None else trace.cell.astype(np.float32),
        gates={name: values.astype(np.float32) for name, values in trace.gates.items()},
    )


@st.cache_data(max_entries=512, max_size="256MB", show_spinner=False)
def traced_many(asked: tuple[tuple[str, Any], ...]) -> list[Any]:
    """Return the records of several traces, all of them in one round trip.

    Args:
        asked: pairs of a verb and a subject, as :func:`traced` takes them.

    Raises:
        SeqvizError: a subject cannot be traced.
    """
    return list(lab().trace_many(asked))


@st.cache_resource(max_entries=2, show_spinner=False)  # a page is clicked in many times; a network may be large
def weights_of(run: str, step: int | None) -> Mapping[str, np.ndarray]:
    """Return a run's weights after ``step`` training steps, by their PyTorch names, decoded once; nobody writes into them.

    Raises:
        StoreError: there is no such run, or its weights at that step were not kept.
    """
    weights = lab().store.weights(run, step)
    for weight in weights.values():
        weight.flags.writeable = False
    return weights


@st.cache_data(max_entries=1, show_spinner=False)
def hardware() -> dict[str, Any]:
    """Return what computes here, as the Lab tells it."""
    return dict(lab().hardware())
