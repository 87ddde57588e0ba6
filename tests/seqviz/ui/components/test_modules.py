"""Modules are placed whole, once, under an address that changes when they do."""

import os
import time
from multiprocessing.pool import ThreadPool

import pytest

from seqviz.ui.components import modules
from seqviz.ui.components.modules import KEPT_FOR, address_of, place_modules, version


def placed(static):
    return {file.relative_to(static / "js").as_posix() for file in (static / "js").rglob("*") if file.is_file()}


def test_what_is_placed_is_at_its_address_byte_for_byte(tmp_path):
    place_modules(tmp_path)
    for path, file in modules._modules():
        assert (tmp_path / address_of(path).removeprefix("app/static/")).read_bytes() == file.read_bytes()
    assert placed(tmp_path) == {f"{version()}/{path}" for path, _ in modules._modules()}


def test_many_servers_that_start_at_once_place_one_whole_copy(tmp_path):
    with ThreadPool(8) as pool:
        pool.map(place_modules, [tmp_path] * 16)
    assert placed(tmp_path) == {f"{version()}/{path}" for path, _ in modules._modules()}


def test_a_folder_that_cannot_be_written_is_no_silent_failure(tmp_path):
    (tmp_path / "js").write_text("a file where the folder belongs")
    with pytest.raises(OSError, match="js"):
        place_modules(tmp_path)


@pytest.mark.parametrize(("age", "kept"), [(0, True), (KEPT_FOR - 60, True), (KEPT_FOR + 60, False)])
def test_an_older_version_is_dropped_once_no_page_may_still_ask_for_it(tmp_path, age, kept):
    older = tmp_path / "js" / "0123456789abcdef"
    older.mkdir(parents=True)
    (older / "one.js").touch()
    os.utime(older, (time.time() - age,) * 2)
    place_modules(tmp_path)
    assert older.exists() == kept


def test_an_address_changes_with_any_module_and_with_where_it_lies(monkeypatch, tmp_path):
    (tmp_path / "one.js").write_text("export const one = 1;")
    found = set()
    for path, text in [("a.js", "1"), ("a.js", "2"), ("b.js", "2"), ("b.js2", "")]:
        (tmp_path / "file").write_text(text)
        monkeypatch.setattr(modules, "_modules", lambda path=path: [(path, tmp_path / "file")])
        found.add(version.__wrapped__())
    assert len(found) == 4
