"""What a trace looks at: an untrained network, or a run at one moment. No torch here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import Config, choice, flag, integer, real, text
from seqviz.experiment.model import RecurrentConfig

LOSSES: Mapping[str, str] = {"last": "at the last step", "every": "at every step"}
DIRECTIONS: Mapping[str, str] = {"forward": "forward", "backward": "backward"}
STATES: Mapping[str, str] = {"hidden": "hidden state h", "cell": "cell state c"}


@dataclass(frozen=True, kw_only=True)
class Focus(Config):
    """Where in a network the traces look that are of one place: Jacobians, contributions, agreement."""

    kind: ClassVar[str] = "trace"

    layer: int = integer(0, 0, 3, "layer", note="0 reads the input")
    direction: str = choice("forward", DIRECTIONS, "direction")
    sample: int = integer(0, 0, 1023, "sequence of the batch", note="of the Jacobians")
    time: int = integer(0, 0, 999, "time step", note="of the state whose gradient is held against finite differences")
    state: str = choice("hidden", STATES, "state", note="whose gradient is held against finite differences")


@dataclass(frozen=True, kw_only=True)
class UntrainedNetwork(RecurrentConfig, Focus):
    """A network fresh from its initialisation, reading sequences of standard normal numbers.

    A linear readout answers with one number; each sequence's loss is (answer - target)², with a standard normal target, at
    the last step or summed over every step. Whatever ``loss`` says, a gradient map is of the losses at every step.
    """

    kind: ClassVar[str] = "network"

    length: int = integer(50, 1, 1000, "sequence length T")
    loss: str = choice("last", LOSSES, "loss")
    seed: int = integer(0, 0, 2**31 - 1, "seed", note="draws the weights, the inputs and the targets")
    input_size: int = integer(8, 1, 512, "numbers read at each step")
    batch_size: int = integer(4, 1, 64, "sequences", note="each has a norm of its own")


@dataclass(frozen=True, kw_only=True)
class RunMoment(Focus):
    """A run's network after ``step`` training steps, reading a typed text or its task's held-out sequences.

    The loss is the task's own, summed over the sequences and the steps that it is asked at; on a typed text it is the
    cross-entropy (nats) of each next character. ``every`` of a task that is answered at the last step asks for the answer
    at every step.
    """

    kind: ClassVar[str] = "moment"

    run: str = text("0" * 20, "[0-9a-f]{20}", "run")
    step: int | None = integer(None, 0, 10_000_000, "training step", optional=True, note="none is the last")  # type: ignore[arg-type]
    text: str = text("", r"(?s).{0,20000}", "typed text", note="only character models read it")
    loss: str = choice("last", LOSSES, "loss")
    seed: int = integer(0, 0, 2**31 - 1, "seed", note="draws the sequences")
    batch_size: int = integer(4, 1, 64, "sequences")


@dataclass(frozen=True, kw_only=True)
class Sentence(Config):
    """A sentence that a run's encoder-decoder translates after ``step`` training steps, and what it is made to do.

    Temperature 0 takes the likeliest word each time; above 0 words are drawn, by probability^(1/temperature).
    """

    kind: ClassVar[str] = "sentence"

    run: str = text("0" * 20, "[0-9a-f]{20}", "run")
    step: int | None = integer(None, 0, 10_000_000, "training step", optional=True, note="none is the last")  # type: ignore[arg-type]
    given: str = text("", r"(?s).{0,2000}", "the translation begins with", note="words with blanks between")
    looks: str = text(
        "",
        r"(\d{1,3}:\d{1,3}(,\d{1,3}:\d{1,3}){0,99})?",
        "attention moved",
        note="word written:word looked at, both from 0",
        form="0:3,2:5 (word written:word looked at, from 0)",
    )
    text: str = text("", r"(?s).{0,20000}", "sentence")
    temperature: float = real(0.0, 0.0, 10.0, "temperature")
    seed: int = integer(0, 0, 2**31 - 1, "seed", note="draws the words where the temperature is above 0")
    width: int = integer(4, 1, 100, "beam width", note="of beam search alone")

    @property
    def moved(self) -> dict[int, int]:
        """Where all attention goes: position of the word written → position of the word looked at."""
        pairs = (pair.split(":") for pair in self.looks.split(",") if pair)
        return {int(written): int(place) for written, place in pairs}


@dataclass(frozen=True, kw_only=True)
class Examined(Config):
    """Held-out sentences that a run's encoder-decoder translates after ``step`` training steps, alone or with others.

    ``others`` write each word together with it, by the mean of all their probabilities, each as far as it was trained.
    """

    kind: ClassVar[str] = "examination"

    run: str = text("0" * 20, "[0-9a-f]{20}", "run")
    step: int | None = integer(None, 0, 10_000_000, "training step", optional=True, note="none is the last")  # type: ignore[arg-type]
    sentences: int = integer(500, 1, 2000, "held-out sentences")
    longest: int = integer(12, 2, 25, "longest sentence", note="in words; it may be longer than any that was learned from")
    width: int = integer(1, 1, 12, "beam width", note="1 takes the likeliest word each time")
    others: str = text("", r"([0-9a-f]{20}(,[0-9a-f]{20}){0,10})?", "written together with", note="runs, with commas between")

    @property
    def members(self) -> tuple[str, ...]:
        """The runs that write together."""
        return (self.run, *(each for each in self.others.split(",") if each))


@dataclass(frozen=True, kw_only=True)
class TimedSteps(Config):
    """A few training steps of an experiment, to see how long they take."""

    kind: ClassVar[str] = "timing"

    experiment: str = text("{}", r"(?s).{2,8000}", "experiment", note="as JSON")
    steps: int = integer(12, 1, 100, "training steps timed")


@dataclass(frozen=True, kw_only=True)
class FreshSequences(Config):
    """Sequences that a run has not learned from, which its network answers as far as it was trained."""

    kind: ClassVar[str] = "judgement"

    run: str = text("0" * 20, "[0-9a-f]{20}", "run")
    sequences: int = integer(2000, 1, 10_000, "fresh sequences")


@dataclass(frozen=True, kw_only=True)
class TrainingStep(Config):
    """One training step of an experiment, taken after ``done`` others, and one weight of which every number is shown."""

    kind: ClassVar[str] = "training step"

    experiment: str = text("{}", r"(?s).{2,8000}", "experiment", note="as JSON")
    done: int = integer(0, 0, 10_000_000, "training steps done before")
    weight: str = text("rnn.weight_hh_l0", r"[A-Za-z0-9_.]{1,80}", "weight", note="by its PyTorch name")


@dataclass(frozen=True, kw_only=True)
class EncoderGradients(Config):
    """Held-out sentences of one length, whose losses' gradients are carried back to a run's encoder.

    ``sentences`` of them, from the one numbered ``first`` on; fewer where there are no more.
    """

    kind: ClassVar[str] = "encoder gradient"

    run: str = text("0" * 20, "[0-9a-f]{20}", "run")
    trained: bool = flag(True, "trained", note="else with the weights that its seed draws")
    length: int = integer(12, 2, 25, "words of the source sentences")
    sentences: int = integer(20, 1, 64, "sentences", note="each has norms of its own")
    first: int = integer(0, 0, 199, "first sentence")
    direction: str = choice("forward", DIRECTIONS, "direction", note="in which the encoder's states were read")


@dataclass(frozen=True, kw_only=True)
class EncodedSentences(Config):
    """Held-out sentences as a run's decoder first meets them: the state that the encoder hands on."""

    kind: ClassVar[str] = "encoded sentences"

    run: str = text("0" * 20, "[0-9a-f]{20}", "run")
    sentences: int = integer(300, 3, 2000, "held-out sentences")
    longest: int = integer(12, 2, 25, "longest sentence", note="in words")


@dataclass(frozen=True, kw_only=True)
class Picture(Config):
    """A picture of shapes that a run's captioner describes after ``step`` training steps, and what it is made to write."""

    kind: ClassVar[str] = "picture"

    run: str = text("0" * 20, "[0-9a-f]{20}", "run")
    step: int | None = integer(None, 0, 10_000_000, "training step", optional=True, note="none is the last")  # type: ignore[arg-type]
    shows: str = text("a large orange circle", r"[a-z]{1,12}( [a-z]{1,12}){3,19}", "what is to be seen", note="as a caption")
    arrangement: int = integer(0, 0, 2**31 - 1, "arrangement", note="draws where everything stands")
    erased: str = text("", r"(\d(,\d){0,5})?", "things erased", note="by their numbers, from 0")
    given: str = text(
        "", r"([a-z<>]{1,12}( [a-z<>]{1,12}){0,15})?", "the caption begins with", note="words with blanks between"
    )

    @property
    def gone(self) -> frozenset[int]:
        """The numbers of the things that are erased."""
        return frozenset(int(number) for number in self.erased.split(",") if number)


@dataclass(frozen=True, kw_only=True)
class HeldOutPictures(Config):
    """Pictures that a run's captioner has not learned from, at which it looks after ``step`` training steps."""

    kind: ClassVar[str] = "pictures"

    run: str = text("0" * 20, "[0-9a-f]{20}", "run")
    step: int | None = integer(None, 0, 10_000_000, "training step", optional=True, note="none is the last")  # type: ignore[arg-type]
    pictures: int = integer(200, 1, 1000, "pictures")
