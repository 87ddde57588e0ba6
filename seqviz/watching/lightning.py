"""Watch a training by Lightning: ``Trainer(callbacks=[WatchCallback(every=100, store="runs")])``."""

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqviz.watching.watch import Watch, watch

HOMES = ("lightning.pytorch", "pytorch_lightning")  # two distributions of one library, each with classes of its own

if TYPE_CHECKING:
    Callback: Any = object
else:
    _home = next((name for name in HOMES if name in sys.modules), None)
    for _name in [_home] if _home else HOMES:
        try:
            Callback = importlib.import_module(_name).Callback
            break
        except ModuleNotFoundError as error:
            _missing = error
    else:
        raise ModuleNotFoundError("this callback needs Lightning: pip install lightning") from _missing


class WatchCallback(Callback):
    """Watches the module that a ``Trainer`` trains, as :func:`seqviz.watch` does; ``watch`` holds what was seen.

    Args:
        every: how many steps of an optimizer lie between two that are watched.
        store: where they are written; None keeps them in memory alone.
    """

    def __init__(self, every: int = 100, store: str | Path | None = None) -> None:
        self._every, self._store = every, store
        self.watch: Watch | None = None

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Begin."""
        self.watch = watch(pl_module, self._every, self._store).__enter__()

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        """End."""
        if self.watch is not None:
            self.watch.__exit__(None, None, None)

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        """End, and say what the training broke off with."""
        if self.watch is not None:
            self.watch.__exit__(type(exception), exception, exception.__traceback__)
