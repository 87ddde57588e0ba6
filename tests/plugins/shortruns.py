"""Transformers trained for a step or two into a store of the tests: what they write is nonsense, and every number is real."""

from functools import cache
from pathlib import Path
from typing import Any


def short_run(task: Any, store: Path | None = None, **sizes: Any) -> str:
    """Return the id of a run of a Transformer on ``task``, trained for two steps into ``store`` (None: the settings' own)."""
    from seqviz.settings import settings

    return _trained(task, settings().store.url if store is None else str(store), **sizes)


@cache
def _trained(task: Any, url: str, **sizes: Any) -> str:
    from dataclasses import replace

    from seqviz.experiment import Experiment, TrainingConfig, TransformerConfig
    from seqviz.jobs.training import train_run
    from seqviz.settings import settings
    from seqviz.store import Store

    model = TransformerConfig(**{"layers": 2, "heads": 2, "width": 8, "inner": 8, **sizes})
    experiment = Experiment(task=task, model=model, training=TrainingConfig(steps=2, batch_size=4), seed=0)
    train_run(experiment, Store(url), replace(settings().store, snapshot_bytes=0), device="cpu")
    return experiment.run_id
