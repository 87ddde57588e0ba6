"""What happens once a server, before its first visitor, and at each visit before any page runs."""

import secrets
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server.starlette.starlette_app import App
from uvicorn.protocols.http import h11_impl

from seqviz.errors import ConfigError
from seqviz.settings import settings

LONGEST_REQUEST = 1_000_000  # bytes: a page answers a link that is far too long by a sentence, not the server by a bare 400

PERSON_COOKIE = "seqviz-person"
NOT_MODIFIED = 304
KEPT_FOR = 400 * 24 * 3600  # seconds; browsers keep nothing longer


def check_settings() -> None:
    """Refuse to start by one sentence, not by a traceback, where this server's settings are not allowed.

    Raises:
        SystemExit: saying which setting, what is allowed, and what was given.
    """
    try:
        settings()
    except ConfigError as error:
        raise SystemExit(f"seqviz: {error}") from None


@asynccontextmanager
async def lifespan(app: App) -> AsyncIterator[None]:
    """Choose the router that app.py sets up, and start the Lab's workers.

    A folder called ``pages`` beside app.py would otherwise switch on Streamlit's older router, which answers the first
    deep link to a fresh server with "page not found".
    """
    from seqviz.ui.shell.app import prepare  # its caches want a runtime, which is not there before

    h11_impl.DEFAULT_MAX_INCOMPLETE_EVENT_SIZE = LONGEST_REQUEST  # type: ignore[attr-defined]  # Streamlit sets none
    PagesManager.uses_pages_directory = False  # a private attribute: used here alone, and held by a browser test
    prepare()
    yield


class PersonCookie:
    """Gives a browser that has none a random id to keep, with the first page it gets."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as the app does, with the cookie where one is wanted."""
        wanted = scope["type"] == "http" and not _has_cookie(scope)

        async def sending(message: MutableMapping[str, Any]) -> None:
            if wanted and message["type"] == "http.response.start" and _is_page(message):
                message = {**message, "headers": [*message["headers"], (b"set-cookie", _cookie().encode())]}
            await send(message)

        await self.app(scope, receive, sending)


def _has_cookie(scope: Scope) -> bool:
    return any(f"{PERSON_COOKIE}=".encode() in value for name, value in scope["headers"] if name == b"cookie")


def _is_page(message: MutableMapping[str, Any]) -> bool:
    if message["status"] == NOT_MODIFIED:  # it names no type; a browser may have kept the page and lost its cookie
        return True
    return any(name == b"content-type" and value.startswith(b"text/html") for name, value in message["headers"])


def _cookie() -> str:
    return f"{PERSON_COOKIE}={secrets.token_hex(16)}; Max-Age={KEPT_FOR}; Path=/; SameSite=Lax; HttpOnly"
