"""The captioner that comes with the app."""

from collections.abc import Mapping

from seqviz.experiment import CaptionerConfig, Experiment, TrainingConfig
from seqviz.experiment.task import CaptionsConfig
from seqviz.recipes.recipe import Recipe

FINDING = "Nobody told it where anything is: to write the word for a colour or a shape, it looks at the things meant."


def caption_recipes() -> Mapping[str, Recipe]:
    """Return the captioner that comes with the app, by name."""
    training = TrainingConfig(optimizer="adam", learning_rate=0.003, batch_size=24, steps=5000, clip="norm", threshold=1.0)
    experiment = Experiment(task=CaptionsConfig(), model=CaptionerConfig(), training=training, seed=0)
    return {"captions": Recipe(experiment=experiment, finding=FINDING, snapshot_bytes=0, keeps_checkpoint=False)}
