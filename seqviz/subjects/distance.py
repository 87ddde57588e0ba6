"""Untrained networks whose loss at one end is carried back over a distance, and how long they take."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import Config, choice, integer
from seqviz.experiment.model import RecurrentConfig, Seq2SeqConfig
from seqviz.experiment.transformer import TransformerConfig

READERS: Mapping[str, str] = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU", "causal": "Transformer"}
WRITERS: Mapping[str, str] = {
    "none": "GRU without attention", "additive": "GRU with attention", "transformer": "Transformer",
}  # fmt: skip
FAMILIES: Mapping[str, str] = {"reading": "networks that read", "writing": "encoder-decoders"}
NETWORKS: Mapping[str, Mapping[str, str]] = {"reading": READERS, "writing": WRITERS}
INNER = 4  # times the width: a Transformer's feed-forward network
LENGTHS = (16, 32, 64, 128, 256, 512, 1000)  # of sequences that are timed


@dataclass(frozen=True, kw_only=True)
class UntrainedReader(Config):
    """One kind of network, fresh from its initialisation."""

    kind: ClassVar[str] = "network by distance"

    name: str = choice("causal", {**READERS, **WRITERS}, "network")
    layers: int = integer(2, 1, 4, "layers", note="of each network; of an encoder and of its decoder")
    heads: int = integer(4, 1, 16, "heads", note="of the Transformer; the width must be a multiple of them")
    width: int = integer(32, 8, 128, "width", note="units of each recurrent layer, and of the Transformer’s stream")
    seed: int = integer(0, 0, 2**31 - 1, "first seed", note="draws the weights and what is read")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.name in ("causal", "transformer"):
            _ = self.transformer  # refuses what heads cannot divide

    @property
    def recurrent(self) -> RecurrentConfig:
        """Its settings, where it is an RNN, an LSTM or a GRU."""
        return RecurrentConfig(name=self.name, hidden_size=self.width, layers=self.layers)

    @property
    def encoder_decoder(self) -> Seq2SeqConfig:
        """Its settings, where it is a GRU that reads one sequence, in one direction, and writes another."""
        return Seq2SeqConfig(
            cell="gru", hidden_size=self.width, layers=self.layers, bidirectional=False, embedding_size=self.width,
            attention=self.name,
        )  # fmt: skip

    @property
    def transformer(self) -> TransformerConfig:
        """Its settings, where it is a Transformer.

        Raises:
            ConfigError: the heads do not divide the width.
        """
        return TransformerConfig(
            name=self.name, layers=self.layers, heads=self.heads, width=self.width, inner=INNER * self.width
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class DistantLoss(UntrainedReader):
    """A loss at the end of what is read, whose gradient is measured by distance from there.

    A reader reads standard normal numbers, and its loss is (answer - target)² at the last step. An encoder-decoder reads
    random symbols, and its loss is the cross-entropy of the first symbol that it writes.
    """

    kind: ClassVar[str] = "gradient by distance"

    length: int = integer(50, 4, 256, "sequence length T")
    seeds: int = integer(3, 1, 9, "seeds", note="each draws weights and sequences of its own")
    sequences: int = integer(4, 1, 64, "sequences of each seed")
    distance: int = integer(0, 0, 256, "steps back", note="whose gradient is held against finite differences")


@dataclass(frozen=True, kw_only=True)
class TimedLength(UntrainedReader):
    """A sequence of one length, through which every network of a family goes, forward and backward, against the clock.

    A reader reads it. An encoder-decoder reads it and is taught to write another as long; the right symbols before each
    are given.
    """

    kind: ClassVar[str] = "timed length"

    family: str = choice("reading", FAMILIES, "networks")
    length: int = integer(128, LENGTHS[0], LENGTHS[-1], "sequence length T")
    again: int = integer(0, 0, 999, "measurement")
