"""The captioner that comes with the app: trained in two stages, the second with smaller steps."""

from collections.abc import Mapping

from seqviz.experiment import CaptionerConfig, Experiment, Parent, TrainingConfig
from seqviz.experiment.task import CaptionsConfig
from seqviz.recipes.recipe import Recipe

FINDING = "Nobody told it where anything is: to write the word for a colour or a shape, it looks at the things meant."


def caption_recipes() -> Mapping[str, Recipe]:
    """Return the captioner that comes with the app, by name."""
    coarse = Experiment(
        task=CaptionsConfig(), model=CaptionerConfig(), training=_training(0.003, batch_size=24, steps=5000), seed=0
    )
    fine = Experiment(
        task=coarse.task,
        model=coarse.model,
        training=_training(0.0006, batch_size=32, steps=1200),
        seed=0,
        parent=Parent(run=coarse.run_id, step=5000),
    )
    recipe = Recipe(experiment=fine, ancestors=(coarse,), finding=FINDING, snapshot_bytes=0, keeps_checkpoint=False)
    return {"captions": recipe}


def _training(learning_rate: float, *, batch_size: int, steps: int) -> TrainingConfig:
    return TrainingConfig(
        optimizer="adam", learning_rate=learning_rate, batch_size=batch_size, steps=steps, clip="norm", threshold=1.0
    )
