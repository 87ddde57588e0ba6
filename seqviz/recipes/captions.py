"""The captioners that come with the app: each trained in two stages, the second with smaller steps."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from seqviz.experiment import CaptionerConfig, Experiment, Parent, TrainingConfig, TransformerConfig
from seqviz.experiment.task import CaptionsConfig
from seqviz.recipes.recipe import Recipe

FINDINGS: Mapping[str, str] = {
    "captions": "Nobody told it where anything is: to write the word for a colour or a shape, it looks at the things meant.",
    "captions-transformer": "Its heads share the work: one looks at the things whose shape is written, another at the groups "
    "when it writes how they stand.",
}


def caption_recipes() -> Mapping[str, Recipe]:
    """Return the captioners that come with the app, by name."""
    return {
        "captions": _recipe("captions", *_recurrent()),
        "captions-transformer": _recipe("captions-transformer", *_transformer()),
    }


def _recipe(name: str, experiment: Experiment, *ancestors: Experiment) -> Recipe:
    return Recipe(experiment=experiment, ancestors=ancestors, finding=FINDINGS[name], snapshot_bytes=0, keeps_checkpoint=False)


def _recurrent() -> tuple[Experiment, Experiment]:
    coarse = Experiment(
        task=CaptionsConfig(), model=CaptionerConfig(), training=_training(0.003, batch_size=24, steps=5000), seed=0
    )
    return _finer(coarse, _training(0.0006, batch_size=32, steps=1200)), coarse


def _transformer() -> tuple[Experiment, Experiment]:
    training = _training(0.005, batch_size=32, steps=5600, schedule="noam", warmup=200)
    model = TransformerConfig(name="transformer_captioner", width=48, inner=96)
    coarse = Experiment(task=CaptionsConfig(), model=model, training=training, seed=0)
    return _finer(coarse, _training(0.0002, batch_size=48, steps=1200)), coarse


def _finer(coarse: Experiment, training: TrainingConfig) -> Experiment:
    return replace(coarse, training=training, parent=Parent(run=coarse.run_id, step=coarse.last_step))


def _training(learning_rate: float, **settings: Any) -> TrainingConfig:
    return TrainingConfig(optimizer="adam", learning_rate=learning_rate, clip="norm", threshold=1.0, **settings)
