"""A server that cannot start as it is set up says why in one sentence."""

import pytest


@pytest.fixture
def unread():
    from seqviz.settings import settings

    settings.cache_clear()
    yield
    settings.cache_clear()


def test_settings_that_are_not_allowed_end_the_start_with_one_sentence(tmp_path, monkeypatch, unread):
    from seqviz.ui.server import check_settings

    file = tmp_path / "own.toml"
    file.write_text("[lab]\nworkers = -1")
    monkeypatch.setenv("SEQVIZ_SETTINGS", str(file))
    with pytest.raises(SystemExit) as end:
        check_settings()
    assert end.value.code == f"seqviz: lab.workers in {file} must be a whole number of at least 0, got -1"


def test_settings_that_are_allowed_let_it_start(unread):
    from seqviz.ui.server import check_settings

    check_settings()
