"""JavaScript is served out of the installed packages, packed, and kept by browsers for as long as it is true."""

import gzip
from importlib import resources

import pytest

from seqviz.ui.components.modules import address_of, contents, version


def answer(path, **headers):
    """The status, the headers and the body of the answer to a request; None where it is handed on."""
    from seqviz.ui.shell.assets import Assets

    sent, handed_on = [], []

    async def app(scope, receive, send):
        handed_on.append(scope["path"])

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": "GET", "path": path,
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    with pytest.raises(StopIteration):  # it waits for nothing, so it needs no event loop
        Assets(app)(scope, None, send).send(None)
    if handed_on:
        return None
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}, sent[1]["body"]


@pytest.mark.parametrize("below", ["", "/some/base"])
def test_plotly_is_the_installed_one(below):
    status, headers, body = answer(f"{below}/app/static/plotly.min.js", accept_encoding="gzip, br")
    assert status == 200
    assert gzip.decompress(body) == resources.files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()
    assert (headers["content-encoding"], headers["cache-control"]) == ("gzip", "no-cache")
    assert headers["content-type"].startswith("text/javascript")
    assert len(body) < 2_000_000


def test_what_a_browser_has_is_not_sent_again():
    _, headers, _ = answer("/app/static/plotly.min.js")
    status, _, body = answer("/app/static/plotly.min.js", if_none_match=headers["etag"])
    assert (status, body) == (304, b"")


@pytest.mark.parametrize("path", ["components/figure/figure.js", "components/parts/numbers.js"])
def test_a_module_is_at_its_address_and_kept_for_good(path):
    status, headers, body = answer(f"/base/{address_of(path)}")
    assert (status, body) == (200, contents()[path])
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "content-encoding" not in headers


def test_a_page_older_than_the_server_gets_the_newest_module_and_does_not_keep_it():
    path = "components/figure/figure.js"
    status, headers, body = answer(f"/app/static/js/{'0' * 16}/{path}")
    assert (status, body, headers["cache-control"]) == (200, contents()[path], "no-cache")


@pytest.mark.parametrize(
    "path", ["/", "/vanishing", f"/app/static/js/{version()}/none.js", "/app/static/icon.svg", "/app/static/js/"]
)
def test_anything_else_is_handed_on(path):
    assert answer(path) is None
