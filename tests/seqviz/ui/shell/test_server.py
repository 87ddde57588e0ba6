"""A server that cannot start with its settings says why in one sentence."""

import re

import pytest


@pytest.fixture
def unread():
    from seqviz.settings import settings

    settings.cache_clear()
    yield
    settings.cache_clear()


def test_settings_that_are_not_allowed_end_the_start_with_one_sentence(tmp_path, monkeypatch, unread):
    from seqviz.ui.shell.server import check_settings

    file = tmp_path / "own.toml"
    file.write_text("[lab]\nworkers = -1")
    monkeypatch.setenv("SEQVIZ_SETTINGS", str(file))
    with pytest.raises(SystemExit) as end:
        check_settings()
    assert end.value.code == f"seqviz: lab.workers in {file} must be a whole number of at least 0, got -1"


def test_settings_that_are_allowed_let_it_start(unread):
    from seqviz.ui.shell.server import check_settings

    check_settings()


def answered(*, cookie=None, status=200, kind=b"text/html; charset=utf-8"):
    """The headers of an answer that went past the cookie's giver."""
    from seqviz.ui.shell.server import PersonCookie

    async def app(scope, receive, send):
        told = [] if status == 304 else [(b"content-type", kind)]
        await send({"type": "http.response.start", "status": status, "headers": told})
        await send({"type": "http.response.body", "body": b""})

    sent = []

    async def send(message):
        sent.append(message)

    headers = [] if cookie is None else [(b"cookie", cookie)]
    answering = PersonCookie(app)({"type": "http", "headers": headers}, None, send)
    with pytest.raises(StopIteration):  # it waits for nothing, so it needs no event loop
        answering.send(None)
    return dict(sent[0]["headers"])


def test_a_browser_gets_a_random_id_to_keep_with_its_first_page():
    first, second = (answered()[b"set-cookie"].decode().split("; ") for _ in range(2))
    assert re.fullmatch("seqviz-person=[0-9a-f]{32}", first[0])
    assert first[0] != second[0]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(first)


def test_a_browser_that_kept_the_page_and_lost_its_id_gets_one_again():
    assert answered(status=304)[b"set-cookie"].startswith(b"seqviz-person=")


@pytest.mark.parametrize("asked", [{"cookie": b"a=b; seqviz-person=" + b"0" * 32}, {"kind": b"text/javascript"}])
def test_a_browser_that_has_one_or_asks_for_no_page_gets_none(asked):
    assert b"set-cookie" not in answered(**asked)
