"""A manifest is read back as it was written, or called damaged."""

from dataclasses import dataclass, replace

import pytest

from seqviz.errors import DamagedRunError, StoreError
from seqviz.store import Manifest, Status, manifest
from seqviz.store.manifest import Entry


@pytest.fixture
def written():
    status = Status(state="done", steps_done=3, message="Ω", versions={"torch": "2.13.0"})
    return Manifest(status=status, files={"metrics": Entry.of("metrics-3", b"abc"), "snapshot-2": Entry.of("s", b"")})


def test_a_manifest_reads_back(written):
    assert Manifest.decode(written.encode()) == written
    assert written.snapshot_steps == (2,)


def test_a_changed_number_is_found(written):
    changed = written.encode().replace(b'"steps_done": 3', b'"steps_done": 4')

    with pytest.raises(DamagedRunError, match="checksum"):
        Manifest.decode(changed)


def test_every_half_of_a_manifest_is_found(written):
    whole = written.encode()

    for length in range(0, len(whole), 7):
        with pytest.raises(DamagedRunError):
            Manifest.decode(whole[:length])


def test_what_a_newer_version_wrote_is_left_alone(written, monkeypatch):
    monkeypatch.setattr(manifest, "STORE_FORMAT", 2)
    newer = written.encode()
    monkeypatch.undo()

    with pytest.raises(StoreError, match="newer seqviz") as error:
        Manifest.decode(newer)
    assert not isinstance(error.value, DamagedRunError)


def test_what_another_version_noted_besides_is_no_damage(written):
    @dataclass(frozen=True, kw_only=True)
    class Chattier(Status):
        mood: str = "good"

    chattier = Manifest(status=Chattier(state="done", steps_done=3), files=written.files)

    assert Manifest.decode(chattier.encode()).status == Status(state="done", steps_done=3)


def test_an_entry_knows_its_content():
    entry = Entry.of("name", b"content")

    assert entry.holds(b"content")
    assert not entry.holds(b"contend")
    assert not replace(entry, size=8).holds(b"content")
