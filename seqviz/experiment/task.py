"""The tasks: problems whose best answer, and whose best answer without memory, are known. No torch here."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from seqviz.errors import ConfigError
from seqviz.experiment.fields import Config, choice, flag, integer, real, text

WRITTEN_DATE = 10  # symbols of a date in ISO 8601


class TaskConfig(Config):
    """A task's settings."""

    @property
    def positions(self) -> int:
        """How many positions a Transformer needs for the longest sequence: so many at least, the sentences may need more."""
        return 0


class SteppedConfig(TaskConfig):
    """A task whose sequences are all of one length."""

    length: int

    @property
    def positions(self) -> int:
        """One for each step."""
        return self.length


@dataclass(frozen=True, kw_only=True)
class AddingConfig(SteppedConfig):
    """Two of T numbers from U(0, 1) are marked, one in each half; the answer is their sum."""

    kind: ClassVar[str] = "task"
    name: str = choice("adding", {"adding": "adding problem"}, "task")
    length: int = integer(50, 2, 2000, "sequence length T", short="T = {}")


@dataclass(frozen=True, kw_only=True)
class CopyingConfig(TaskConfig):
    """Ten symbols of eight, T - 1 blanks, a signal, ten blanks; the answer repeats the ten (T + 20 steps)."""

    kind: ClassVar[str] = "task"
    name: str = choice("copying", {"copying": "copying memory"}, "task")
    length: int = integer(20, 1, 2000, "delay T", short="T = {}")

    @property
    def positions(self) -> int:
        """Ten symbols, the delay and ten symbols."""
        return self.length + 20


@dataclass(frozen=True, kw_only=True)
class TemporalOrderConfig(SteppedConfig):
    """Two of T symbols matter, one early, one in the middle; the answer is which two, in order (4 classes)."""

    kind: ClassVar[str] = "task"
    name: str = choice("temporal_order", {"temporal_order": "temporal order"}, "task")
    length: int = integer(50, 10, 2000, "sequence length T", short="T = {}")


@dataclass(frozen=True, kw_only=True)
class LagConfig(SteppedConfig):
    """At every step, name the symbol of ``lag`` steps ago; without ``dependent`` the answers are noise of the same kind."""

    kind: ClassVar[str] = "task"
    name: str = choice("lag", {"lag": "lag task"}, "task")
    length: int = integer(40, 2, 2000, "sequence length T", short="T = {}")
    lag: int = integer(10, 1, 1000, "lag")
    dependent: bool = flag(True, "the answer truly depends on the past")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.lag >= self.length:
            raise ConfigError(f"lag must be less than the sequence length, {self.length}, got {self.lag}")


@dataclass(frozen=True, kw_only=True)
class CharactersConfig(SteppedConfig):
    """Predict the next character of a text; ``text`` names it by its content."""

    kind: ClassVar[str] = "task"
    name: str = choice("characters", {"characters": "character language model"}, "task")
    length: int = integer(64, 2, 1000, "sequence length T", short="T = {}")
    text: str = text(
        "python",
        r"python(-[0-9.]{1,12}-[0-9a-f]{12})?|text-[0-9a-f]{16}",
        "text",
        note="'python' is this machine's standard library, whatever its version",
        short="{}",
    )


@dataclass(frozen=True, kw_only=True)
class WordsConfig(TaskConfig):
    """Predict the next word of English sentences from a small grammar, in which a word decides another far behind it."""

    kind: ClassVar[str] = "task"
    name: str = choice("words", {"words": "word language model"}, "task")
    sentences: int = integer(10_000, 100, 200_000, "sentences to learn from", short="{} sentences")
    fillers: int = integer(5, 0, 20, "fillers", note="at most, between a word and the one that it decides; they decide nothing")


CORPUS_TITLES: Mapping[str, str] = {
    "fr-en": "French → English",
    "en-de": "English → German",
    "dates": "dates → ISO",
    "reversal": "reversal",
    "copying": "copying",
    "sorting": "sorting",
}


OWN = "own"  # the corpus of uploaded sentences, named by their content


@dataclass(frozen=True, kw_only=True)
class TranslationConfig(TaskConfig):
    """Read a sentence, and write what it becomes: in another language, or in another order."""

    kind: ClassVar[str] = "task"
    name: str = choice("translation", {"translation": "translation"}, "task")
    corpus: str = choice("fr-en", {**CORPUS_TITLES, OWN: "my own sentences"}, "sentences", short="{}", called=CORPUS_TITLES)
    sentences: int = integer(
        20_000, 100, 200_000, "sentences to learn from", note="at most, where they are my own", short="{} sentences"
    )
    longest: int = integer(
        12, 4, 50, "longest source sentence", note="in words; of my own sentences, of both languages", short="at most {} words"
    )
    text: str = text(
        "", r"|pairs-[0-9a-f]{16}", "my own sentences, by content", applies=lambda task: task.corpus == OWN, short="{}"
    )
    vocabulary: int = integer(
        5_000, 10, 50_000, "words known of each language", applies=lambda task: task.corpus == OWN,
        note="the most frequent; every other word is <unk>",
        short="{} words known",
    )  # fmt: skip
    drawn: bool = flag(
        False, "drawn from the whole file", applies=lambda task: task.corpus == OWN, added=True,
        note="else the first are learned; a file may go from short sentences to long ones", short="drawn from the whole file",
    )  # fmt: skip

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.corpus == OWN and not self.text:
            raise ConfigError("to translate your own sentences, give a file of them first")

    @property
    def positions(self) -> int:
        """The decoder reads <sos> and then the words; of another language they may be more than those of the source."""
        return max(self.longest, WRITTEN_DATE + 1) if self.corpus == "dates" else self.longest + 1


@dataclass(frozen=True, kw_only=True)
class CaptionsConfig(TaskConfig):
    """See a picture of one or two groups of shapes, and write what stands where."""

    kind: ClassVar[str] = "task"
    name: str = choice("captions", {"captions": "captions"}, "task")
    most: int = integer(3, 1, 3, "things in a group", note="at most")


@dataclass(frozen=True, kw_only=True)
class SpiralsConfig(TaskConfig):
    """Points of the plane on the arms of a spiral, one arm a class; the answer is the arm."""

    kind: ClassVar[str] = "task"
    name: str = choice("spirals", {"spirals": "spirals"}, "task")
    classes: int = integer(2, 2, 5, "arms", note="each is a class", short="{} arms")
    turns: float = real(1.0, 0.1, 3.0, "turns of each arm", short="{} turns")
    noise: float = real(0.1, 0.0, 1.0, "noise", note="standard deviation of the angle, in radians")


@dataclass(frozen=True, kw_only=True)
class TaskSpec:
    """What the rest of seqviz needs to know about one task."""

    title: str
    config: type[TaskConfig]
    answer: str  # when it is read: at the "last" step, at "every" step, as a "sequence" of its own, of a "picture" or a "point"
    loss: str  # "squared error" | "cross-entropy (nats)"
    metric: str  # what the task metric is called
    metric_rises: bool  # whether more of it is better
    bidirectional: str | None  # None: allowed; else the reason why not
    baseline: Callable[[Any], float | None]  # a loss that needs no memory, in closed form
    baseline_note: str = ""


TASKS: Mapping[str, TaskSpec] = {
    "adding": TaskSpec(
        title="adding problem", config=AddingConfig, answer="last", loss="squared error",
        metric="share within 0.04", metric_rises=True, bidirectional=None,
        baseline=lambda task: 1 / 6, baseline_note="always answering 1, the mean sum",
    ),
    "copying": TaskSpec(
        title="copying memory", config=CopyingConfig, answer="every", loss="cross-entropy (nats)",
        metric="symbols recalled", metric_rises=True, bidirectional=None,
        baseline=lambda task: 10 * math.log(8) / (task.length + 20),
        baseline_note="blanks when due, then guessing among eight symbols",
    ),
    "temporal_order": TaskSpec(
        title="temporal order", config=TemporalOrderConfig, answer="last", loss="cross-entropy (nats)",
        metric="accuracy", metric_rises=True, bidirectional=None,
        baseline=lambda task: math.log(4), baseline_note="guessing among four classes",
    ),
    "lag": TaskSpec(
        title="lag task", config=LagConfig, answer="every", loss="cross-entropy (nats)",
        metric="accuracy", metric_rises=True, bidirectional=None,
        baseline=lambda task: math.log(4), baseline_note="guessing among four symbols",
    ),
    "characters": TaskSpec(
        title="character language model", config=CharactersConfig, answer="every", loss="cross-entropy (nats)",
        metric="accuracy", metric_rises=True,
        bidirectional="a language model that reads backwards too has already seen the character it must predict",
        baseline=lambda task: None,
    ),
    "words": TaskSpec(
        title="word language model", config=WordsConfig, answer="every", loss="cross-entropy (nats)",
        metric="accuracy", metric_rises=True,
        bidirectional="a language model that reads backwards too has already seen the word it must predict",
        baseline=lambda task: None,
    ),
    "translation": TaskSpec(
        title="translation", config=TranslationConfig, answer="sequence", loss="cross-entropy (nats)",
        metric="tokens right", metric_rises=True, bidirectional=None, baseline=lambda task: None,
    ),
    "captions": TaskSpec(
        title="captions", config=CaptionsConfig, answer="picture", loss="cross-entropy (nats)",
        metric="tokens right", metric_rises=True, bidirectional=None, baseline=lambda task: None,
    ),
    "spirals": TaskSpec(
        title="spirals", config=SpiralsConfig, answer="point", loss="cross-entropy (nats)",
        metric="accuracy", metric_rises=True, bidirectional=None,
        baseline=lambda task: math.log(task.classes), baseline_note="guessing among the arms",
    ),
}  # fmt: skip
