"""What the lab promises of Transformers: training one that translates."""

from collections.abc import Iterator
from functools import cache

import torch

from bench.line import Line, Reading
from bench.measure import ratio
from bench.plain_transformer import PlainTransformer, PlainTransformerLoop
from bench.threads import threads
from bench.translation import learned
from seqviz.experiment import Experiment, TransformerConfig
from seqviz.recipes.transformer import transformer_recipes
from seqviz.training import Trainer


def lines() -> Iterator[Line]:
    """Give the lines of this wing."""
    yield Line(
        name="transformer.training",
        title="training the Transformer against a bare loop of nn.Transformer, in steps/s",
        unit="×",
        better="higher",
        target=0.9,
        measure=against_bare_loop,
    )
    yield Line(
        name="transformer.learned",
        title="training the Transformer to 95 % of held-out sentences exactly right",
        unit="s",
        better="lower",
        target=300,
        measure=lambda: learned(_experiment()),
    )


def against_bare_loop() -> Reading:
    """Measure how many steps the lab does while the bare loop does one, one thread each."""
    with threads(1):
        trainer, generator = _trainer(), torch.Generator().manual_seed(0)
        config, training = trainer.experiment.model, trainer.experiment.training
        assert isinstance(config, TransformerConfig)
        loop = PlainTransformerLoop(
            PlainTransformer(config, trainer.task.input_size, trainer.task.output_size), training.learning_rate
        )

        def bare() -> None:
            batch = trainer.task.batch(training.batch_size, generator)
            loop.batch(batch.inputs, batch.targets)

        return ratio(bare, trainer.step, rounds=41)


def _experiment() -> Experiment:
    return transformer_recipes("python")["translation-transformer"].experiment


@cache
def _trainer() -> Trainer:
    return Trainer(_experiment())
