"""What transformers and its packages raise on made-up or damaged files, as one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from seqviz.errors import SeqvizError, StoreError
from seqviz.registry import shown

MOST_TOLD = 160  # characters of what another package says
FORESEEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


@contextmanager
def foreseen(what: str, folder: Path | None = None) -> Iterator[None]:
    """Report what a call of transformers raises. Call nothing else inside it: a fault of ours would be blamed on the files.

    Args:
        what: went wrong.
        folder: its path on this machine is kept out of messages.

    Raises:
        StoreError: saying ``what``, and the cause if known, quoted, since the files may have worded it.
    """
    try:
        yield
    except SeqvizError:
        raise
    except Exception as error:
        # tokenizers raises a bare Exception; others raise their own errors, with no common base
        by_name = type(error) is Exception or type(error).__name__.startswith(("StrictDataclass", "SafetensorError"))
        if not by_name and not isinstance(error, FORESEEN):
            raise
        told = " ".join(str(error).split()).rpartition("TypeError: ")[2] or type(error).__name__
        told = told if folder is None else told.replace(f"{folder.parent}/", "")
        raise StoreError(f"{what} ({shown(told, MOST_TOLD)})") from error
