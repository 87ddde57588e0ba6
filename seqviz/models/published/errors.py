"""What transformers and its packages raise at files that somebody made or damaged, told in one sentence."""

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
    """Tell what a call of transformers raises; nothing of ours belongs within, whose faults would be told as the files'.

    Args:
        what: went wrong.
        folder: whose place on this machine is nobody's business.

    Raises:
        StoreError: saying ``what``, and the cause as far as it was told, quoted, since the files may have worded it.
    """
    try:
        yield
    except SeqvizError:
        raise
    except Exception as error:
        # tokenizers raises a bare Exception; others raise errors of their own, which descend from nothing else
        by_name = type(error) is Exception or type(error).__name__.startswith(("StrictDataclass", "SafetensorError"))
        if not by_name and not isinstance(error, FORESEEN):
            raise
        told = " ".join(str(error).split()).rpartition("TypeError: ")[2] or type(error).__name__
        told = told if folder is None else told.replace(f"{folder.parent}/", "")
        raise StoreError(f"{what} ({shown(told, MOST_TOLD)})") from error
