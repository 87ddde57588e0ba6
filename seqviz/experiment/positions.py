"""The positions of Transformers, as far as they are known without torch."""

from seqviz.errors import ConfigError
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
