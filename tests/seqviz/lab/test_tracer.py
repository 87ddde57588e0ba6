"""A trace comes back as a record or as the error it met, and never waits behind training."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from seqviz.errors import JobError, LimitError, StoreError, UnknownNameError
from seqviz.questions import GATES, GRADIENT_FLOW, JACOBIANS
from seqviz.records import GateTrace, GradientFlow
from seqviz.subjects.recurrent import RunMoment, UntrainedNetwork

pytestmark = pytest.mark.slow

SMALL = UntrainedNetwork(length=5, hidden_size=3)


def test_a_trace_comes_back_as_a_record(lab):
    flow = lab.trace(GRADIENT_FLOW, SMALL)

    assert isinstance(flow, GradientFlow)
    assert flow.hidden_norms.shape[-1] == 5


def test_many_traces_come_back_in_the_order_asked(lab):
    flow, gates = lab.trace_many([(GRADIENT_FLOW, SMALL), (GATES, replace(SMALL, name="gru"))])

    assert isinstance(flow, GradientFlow)
    assert isinstance(gates, GateTrace)
    np.testing.assert_array_equal(flow.hidden_norms, lab.trace(GRADIENT_FLOW, SMALL).hidden_norms)


def test_errors_come_back_as_they_were_raised(lab):
    with pytest.raises(LimitError, match="this server allows"):
        lab.trace(JACOBIANS, UntrainedNetwork(length=1000, hidden_size=512))
    with pytest.raises(StoreError, match="no run"):
        lab.trace(GATES, RunMoment(run="0" * 20, step=3))
    with pytest.raises(UnknownNameError, match="unknown question 'flwo'; known: gates, gradient_flow"):
        lab.trace(replace(GRADIENT_FLOW, name="flwo"), SMALL)


def test_a_trace_never_waits_behind_training(lab, endless, until):
    lab.submit(endless, person="tracer")
    until(lambda: lab.view(endless.run_id).state == "running")
    lab.trace(GRADIENT_FLOW, replace(SMALL, seed=5))

    assert lab.view(endless.run_id).state == "running"
    lab.stop(endless.run_id, "tracer")
    until(lambda: not lab.view(endless.run_id).live)


def test_a_run_can_be_looked_into_at_every_snapshot(lab, experiment, until):
    lab.submit(experiment)
    until(lambda: not lab.view(experiment.run_id).live)
    steps = lab.view(experiment.run_id).snapshot_steps
    moments = [RunMoment(run=experiment.run_id, step=step) for step in (steps[0], steps[-1])]
    first, last = lab.trace_many([(GRADIENT_FLOW, moment) for moment in moments])

    assert not np.array_equal(first.hidden_norms, last.hidden_norms)


def test_sixty_visitors_at_once_all_get_theirs(lab):
    with ThreadPoolExecutor(60) as visitors:
        flows = list(visitors.map(lambda i: lab.trace(GRADIENT_FLOW, replace(SMALL, seed=i % 3)), range(60)))

    for i, flow in enumerate(flows):
        np.testing.assert_array_equal(flow.hidden_norms, flows[i % 3].hidden_norms)
    assert not np.array_equal(flows[0].hidden_norms, flows[1].hidden_norms)


def test_a_trace_that_takes_too_long_is_given_up_and_holds_up_nobody(own_lab, until):
    lab = own_lab(trace_seconds=1)
    lab.hardware  # noqa: B018
    until(lambda: answers(lab, SMALL))
    with pytest.raises(JobError, match="took longer than the 1 seconds"):
        lab.trace(JACOBIANS, UntrainedNetwork(length=300, hidden_size=128))

    until(lambda: answers(lab, replace(SMALL, seed=1)), "the next trace to be answered")


def answers(lab, subject) -> bool:
    try:
        lab.trace(GRADIENT_FLOW, subject)
    except JobError:
        return False
    return True


def test_the_hardware_is_described_without_torch_types(lab):
    hardware = lab.hardware()

    assert hardware["cores"] >= 1
    assert hardware["memory"] > 2**28
    assert type(hardware["torch"]) is str
