"""A server's own settings are used as written, or refused in one sentence that names file, key, range and value."""

import tomllib
from importlib import resources

import pytest

from seqviz.errors import ConfigError
from seqviz.settings import PARTS, _checked, limit_of, settings


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Writes this server's own settings file, which is read afresh."""
    file = tmp_path / "own.toml"

    def write(content: str | bytes):
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        monkeypatch.setenv("SEQVIZ_SETTINGS", str(file))
        settings.cache_clear()
        return file

    yield write
    settings.cache_clear()


def test_an_own_file_changes_what_it_names_and_nothing_else(own):
    before = settings()
    own("[limits]\nlength = 77\n[lab]\nmemory_limit = '1.5 GB'")

    assert settings().limits.length == limit_of("length") == 77
    assert settings().lab.memory_limit == "1.5 GB"
    assert settings().lab.workers == before.lab.workers
    assert settings().limits.steps == before.limits.steps


def test_the_packages_own_settings_are_allowed_and_complete():
    written = tomllib.loads(resources.files("seqviz").joinpath("settings.toml").read_text(encoding="utf-8"))
    assert {part: set(values) for part, values in written.items()} == {
        part: set(made.__dataclass_fields__) for part, made in PARTS.items()
    }
    for part, values in written.items():
        for name, value in values.items():
            _checked(part, name, value, "settings.toml")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[lab]\nworkers = -1", "lab.workers in FILE must be a whole number of at least 0, got -1"),
        ("[lab]\ntrace_workers = 0", "lab.trace_workers in FILE must be a whole number of at least 1, got 0"),
        ("[lab]\nniceness = 20", "lab.niceness in FILE must be a whole number in [0, 19], got 20"),
        ("[lab]\nmemory_limit = 'a lot'", "lab.memory_limit in FILE must be a size such as '3GiB', got 'a lot'"),
        ("[lab]\nworkers = true", "lab.workers in FILE must be a whole number of at least 0, got True"),
        ("[lab]\nworkers = 1.5", "lab.workers in FILE must be a whole number of at least 0, got 1.5"),
        ("[limits]\nlength = -5", "limits.length in FILE must be a whole number of at least 1, got -5"),
        ("[store]\nurl = 3", "store.url in FILE must be a text in quotes, got 3"),
        ("[limits]\nlenght = 5", "unknown setting 'limits.lenght' in FILE; known: length, hidden_size"),
        ("[limit]\nlength = 5", "unknown part 'limit' in FILE; known: store, lab, limits"),
        ("limits = 5", "unknown part 'limits' in FILE; known: store, lab, limits"),
        ("[limits\n", "FILE is not valid TOML: "),
        (b"\xff\xfe", "FILE must be a text file in UTF-8, got other bytes"),
    ],
)
def test_what_is_wrong_is_one_sentence(own, content, said):
    file = own(content)
    with pytest.raises(ConfigError) as error:
        settings()
    assert str(error.value).startswith(said.replace("FILE", str(file)))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(("name", "said"), [("nowhere.toml", "does not exist"), ("", "cannot be read: Is a directory")])
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path, own, monkeypatch, name, said):
    own("")
    monkeypatch.setenv("SEQVIZ_SETTINGS", str(tmp_path / name))
    with pytest.raises(ConfigError, match=said):
        settings()
