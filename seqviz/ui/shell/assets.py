"""Plotly.js and the app's own JavaScript, served out of the installed packages: nothing is written beside app.py."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from seqviz.ui.components.modules import contents, version

LIBRARY, MODULES = "/app/static/plotly.min.js", "/app/static/js/"
FOR_GOOD, ASK_AGAIN = "public, max-age=31536000, immutable", "no-cache"  # how long a browser keeps what it got


@dataclass(frozen=True)
class Asset:
    """A file as it is sent."""

    plain: bytes
    packed: bytes
    tag: str
    kept: str  # how long a browser may keep it without asking again

    def answer(self, request: Request) -> Response:
        """Return the answer to a request for it."""
        headers = {"etag": self.tag, "cache-control": self.kept, "vary": "accept-encoding"}
        if request.headers.get("if-none-match") == self.tag:
            return Response(status_code=304, headers=headers)
        packed = "gzip" in request.headers.get("accept-encoding", "")
        headers |= {"content-encoding": "gzip"} if packed else {}
        return Response(self.packed if packed else self.plain, headers=headers, media_type="text/javascript")


class Assets:
    """Answers requests for JavaScript, and hands on all others."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        found = asset(scope["path"]) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        await (self.app if found is None else found.answer(Request(scope)))(scope, receive, send)


def asset(path: str) -> Asset | None:
    """Return what is at ``path``, also below a base path; None where it is none of ours."""
    if path.endswith(LIBRARY):
        return library()
    _, found, below = path.partition(MODULES)
    asked, _, name = below.partition("/")
    module = _modules().get(name) if found else None
    if module is None or asked == version():
        return module
    return Asset(
        module.plain, module.packed, module.tag, ASK_AGAIN
    )  # a page older than this server: the newest is all there is


@cache
def library() -> Asset:
    """Return plotly.js, as the installed plotly package has it."""
    return _packed(resources.files("plotly").joinpath("package_data", "plotly.min.js").read_bytes(), ASK_AGAIN)


@cache
def _modules() -> Mapping[str, Asset]:
    return {path: _packed(content, FOR_GOOD) for path, content in contents().items()}


def _packed(content: bytes, kept: str) -> Asset:
    return Asset(content, gzip.compress(content, 5), f'"{hashlib.sha256(content).hexdigest()[:16]}"', kept)
