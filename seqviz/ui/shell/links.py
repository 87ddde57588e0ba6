"""A page's link: read and checked before any widget is drawn, written when the page is done.

A link is plain ``name=value`` pairs. Widgets are not bound by Streamlit's own ``bind``, which drops what is invalid in
silence and writes translated labels into the address; the settings of a page live in its session state under
``<page>.settings``, and this module keeps them and the address in step.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from seqviz.errors import ConfigError, LimitError
from seqviz.experiment.fields import Config, Rule
from seqviz.registry import shown
from seqviz.settings import limit_of, settings

MOST_TOLD = 3  # of the things that are wrong with a link, each by name
NAME_CHARACTERS = 30  # of a name that no setting has


@dataclass(frozen=True, kw_only=True)
class SeveralRule(Rule):
    """What a setting may hold that is several of some options; links write them with commas."""

    kind: str = "several"

    def parse(self, name: str, written: str) -> Any:
        """Return the options that a link writes as ``written``."""
        return self.check(name, tuple(each for each in written.split(",") if each))

    def write(self, value: Any) -> str:
        """Return the options as a link writes them."""
        return ",".join(value)

    def allowed(self) -> str:
        """Return the allowed values in words."""
        return f"one or more of {', '.join(self.options or ())}, with commas between"

    def _check_several(self, name: str, value: Any) -> Any:
        known = self.options or {}
        given = tuple(value) if isinstance(value, list | tuple) else ()
        if not given or any(not isinstance(each, str) or each not in known for each in given):
            raise self._error(name, value if isinstance(value, str) else ",".join(map(str, given)))
        return tuple(each for each in known if each in given)


@dataclass(frozen=True, kw_only=True)
class Control:
    """One setting of a page: its rule and the value that a link leaves out."""

    rule: Rule
    default: Any
    step: float | None = None  # of a number
    stops: tuple[float, ...] = ()  # of a slider with uneven steps, such as a learning rate's
    typed: bool = False  # a whole number in a field, not on a slider
    bounded: bool = False  # a whole number in a field that takes none out of range
    shown: bool = False  # every option at once, however many
    folded: bool = False  # options in a select box, however few
    pills: bool = False  # several options apart from each other, not in one bar
    height: int | None = None  # in pixels, of the field of a text of several lines
    empty: str = ""  # what an empty text means, shown in its field
    limited: bool = True  # by this server's limit of its name, where there is one

    def limit(self, name: str) -> int | None:
        """Return this server's limit on the setting, called ``name``, or None where it has none."""
        return limit_of(name.rpartition(".")[2]) if self.limited else None

    def read(self, name: str, written: str) -> Any:
        """Return the value that a link writes as ``written``.

        Raises:
            ConfigError: it is not allowed; LimitError where only this server does not allow it.
        """
        value = self.rule.parse(name, written)
        limit = self.limit(name)
        if limit is not None and isinstance(value, int | float) and value > limit:
            raise LimitError(f"{name} must be at most {limit} on this server, got {shown(written)}")
        return value


Controls = Mapping[str, Control]


def controls_of(
    config: type[Config],
    *,
    only: tuple[str, ...] | None = None,
    spans: Mapping[str, tuple[float, float]] | None = None,
    defaults: Mapping[str, Any] | None = None,
    steps: Mapping[str, float] | None = None,
    prefix: str = "",
) -> dict[str, Control]:
    """Return a control for each field of ``config``.

    Args:
        config: a config class; its rules say what each control is.
        only: the fields meant, all by default.
        spans: narrower ranges for this page, by field.
        defaults: other defaults for this page, by field.
        steps: steps of the slider for a real number, by field; without one it is typed.
        prefix: what the names in the link begin with ("model.").
    """
    found = {}
    for name, rule in config.rules().items():
        if only is None or name in only:
            default = (defaults or {}).get(name, config.__dataclass_fields__[name].default)
            low, high = (spans or {}).get(name, (rule.low, rule.high))
            found[prefix + name] = Control(
                rule=replace(rule, low=low, high=high), default=default, step=(steps or {}).get(name)
            )
    return found


def choice_control(title: str, options: Mapping[str, str], default: str, note: str = "", *, shown: bool = False) -> Control:
    """Return a control for one of ``options`` (slug → title); with ``shown`` all are seen at once, however many."""
    return Control(rule=Rule(kind="choice", title=title, options=options, note=note), default=default, shown=shown)


def view_control(titles: Mapping[str, str], title: str = "show") -> Control:
    """Return the control called ``view``: which of a page's views is shown, the first of ``titles`` by default."""
    return choice_control(title, titles, next(iter(titles)), shown=True)


def several_control(title: str, options: Mapping[str, str], default: tuple[str, ...], note: str = "") -> Control:
    """Return a control for several of ``options`` (slug → title)."""
    return Control(rule=SeveralRule(title=title, options=options, note=note), default=default)


def integer_control(title: str, low: int, high: int, default: int, note: str = "", *, typed: bool = False) -> Control:
    """Return a control for a whole number; with ``typed`` it has a field, not a slider."""
    return Control(rule=Rule(kind="integer", title=title, low=low, high=high, note=note), default=default, typed=typed)


def steps_control(low: int, high: int, default: int) -> Control:
    """Return the control called ``steps``: for how many training steps a network is trained."""
    return integer_control("training steps", low, high, default, typed=True)


def seed_control(title: str = "seed", note: str = "", *, first: int = 0) -> Control:
    """Return a control for a seed, from ``first`` on."""
    return integer_control(title, first, 9999, first, note, typed=True)


def flag_control(title: str, default: bool, note: str = "") -> Control:
    """Return a control that is on or off."""
    return Control(rule=Rule(kind="flag", title=title, note=note), default=default)


def text_control(title: str, pattern: str, default: str, note: str = "", *, form: str = "") -> Control:
    """Return a control for a text that matches ``pattern`` from end to end; ``form`` is the pattern in words."""
    return Control(rule=Rule(kind="text", title=title, pattern=pattern, note=note, form=form), default=default)


def read_link(query: Mapping[str, str], controls: Controls) -> tuple[dict[str, Any], str | None]:
    """Return the settings that a link asks for, and a short complaint on what was wrong with it, if anything.

    What is wrong takes its default, what is unknown is ignored, and the rest of the link holds.

    Args:
        query: the link's raw ``name=value`` pairs.
        controls: the page's.
    """
    values = {name: control.default for name, control in controls.items()}
    length = sum(len(name) + len(value) + 2 for name, value in query.items())
    if length > settings().limits.query_characters:
        return values, f"This link has {length} characters; at most {settings().limits.query_characters} are read."
    wrong, unknown = [], []
    for name, written in query.items():
        try:
            if name in controls:
                values[name] = controls[name].read(name, written)
            else:
                unknown.append(shown(name, NAME_CHARACTERS))
        except ConfigError as error:
            wrong.append(str(error))
    return values, _sentences(wrong, unknown)


def write_link(values: Mapping[str, Any], controls: Controls) -> dict[str, str]:
    """Return the link of these settings; what has its default is left out. :func:`read_link` reads it back."""
    return {name: control.rule.write(values[name]) for name, control in controls.items() if values[name] != control.default}


def _sentences(wrong: list[str], unknown: list[str]) -> str | None:
    told = []
    if wrong:
        told.append(f"{'; '.join(_first(wrong))}. The default is shown instead.")
    if unknown:
        setting = "unknown setting" if len(unknown) == 1 else "unknown settings"
        told.append(f"{setting} {', '.join(_first(unknown))} ignored.")
    return f"This link was not understood in full: {' Also, '.join(told)}" if told else None


def _first(told: list[str]) -> list[str]:
    more = len(told) - MOST_TOLD
    return told if more <= 0 else [*told[:MOST_TOLD], f"and {more} more"]
