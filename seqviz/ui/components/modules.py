"""The JavaScript modules of the app as browsers load them: from an address with their version, so that none is out of date."""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

PACKAGE = "seqviz.ui"  # every module is below it, and imports others by relative path
KEPT_FOR = 24 * 3600  # seconds: an older version may still be served to pages that are open


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


def place_modules(static: Path) -> None:
    """Copy the modules out of the package to where the app serves them from, all at once; drop versions long out of use.

    Args:
        static: the folder ``static`` beside app.py.
    """
    folder = static / "js"
    target = folder / version()
    if not target.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as partial:
            placed = Path(partial) / "whole"
            for path, file in _modules():
                (placed / path).parent.mkdir(parents=True, exist_ok=True)
                (placed / path).write_bytes(file.read_bytes())
            _moved(placed, target)
    for other in folder.glob("[0-9a-f]" * 16):
        with suppress(FileNotFoundError):  # another server that starts just now drops it too
            if other != target and time.time() - other.stat().st_mtime > KEPT_FOR:
                shutil.rmtree(other)


def _moved(placed: Path, target: Path) -> None:
    try:
        placed.rename(target)
    except OSError:
        if not target.is_dir():  # else another server that starts just now was sooner
            raise


def _modules() -> list[tuple[str, Traversable]]:
    return sorted(_below(resources.files(PACKAGE), ""), key=lambda each: each[0])


def _below(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for each in folder.iterdir():
        if each.is_dir():
            yield from _below(each, f"{path}{each.name}/")
        elif each.name.endswith(".js"):
            yield f"{path}{each.name}", each
