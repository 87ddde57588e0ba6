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

_SHOWN_AT_ONCE = 4  # more options than this fold into a select box
_SLIDER_STEPS = 1000  # a number with more values than this is typed


def widget(name: str, control: Control, key: str) -> Any:
    """Draw the widget for ``control`` and return its value; its state must be set under ``key`` before.

    A number field takes any number, so that one out of range is answered by a sentence and not by the browser's silence.
    What a widget holds is its default too: a browser that fetches the widget's code late, and has missed that its value
    was told, begins with the default and reports it as the choice.

    Args:
        name: of the setting, as limits know it.
        control: what it may hold.
        key: of the widget in the session state.

    Raises:
        ConfigError: the value is out of range, or over what this server allows.
    """
    rule = _within_limits(name, control)
    value = _WIDGETS[rule.kind](control, key, (rule.low or 0, rule.high or 0))
    return rule.check(_label(rule), value) if rule.kind in ("integer", "real") else value


def _within_limits(name: str, control: Control) -> Rule:
    rule, limit = control.rule, control.limit(name)
    return rule if limit is None else replace(rule, high=min(rule.high or limit, limit))


def _label(rule: Rule) -> str:
    return rule.title[0].upper() + rule.title[1:]


def _integer(control: Control, key: str, bounds: tuple[float, float]) -> int | None:
    low, high, step = int(bounds[0]), int(bounds[1]), int(control.step or 1)
    label, note = _label(control.rule), control.rule.note or None
    if high <= low:  # a slider needs two ends
        st.text(f"{label}: {low}")
        return low
    if control.stops:
        return int(_among_stops(control, key, (low, high)))
    if high - low <= _SLIDER_STEPS and not control.typed:
        held = min(max(int(st.session_state[key]), low), high)
        return int(st.slider(label, min_value=low, max_value=high, value=held, step=step, key=key, help=note))
    return st.number_input(label, step=step, key=key, help=note, value=_held(control, key, int))


def _real(control: Control, key: str, bounds: tuple[float, float]) -> float | None:
    low, high = float(bounds[0]), float(bounds[1])
    label, note = _label(control.rule), control.rule.note or None
    if control.stops:
        return _among_stops(control, key, (low, high))
    if control.step:
        held = min(max(float(st.session_state[key]), low), high)
        return float(st.slider(label, min_value=low, max_value=high, value=held, step=control.step, key=key, help=note))
    return st.number_input(
        label, step=None, format="%g", key=key, help=note, value=_held(control, key, float), placeholder="as drawn"
    )  # fmt: skip


def _among_stops(control: Control, key: str, bounds: tuple[float, float]) -> float:
    held = st.session_state[key]  # from a link it may lie between two stops
    stops = sorted({*(each for each in control.stops if bounds[0] <= each <= bounds[1]), held})
    label, note = _label(control.rule), control.rule.note or None
    return float(st.select_slider(label, stops, value=held, format_func=lambda value: f"{value:g}", key=key, help=note))


def _held(control: Control, key: str, number: type[Number]) -> Number | None:
    """Return the default of a number field: what it holds, or None, which gives the field a button that empties it."""
    held = st.session_state[key]
    return None if control.rule.optional or held is None else number(held)


def _choice(control: Control, key: str, _: tuple[float, float]) -> str:
    options = dict(control.rule.options or {})
    label, note = _label(control.rule), control.rule.note or None
    if control.shown or (len(options) <= _SHOWN_AT_ONCE and not control.folded):
        chosen = st.segmented_control(
            label, list(options), default=st.session_state[key], required=True, format_func=options.__getitem__, key=key,
            help=note, wrap=True,
        )  # fmt: skip
    else:
        place = list(options).index(st.session_state[key])
        chosen = st.selectbox(label, list(options), index=place, format_func=options.__getitem__, key=key, help=note)
    return str(chosen)


def _several(control: Control, key: str, _: tuple[float, float]) -> tuple[str, ...]:
    options = dict(control.rule.options or {})
    label, note = _label(control.rule), control.rule.note or None
    chosen = st.segmented_control(
        label, list(options), default=st.session_state[key], selection_mode="multi", format_func=options.__getitem__, key=key,
        help=note, wrap=True,
    )  # fmt: skip
    if not chosen:  # said here: what the rule says is in the language of links
        raise ConfigError(f"choose at least one of {listed([str(title) for title in options.values()])}")
    return tuple(each for each in options if each in chosen)


def _flag(control: Control, key: str, _: tuple[float, float]) -> bool:
    return st.toggle(_label(control.rule), value=st.session_state[key], key=key, help=control.rule.note or None)


def _text(control: Control, key: str, _: tuple[float, float]) -> str:
    held, note = str(st.session_state[key]), control.rule.note or None
    if control.height:
        return str(st.text_area(_label(control.rule), value=held, height=control.height, key=key, help=note))
    return st.text_input(_label(control.rule), value=held, key=key, help=note, placeholder=control.empty or None)


_WIDGETS: Mapping[str, Callable[[Control, str, tuple[float, float]], Any]] = {
    "integer": _integer,
    "real": _real,
    "choice": _choice,
    "several": _several,
    "flag": _flag,
    "text": _text,
}
