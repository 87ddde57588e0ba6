"""What one person calls a run, and does to it, is theirs alone and outlives the app."""

from dataclasses import replace

import pytest

from seqviz.errors import ConfigError, StoreError
from seqviz.store import Store


@pytest.fixture
def handles(tmp_path):
    return Store(str(tmp_path)).handles


def test_handles_are_found_again_after_a_restart(handles, tmp_path, experiment):
    handles.take("ada", (experiment,), "first try")
    handles.take("ada", (replace(experiment, seed=1),), "second")
    handles.rename("ada", experiment.run_id, "  renamed \n run ")

    found = Store(str(tmp_path)).handles.of("ada")
    assert [one.name for one in found] == ["second", "renamed run"]
    assert found[1].experiments == (experiment,)


def test_what_one_person_does_changes_nobody_elses_handle(handles, experiment):
    for person in ("ada", "bob"):
        handles.take(person, (experiment,), "run")
    handles.delete("ada", experiment.run_id)
    handles.rename("ada", experiment.run_id, "gone")

    assert handles.of("ada") == []
    assert [(one.name, one.state) for one in handles.of("bob")] == [("run", "active")]


def test_a_deletion_can_be_undone_and_does_not_start_anything(handles, experiment):
    handles.take("ada", (experiment,), "run")
    handles.delete("ada", experiment.run_id)
    assert [one.state for one in handles.of("ada", deleted=True)] == ["deleted"]

    assert handles.undelete("ada", experiment.run_id).state == "paused"
    assert len(handles.of("ada")) == 1


def test_taking_a_handle_again_makes_it_active_and_keeps_its_name(handles, experiment):
    handles.take("ada", (experiment,), "mine")
    handles.set_state("ada", experiment.run_id, "stopped")

    assert handles.take("ada", (experiment,), "other").name == "mine"
    assert handles.one("ada", experiment.run_id).state == "active"


@pytest.mark.parametrize("person", ["", "../bob", "a/b", "x" * 65, "ä"])
def test_a_person_is_a_plain_id(handles, person):
    with pytest.raises(ConfigError, match="person must be"):
        handles.of(person)


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_name_is_neither_empty_nor_endless(handles, experiment, name):
    handles.take("ada", (experiment,), "run")
    with pytest.raises(ConfigError, match="1 to 80 characters"):
        handles.rename("ada", experiment.run_id, name)


def test_a_run_that_is_on_nobodys_list_cannot_be_renamed(handles, experiment):
    with pytest.raises(StoreError, match="no run"):
        handles.rename("ada", experiment.run_id, "x")


def test_a_damaged_handle_loses_a_name_and_nothing_else(handles, tmp_path, experiment):
    other = replace(experiment, seed=1)
    handles.take("ada", (experiment,), "run")
    handles.take("ada", (other,), "other")
    (tmp_path / "handles" / "ada" / f"{other.run_id}.json").write_text("{")

    assert [one.name for one in Store(str(tmp_path)).handles.of("ada")] == ["run"]


def test_however_many_persons_come_few_are_kept_in_memory_and_none_is_forgotten(tmp_path, experiment, monkeypatch):
    monkeypatch.setattr("seqviz.store.handles.PERSONS", 3)
    handles = Store(str(tmp_path)).handles
    persons = [f"person-{number}" for number in range(10)]
    for person in persons:
        handles.take(person, (experiment,), f"run of {person}")
    for person in persons:
        handles.set_state(person, experiment.run_id, "paused")

    assert [[(one.name, one.state) for one in handles.of(person)] for person in persons] == [
        [(f"run of {person}", "paused")] for person in persons
    ]
    assert len(handles._known) == 3
