"""Workers are reached, shared and replaced; where they cannot be, one sentence says so."""

import socket
from dataclasses import replace

import numpy as np
import pytest

from seqviz.errors import JobError
from seqviz.lab import connection as module
from seqviz.lab.connection import training_workers
from seqviz.settings import settings

pytestmark = pytest.mark.slow


def test_a_scheduler_that_cannot_be_reached_is_one_sentence(tmp_path, own_lab, experiment, until, monkeypatch):
    monkeypatch.setattr(module, "JOIN_SECONDS", 1)
    monkeypatch.setattr("seqviz.lab.keeper.REST_SECONDS", 0.2)  # between the turns that may fail before it says so
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but not listening
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        mine = settings()
        chosen = replace(mine, store=replace(mine.store, url=str(tmp_path)), lab=replace(mine.lab, scheduler=address))
        lab = own_lab(chosen)
        with pytest.raises(JobError, match=f"{address} could not be started or reached") as error:
            lab.hardware()
        assert "\n" not in str(error.value)
        lab.submit(experiment, person="ada")
        until(lambda: not lab.view(experiment.run_id, "ada").live)
        assert lab.view(experiment.run_id, "ada").state == "failed"


def test_two_servers_on_one_cluster_share_one_computation(lab, own_lab, endless, until):
    """What a second web process sees that joins the same scheduler and the same store."""
    shared = replace(lab.settings, lab=replace(lab.settings.lab, scheduler=lab.client.scheduler.address))
    lab.submit(endless, person="ada")
    until(lambda: lab.view(endless.run_id).steps_done > 50)
    until(lambda: lab.view(endless.run_id).snapshot_steps)
    second = own_lab(shared)
    second.submit(endless, person="bob")
    until(lambda: second.view(endless.run_id).steps_done > 200 and len(second.view(endless.run_id).metrics.step) > 200)

    def whole() -> bool:
        view = second.view(endless.run_id)
        return np.array_equal(view.metrics.step, np.arange(1, view.steps_done + 1))

    until(whole, "the gap before it came to be filled from the store")
    lab.stop(endless.run_id, "ada")
    second.stop(endless.run_id, "bob")
    until(lambda: not lab.view(endless.run_id).live and not second.view(endless.run_id).live)
    assert lab.view(endless.run_id).state == second.view(endless.run_id).state == "stopped"


def test_there_is_always_a_worker_to_train():
    mine = settings().lab

    assert training_workers(replace(mine, workers=3)) == 3
    assert training_workers(replace(mine, workers=0)) >= 1
