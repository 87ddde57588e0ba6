"""Every error that seqviz raises on purpose.

    SeqvizError
    ├── ConfigError(ValueError)        a setting is unknown, of the wrong type or out of range
    │   └── LimitError                 within reason, but over what this server allows
    │       └── QueueFullError         … as many runs as may be are queued already: later there may be room
    ├── UnknownNameError(KeyError)     a name that no table holds
    ├── TraceError(ValueError)         an input that cannot be traced
    │   └── UnsupportedModelError      a module that seqviz cannot look into
    ├── TextError(ValueError)          a text that cannot be learned from
    │   └── MissingTextError           a run names a text that this server does not have
    ├── StoreError(OSError)            runs cannot be read or written
    │   ├── MissingRunError            no run of that id has been trained here
    │   └── DamagedRunError            a run's files do not match their checksums
    ├── JobError(RuntimeError)         work that could not be started or finished
    │   └── MissingParentError         a run goes on from one that this server does not know
    └── DivergenceError(ArithmeticError) training met a number that is not finite

Each message is one sentence or two for the person at the screen: what was wrong, what is allowed, what was given.
"""


class SeqvizError(Exception):
    """The root of every error raised on purpose; pages show its message unchanged."""

    def __str__(self) -> str:  # KeyError would quote the message
        return str(self.args[0]) if self.args else type(self).__name__


class ConfigError(SeqvizError, ValueError):
    """A setting is unknown, of the wrong type, or out of range."""


class LimitError(ConfigError):
    """A setting is valid, but over what this server allows."""


class QueueFullError(LimitError):
    """A run would be taken, but as many as this server allows are queued or running already."""


class UnknownNameError(SeqvizError, KeyError):
    """A name that the table it was looked up in does not hold."""


class TraceError(SeqvizError, ValueError):
    """An input that cannot be traced."""


class UnsupportedModelError(TraceError):
    """A module that seqviz cannot look into."""


class TextError(SeqvizError, ValueError):
    """A text that cannot be learned from."""


class MissingTextError(TextError):
    """A run names a text that this server does not have."""


class StoreError(SeqvizError, OSError):
    """Runs cannot be read or written where the settings say they live."""


class MissingRunError(StoreError):
    """No run of that id has been trained here."""

    def __init__(self, run: str, where: str = "here") -> None:
        super().__init__(f"there is no run {run} {where}")
        self.run = run
        self.where = where

    def __reduce__(self) -> tuple[type["MissingRunError"], tuple[str, str]]:
        return type(self), (self.run, self.where)


class DamagedRunError(StoreError):
    """A run's files do not match their checksums."""


class JobError(SeqvizError, RuntimeError):
    """Work that could not be started or finished."""


class MissingParentError(JobError):
    """A run goes on from one that this server does not know."""

    def __init__(self, run: str) -> None:
        super().__init__(f"this run goes on from run {run}, which this server does not know; open that one's link first")
        self.run = run

    def __reduce__(self) -> tuple[type["MissingParentError"], tuple[str]]:
        return type(self), (self.run,)


CONSEQUENCE = ", so training stopped before applying it"  # what a DivergenceError says after its cause


class DivergenceError(SeqvizError, ArithmeticError):
    """Training met a number that is not finite; nothing of that step was applied."""

    def __init__(self, step: int, tensor: str, value: str) -> None:
        super().__init__(f"step {step}: {tensor} is {value}{CONSEQUENCE}")
        self.step = step
        self.tensor = tensor
        self.value = value

    def __reduce__(self) -> tuple[type["DivergenceError"], tuple[int, str, str]]:
        return type(self), (self.step, self.tensor, self.value)
