"""The positions of Transformers, as far as they are known without torch."""

from seqviz.errors import ConfigError
from seqviz.experiment.experiment import Experiment
from seqviz.experiment.transformer import TransformerConfig

SLOWEST = 10_000  # of the sinusoids: their longest wave is 2π times as many positions, or nearly


def check_positions(model: TransformerConfig, count: int) -> None:
    """Refuse a sequence of ``count`` tokens where there are not as many positions.

    Raises:
        ConfigError: naming both numbers.
    """
    most = model.learned_positions
    if model.positions == "learned" and count > most:
        raise ConfigError(f"this network has learned {most} positions and can read no more, got {count}")


def check_task(experiment: Experiment) -> None:
    """Refuse an experiment whose Transformer has fewer positions than its task's sequences have, as far as that is known.

    Raises:
        ConfigError: naming both numbers.
    """
    if isinstance(experiment.model, TransformerConfig):
        check_positions(experiment.model, experiment.task.positions)
