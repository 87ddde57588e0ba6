"""Widgets made from rules: whatever a rule allows, the widget offers, and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import streamlit as st

from seqviz.errors import ConfigError
from seqviz.experiment.fields import Rule
from seqviz.language.words import listed
from seqviz.ui.shell.links import Control

Number = TypeVar("Number", int, float)
Given = Mapping[str, Any]  # what every widget is given: its label, key, help, and what a change calls

_SHOWN_AT_ONCE = 4  # more options than this fold into a select box
_SLIDER_STEPS = 1000  # a number with more values than this is typed


def widget(name: str, control: Control, key: str, *, change: Callable[[], object] | None = None, off: bool = False) -> Any:
    """Draw the widget for ``control`` and return its value; its state must be set under ``key`` before.

    A number field takes any number, so that one out of range is answered by a sentence and not by the browser's silence.
    What a widget holds is its default too: a browser that fetches the widget's code late, and has missed that its value
    was given, begins with the default and reports it as the choice.

    Args:
        name: of the setting, as limits know it.
        control: what it may hold.
        key: of the widget in the session state.
        change: called when a person changes it, before the page runs again.
        off: grey, and not to be changed.

    Raises:
        ConfigError: the value is out of range, or over what this server allows.
    """
    rule = _within_limits(name, control)
    given = {"label": _label(rule), "key": key, "help": rule.note or None, "on_change": change, "disabled": off}
    value = _WIDGETS[rule.kind](control, given, (rule.low or 0, rule.high or 0))
    return rule.check(_label(rule), value) if rule.kind in ("integer", "real") else value


def _within_limits(name: str, control: Control) -> Rule:
    rule, limit = control.rule, control.limit(name)
    return rule if limit is None else replace(rule, high=min(rule.high or limit, limit))


def _label(rule: Rule) -> str:
    return rule.title[0].upper() + rule.title[1:]


def _integer(control: Control, given: Given, bounds: tuple[float, float]) -> int | None:
    low, high, step = int(bounds[0]), int(bounds[1]), int(control.step or 1)
    if control.bounded:
        return int(st.number_input(min_value=low, max_value=high, value=int(_held(given)), **given))
    if high <= low:  # a slider needs two ends
        st.text(f"{given['label']}: {low}")
        return low
    if control.stops:
        return int(_among_stops(control, given, (low, high)))
    if control.step or (high - low <= _SLIDER_STEPS and not control.typed):
        return int(st.slider(min_value=low, max_value=high, value=min(max(int(_held(given)), low), high), step=step, **given))
    return st.number_input(step=step, value=_default(control, given, int), **given)


def _real(control: Control, given: Given, bounds: tuple[float, float]) -> float | None:
    low, high = float(bounds[0]), float(bounds[1])
    if control.stops:
        return _among_stops(control, given, (low, high))
    if control.step:
        held = min(max(float(_held(given)), low), high)
        return float(st.slider(min_value=low, max_value=high, value=held, step=control.step, **given))
    return st.number_input(step=None, format="%g", value=_default(control, given, float), placeholder="as drawn", **given)


def _among_stops(control: Control, given: Given, bounds: tuple[float, float]) -> float:
    held = _held(given)  # from a link it may lie between two stops
    stops = sorted({*(each for each in control.stops if bounds[0] <= each <= bounds[1]), held})
    return float(st.select_slider(options=stops, value=held, format_func=lambda value: f"{value:g}", **given))


def _held(given: Given) -> Any:
    return st.session_state[given["key"]]


def _default(control: Control, given: Given, number: type[Number]) -> Number | None:
    """Return the default of a number field: what it holds, or None, which gives the field a button that empties it."""
    held = _held(given)
    return None if control.rule.optional or held is None else number(held)


def _choice(control: Control, given: Given, _: tuple[float, float]) -> Any:
    options = dict(control.rule.options or {})
    title, held = options.__getitem__, _held(given)
    if control.shown or (len(options) <= _SHOWN_AT_ONCE and not control.folded):
        return st.segmented_control(options=list(options), default=held, required=True, format_func=title, wrap=True, **given)
    return st.selectbox(options=list(options), index=list(options).index(held), format_func=title, **given)


def _several(control: Control, given: Given, _: tuple[float, float]) -> tuple[str, ...]:
    options = dict(control.rule.options or {})
    title, held = options.__getitem__, _held(given)
    if control.folded:
        most = None if control.rule.high is None else int(control.rule.high)
        chosen = st.multiselect(options=list(options), default=held, format_func=title, max_selections=most, **given)
    else:
        draw = st.pills if control.pills else st.segmented_control
        chosen = draw(options=list(options), default=held, selection_mode="multi", format_func=title, wrap=True, **given)
    if not chosen and not control.rule.optional:  # said here: what the rule says is in the language of links
        raise ConfigError(f"choose at least one of {listed([str(title) for title in options.values()])}")
    return tuple(each for each in options if each in chosen)


def _flag(_: Control, given: Given, __: tuple[float, float]) -> bool:
    return st.toggle(value=_held(given), **given)


def _text(control: Control, given: Given, _: tuple[float, float]) -> str:
    held = str(_held(given))
    if control.height:
        return str(st.text_area(value=held, height=control.height, **given))
    return st.text_input(value=held, placeholder=control.empty or None, **given)


_WIDGETS: Mapping[str, Callable[[Control, Given, tuple[float, float]], Any]] = {
    "integer": _integer,
    "real": _real,
    "choice": _choice,
    "several": _several,
    "flag": _flag,
    "text": _text,
}
