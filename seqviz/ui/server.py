"""What happens once a server, before its first visitor."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server.starlette.starlette_app import App
from uvicorn.protocols.http import h11_impl

from seqviz.errors import ConfigError
from seqviz.settings import settings

LONGEST_REQUEST = 1_000_000  # bytes: a page answers a link that is far too long by a sentence, not the server by a bare 400


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
    from seqviz.ui.app import prepare  # its caches want a runtime, which is not there before

    h11_impl.DEFAULT_MAX_INCOMPLETE_EVENT_SIZE = LONGEST_REQUEST  # type: ignore[attr-defined]  # Streamlit sets none
    PagesManager.uses_pages_directory = False  # a private attribute: used here alone, and held by a browser test
    prepare()
    yield
