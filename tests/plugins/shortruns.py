"""Transformers trained for a step or two into the tests' own store: what they write is nonsense, and every number is real."""

from functools import cache
from typing import Any


@cache
def short_run(task: Any, **sizes: Any) -> str:
    """Return the id of a run of a Transformer on ``task``, trained for two steps into the store of this session."""
    from dataclasses import replace

    from seqviz.experiment import Experiment, TrainingConfig, TransformerConfig
    from seqviz.lab.training_job import train_run
    from seqviz.settings import settings
    from seqviz.store import open_store

    model = TransformerConfig(**{"layers": 2, "heads": 2, "width": 8, "inner": 8, **sizes})
    experiment = Experiment(task=task, model=model, training=TrainingConfig(steps=2, batch_size=4), seed=0)
    train_run(experiment, open_store(), replace(settings().store, snapshot_bytes=0), device="cpu")
    return experiment.run_id
