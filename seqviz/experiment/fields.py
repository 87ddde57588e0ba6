"""Settings that know their own range: the one description that menus, links, files and checks are made from.

A config is a frozen dataclass whose fields are made by :func:`integer`, :func:`real`, :func:`choice`, :func:`flag`
and :func:`text`. Each field carries a :class:`Rule`; the rule checks values, reads them from a link, and tells a page
what widget to draw.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar, cast

from seqviz.errors import ConfigError
from seqviz.registry import shown

Setting = int | float | bool | str | None

HARDLY_ABOVE = 1e-6  # a lowest number up to here is written as 0, which itself is not allowed


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What one field may hold."""

    kind: str  # "integer" | "real" | "choice" | "flag" | "text"
    title: str  # what a page calls it
    low: float | None = None
    high: float | None = None
    options: Mapping[str, str] | None = None  # slug → title
    pattern: str | None = None
    optional: bool = False  # None is allowed, and written "none" in links
    applies: Callable[[Any], bool] | None = None  # whether the field means anything, given the config's other fields
    added: bool = False  # after runs were stored: written only where it is not its default, so that those keep their address
    note: str = ""  # one sentence for first-time readers
    short: str = ""  # how it distinguishes runs, "H = {}"; of a flag, words for yes and no with a bar between
    called: Mapping[str, str] | None = None  # what its options are called then, by slug; as links write them by default
    form: str = ""  # the pattern in words
    words: str = ""  # the allowed values in words, where the general form is unclear

    def check(self, name: str, value: object) -> Setting:
        """Return ``value`` in the field's own type.

        Raises:
            ConfigError: the value is of the wrong type or out of range; the message names field, range and value.
        """
        if value is None and self.optional:
            return None
        return cast(Setting, getattr(self, f"_check_{self.kind}")(name, value))

    def parse(self, name: str, written: str) -> Setting:
        """Return the value that a link writes as ``written``.

        Raises:
            ConfigError: it is not written as this kind of value is, or out of range.
        """
        if self.optional and written == "none":
            return None
        if self.kind == "flag":
            return self.check(name, {"yes": True, "no": False}.get(written, written))
        if self.kind in ("integer", "real"):
            return self.check(name, self._number(written))
        return self.check(name, written)

    def write(self, value: Setting) -> str:
        """Return ``value`` as a link writes it; :meth:`parse` reads it back."""
        if value is None:
            return "none"
        if isinstance(value, bool):
            return "yes" if value else "no"
        return repr(value) if isinstance(value, float) else str(value)

    def told(self, name: str, written: str) -> str:
        """Return the setting as it distinguishes runs, given its value as ``written`` in a link."""
        on, _, off = self.short.partition("|")
        if off:
            return off if written == "no" else on
        return (self.short or f"{name} {{}}").format((self.called or {}).get(written, written))

    def allowed(self) -> str:
        """Return the allowed values in words."""
        if self.words:
            return self.words
        if self.kind == "choice":
            return f"one of {', '.join(self.options or ())}"
        if self.kind == "flag":
            return "yes or no"
        if self.kind == "text":
            return f"of the form {self.form or self.pattern}"
        noun = "a whole number" if self.kind == "integer" else "a number"
        if self.low is not None and 0 < self.low <= HARDLY_ABOVE:
            return f"{noun} above 0 and at most {_plain(self.high)}" + (" or none" if self.optional else "")
        return self._span(noun)

    def _span(self, noun: str) -> str:
        if self.high is None:
            return f"{noun} of at least {_plain(self.low)}"
        return f"{noun} in [{_plain(self.low)}, {_plain(self.high)}]" + (" or none" if self.optional else "")

    def _number(self, written: str) -> object:
        try:
            return int(written) if self.kind == "integer" else float(written)
        except ValueError:
            return written

    def _check_integer(self, name: str, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not self._within(value):
            raise self._error(name, value)
        return value

    def _check_real(self, name: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not self._within(value):
            raise self._error(name, value)
        return float(value) + 0.0  # -0.0 and 0.0 are one setting

    def _check_choice(self, name: str, value: object) -> str:
        if not isinstance(value, str) or value not in (self.options or {}):
            raise self._error(name, value)
        return value

    def _check_flag(self, name: str, value: object) -> bool:
        if not isinstance(value, bool):
            raise self._error(name, value)
        return value

    def _check_text(self, name: str, value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch(self.pattern or ".*", value):
            raise self._error(name, value)
        return value

    def _within(self, value: float) -> bool:
        low, high = self.low, self.high
        finite = isinstance(value, int) or math.isfinite(value)  # a whole number may be too large to be a float at all
        return finite and (low is None or value >= low) and (high is None or value <= high)

    def _error(self, name: str, value: object) -> ConfigError:
        tiny = isinstance(value, int | float) and self.low is not None and 0 < value < self.low <= HARDLY_ABOVE
        return ConfigError(f"{name} must be {self._span('a number') if tiny else self.allowed()}, got {shown(value)}")


def integer(default: int, low: int, high: int, title: str, **more: Any) -> Any:
    """Return a field that holds a whole number in [``low``, ``high``]."""
    return _field(default, Rule(kind="integer", title=title, low=low, high=high, **more))


def real(default: float | None, low: float, high: float, title: str, **more: Any) -> Any:
    """Return a field that holds a finite number in [``low``, ``high``]."""
    return _field(default, Rule(kind="real", title=title, low=low, high=high, **more))


def choice(default: str, options: Mapping[str, str], title: str, **more: Any) -> Any:
    """Return a field that holds one of the slugs of ``options`` (slug → title)."""
    return _field(default, Rule(kind="choice", title=title, options=options, **more))


def flag(default: bool, title: str, **more: Any) -> Any:
    """Return a field that is on or off."""
    return _field(default, Rule(kind="flag", title=title, **more))


def text(default: str, pattern: str, title: str, **more: Any) -> Any:
    """Return a field that holds a string matching ``pattern`` from end to end."""
    return _field(default, Rule(kind="text", title=title, pattern=pattern, **more))


def _field(default: Setting, rule: Rule) -> Any:
    return field(default=default, metadata={"rule": rule})


ConfigType = TypeVar("ConfigType", bound="Config")


@dataclass(frozen=True, kw_only=True)
class Config:
    """A frozen set of settings, each checked when made.

    A setting that does not apply (the momentum of Adam, the threshold of no clipping) takes its default,
    so that two configs that mean the same run are equal.

    Raises:
        ConfigError: a value is of the wrong type or out of range.
    """

    kind: ClassVar[str] = "setting"  # what messages call the whole

    def __post_init__(self) -> None:
        for name, rule in self.rules().items():
            object.__setattr__(self, name, rule.check(name, getattr(self, name)))
        for one in fields(self):
            if not self.applies(one.name):
                object.__setattr__(self, one.name, one.default)

    def to_json(self) -> dict[str, Setting]:
        """Return the settings that apply, by name; one that was added later is left out where it has its default."""
        rules = self.rules()
        written = {name: getattr(self, name) for name in rules if self.applies(name)}
        return {name: value for name, value in written.items() if not rules[name].added or value != getattr(type(self), name)}

    def applies(self, name: str) -> bool:
        """Return whether the setting called ``name`` means anything, given the others."""
        rule = self.rules()[name]
        return rule.applies is None or rule.applies(self)

    @classmethod
    def matters(cls, name: str, held: Mapping[str, Any]) -> bool:
        """Return whether the setting called ``name`` means anything where others are as ``held``, also if these do not fit."""
        loose = object.__new__(cls)
        for one in fields(cls):
            object.__setattr__(loose, one.name, held.get(one.name, one.default))
        return loose.applies(name)

    @classmethod
    @cache  # a page that lists runs asks for them a hundred thousand times
    def rules(cls) -> Mapping[str, Rule]:
        """Return each field's rule, by name, in order."""
        return MappingProxyType({one.name: rule_of(one) for one in fields(cls)})

    @classmethod
    def from_json(cls: type[ConfigType], written: object) -> ConfigType:
        """Return the config that :meth:`to_json` wrote.

        Raises:
            ConfigError: ``written`` is no mapping, has an unknown key, or a value that is not allowed.
        """
        if not isinstance(written, Mapping):
            raise ConfigError(f"{cls.kind} must be a set of named settings, got {shown(written)}")
        cls._refuse_unknown(written)
        return cls(**written)

    @classmethod
    def from_query(cls: type[ConfigType], written: Mapping[str, str]) -> ConfigType:
        """Return the config that a link writes as ``written`` (name → value as text).

        Raises:
            ConfigError: unknown names, or values that are not allowed.
        """
        cls._refuse_unknown(written)
        rules = cls.rules()
        return cls(**{name: rules[name].parse(name, value) for name, value in written.items()})

    def to_query(self) -> dict[str, str]:
        """Return the settings that apply as a link writes them; :meth:`from_query` reads them back."""
        rules = self.rules()
        return {name: rules[name].write(value) for name, value in self.to_json().items()}

    @classmethod
    def _refuse_unknown(cls, written: Mapping[Any, Any]) -> None:
        unknown = [name for name in written if name not in cls.rules()]
        if unknown:
            raise ConfigError(f"unknown {cls.kind} setting {shown(unknown[0])}; known: {', '.join(cls.rules())}")


def rule_of(one: "Field[Any]") -> Rule:
    """Return the rule that a config's field carries."""
    if one.default is MISSING or "rule" not in one.metadata:
        raise TypeError(f"{one.name} was not made by integer, real, choice, flag or text")
    return cast(Rule, one.metadata["rule"])


def _plain(bound: float | None) -> str:
    if bound is None:
        return "∞"
    return str(bound) if isinstance(bound, int) else f"{bound:,.0f}" if abs(bound) >= 1e6 else f"{bound:g}"
