"""What a terminal opens is found by what is there, and what cannot be opened is one sentence."""

import socket
import sys

import pytest

from seqviz.errors import StoreError
from seqviz.ui.shell import launch as module
from seqviz.ui.shell.launch import Opened, launch, what_is_at


def made(folder, *paths):
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("{}")
    return folder


@pytest.mark.parametrize(
    ("files", "at", "page", "settings"),
    [
        (["watched/0a/about.json"], ".", "watched", {"SEQVIZ_STORE": "."}),
        (["watched/0a/about.json"], "watched", "watched", {"SEQVIZ_STORE": "."}),
        (["runs/0a/status.json"], ".", "train", {"SEQVIZ_STORE": "."}),
        (["bert/config.json"], "bert", "heads?folder=bert", {"SEQVIZ_PUBLISHED": "."}),
    ],
)
def test_a_folder_is_opened_by_what_it_holds(tmp_path, monkeypatch, files, at, page, settings):
    made(tmp_path, *files)
    monkeypatch.chdir(tmp_path)
    for path in (tmp_path / at, module.Path(at)):
        assert what_is_at(path) == Opened(page, {name: str((tmp_path / value).resolve()) for name, value in settings.items()})


def test_what_cannot_be_opened_is_said(tmp_path):
    with pytest.raises(StoreError, match="there is no file or folder"):
        what_is_at(tmp_path / "none")
    with pytest.raises(StoreError, match=r"must be a folder of watched runs .* or a file of weights \(.safetensors, .pt"):
        what_is_at(made(tmp_path, "notes.txt") / "notes.txt")


def start(**settings):
    return launch(Opened(), **{"host": "127.0.0.1", "port": None, "store": None, "browser": False, **settings})


def test_a_port_that_is_taken_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(StoreError, match=f"port {taken.getsockname()[1]} of 127.0.0.1 cannot be used"):
            start(port=taken.getsockname()[1])


def test_what_is_not_installed_is_said_with_the_command(monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "streamlit" else sys)
    with pytest.raises(
        StoreError, match=r'the lab needs streamlit: install it with its extra "app", as in pip install ".\[app\]"'
    ):
        start()


@pytest.fixture
def started(monkeypatch):
    """The command and the environment that the lab is started with; nothing is."""
    found = {}

    class Lab:
        def __init__(self, command, cwd, env, stdout):
            found.update(command=command, cwd=cwd, env=env)

        def __enter__(self):
            return self

        def __exit__(self, *given):
            return None

        def wait(self):
            return 0

    monkeypatch.setattr(module.subprocess, "Popen", Lab)
    for name in ("SEQVIZ_STORE", "SEQVIZ_SETTINGS"):
        monkeypatch.delenv(name, raising=False)
    return found


@pytest.mark.parametrize(
    ("store", "variable", "expected"),
    [(None, None, "~"), (None, "mine", "here/mine"), ("other", "mine", "here/other"), (None, "s3://bucket", "s3://bucket")],
)
def test_runs_are_kept_where_one_says_or_at_home(started, monkeypatch, tmp_path, store, variable, expected):
    monkeypatch.chdir(tmp_path)
    if variable:
        monkeypatch.setenv("SEQVIZ_STORE", variable)
    assert start(store=None if store is None else module.Path(store)) == 0
    kept = str(module.DATA) if expected == "~" else expected.replace("here", str(tmp_path.resolve()))
    assert started["env"]["SEQVIZ_STORE"] == kept
    assert (started["cwd"] / "app.py").is_file()


def test_a_file_of_weights_is_kept_in_the_store_and_read_with(started, tmp_path, capsys):
    made(tmp_path, "model.safetensors")
    (tmp_path / "words.json").write_text('["a", "b"]')
    opened = what_is_at(tmp_path / "model.safetensors", tmp_path / "words.json")
    settings = {"host": "127.0.0.1", "port": None, "store": tmp_path / "store", "browser": False}
    launch(opened, **settings)
    (name,) = [folder.name for folder in (tmp_path / "store" / "own").iterdir()]
    assert f"/weights?weights={name}" in capsys.readouterr().out
    with pytest.raises(StoreError, match=r"there is no file .*none.json"):
        launch(what_is_at(tmp_path / "model.safetensors", tmp_path / "none.json"), **settings)


def test_the_first_free_port_is_taken(started, monkeypatch, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(module, "FIRST_PORT", taken.getsockname()[1])
        start()
    port = int(started["command"][started["command"].index("--server.port") + 1])
    assert port > module.FIRST_PORT
    assert f"http://127.0.0.1:{port}/" in capsys.readouterr().out
