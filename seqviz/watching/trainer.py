"""Watch a training by Hugging Face's ``Trainer``: ``Trainer(..., callbacks=[WatchCallback(every=100, store="runs")])``."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqviz.watching.watch import Watch, watch

if TYPE_CHECKING:
    TrainerCallback: Any = object
else:
    try:
        from transformers import TrainerCallback
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("this callback needs transformers: pip install transformers accelerate") from error


class WatchCallback(TrainerCallback):
    """Watches the model that a ``Trainer`` trains, as :func:`seqviz.watch` does; ``watch`` holds what was seen.

    Args:
        every: how many steps of the optimizer lie between two that are watched.
        store: where they are written; None keeps them in memory alone.
    """

    def __init__(self, every: int = 100, store: str | Path | None = None) -> None:
        self._every, self._store = every, store
        self.watch: Watch | None = None

    def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None, **more: Any) -> None:
        """Begin."""
        self.watch = watch(model, self._every, self._store).__enter__()

    def on_train_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
        """End."""
        if self.watch is not None:
            self.watch.__exit__(None, None, None)
