"""The JavaScript modules of the app as browsers load them: from an address with their version, so that none is out of date."""

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

PACKAGE = "seqviz.ui"  # every module is below it, and imports others by relative path


def address_of(path: str) -> str:
    """Return where browsers find the module at ``path`` below this package, from the address of the app.

    >>> address_of("components/figure/figure.js").replace(version(), "1f2e…")
    'app/static/js/1f2e…/components/figure/figure.js'
    """
    return f"app/static/js/{version()}/{path}"


@cache
def components() -> list[str]:
    """Return the address of every component's module."""
    paths = [path for path, _ in _modules()]
    return [address_of(path) for path in paths if path.endswith("/{0}/{0}.js".format(path.split("/")[-2]))]


@cache
def version() -> str:
    """Return the first 16 hexadecimal digits of a hash over the modules and where they lie."""
    whole = hashlib.sha256()
    for path, file in _modules():
        for part in (path.encode(), file.read_bytes()):
            whole.update(len(part).to_bytes(8, "little") + part)
    return whole.hexdigest()[:16]


@cache
def contents() -> Mapping[str, bytes]:
    """Return every module by its path below this package."""
    return {path: file.read_bytes() for path, file in _modules()}


def _modules() -> list[tuple[str, Traversable]]:
    return sorted(_below(resources.files(PACKAGE), ""), key=lambda each: each[0])


def _below(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for each in folder.iterdir():
        if each.is_dir():
            yield from _below(each, f"{path}{each.name}/")
        elif each.name.endswith(".js"):
            yield f"{path}{each.name}", each
