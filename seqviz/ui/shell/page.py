"""What every page begins with: its title, its settings from the link, and one place that shows what went wrong."""

import math
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import streamlit as st

from seqviz.errors import ConfigError, SeqvizError
from seqviz.experiment.fields import Config
from seqviz.language.tokens import quoted
from seqviz.language.words import listed
from seqviz.ui.components.figure import fetch_library
from seqviz.ui.shell import controls as widgets
from seqviz.ui.shell.links import Control, Controls, read_link, write_link

STYLES = Path(__file__).with_name("page.css")
PAST_LINKS = 20  # of a page, that a browser may still be at
MOST_NAMED, MOST_LETTERS = 8, 30  # tokens that are named, and letters of each
CODE = "`[^`]*`"  # typed text is in quotation marks, as repr sets them, or cut short
QUOTED = re.compile(CODE + r"""|(?<!\w)(["'])(?:\\.|(?!\1)[^\\])*(?:\1|\\?$)""", re.DOTALL)
CROSSING_SECONDS = 2.0  # for so long what a browser asks for may carry an address that the page has left already


class Page:
    """The settings of one page in one session, in step with its widgets and its address."""

    def __init__(self, name: str, controls: Controls) -> None:
        self.name = name
        self.controls = controls
        self.wrong: set[str] = set()  # settings whose widget holds an invalid value; their last valid value is used
        self._state: dict[str, Any] = st.session_state.setdefault(f"{name}.settings", {})
        self._read()

    def control(self, name: str, *, high: int | None = None, titles: Mapping[str, str] | None = None) -> Any:
        """Draw the widget of the setting called ``name`` here, and return its value.

        Args:
            name: of the setting.
            high: a lower highest value than its rule has, where it depends on another setting; beyond it is brought down.
            titles: the options to choose from as they are just now, with their titles; one that is gone gives way to the last.
        """
        key, control = f"{self.name}.{name}", self.controls[name]
        held = st.session_state.get(key, self._widget_value(name))
        if key not in st.session_state or control.rule.optional:
            st.session_state[key] = held  # an optional field has no default that holds its value: set it each time
        if high is not None:
            control = replace(control, rule=replace(control.rule, high=max(high, control.rule.low or 0)))
            st.session_state[key] = min(st.session_state[key], control.rule.high)
        if titles is not None:
            control = replace(control, rule=replace(control.rule, kind="choice", options=titles))
            st.session_state[key] = st.session_state[key] if st.session_state[key] in titles else [*titles][-1]
        try:
            value = control.rule.check(name, widgets.widget(name, control, key))
        except ConfigError as error:
            st.error(plain(one_sentence(error)))
            self.wrong.add(name)
            return self.values[name]
        self.values[name] = value
        return value

    def offer(
        self,
        name: str,
        held: Any,
        *,
        key: str,
        take: Callable[[Any], object] | None = None,
        titles: Mapping[Any, str] | None = None,
        span: tuple[int, int] | None = None,
        note: str = "",
    ) -> Any:
        """Draw a widget of what is offered just now for a setting that links write in another form; return what is chosen.

        A link may leave open what the widget shows (the unit that a page finds to be the best), or write several in one text.

        Args:
            name: of the setting, whose control says what the widget is.
            held: what is chosen now, as the widget has it; a list where several may be.
            key: of the widget, not of the setting.
            take: called with what a person chooses, to set what links write; by default the setting takes it as it is.
            titles: the options, with their titles.
            span: of a whole number, the lowest and the highest.
            note: one sentence for first-time readers.
        """
        st.session_state[key] = held
        rule = replace(self.controls[name].rule, note=note, optional=isinstance(held, list))
        if titles is not None:
            rule = replace(rule, kind="several" if rule.optional else "choice", options=titles)
        if span is not None:
            rule = replace(rule, low=span[0], high=span[1])
        control = replace(self.controls[name], rule=rule, folded=not self.controls[name].pills)
        take = take or partial(self.__setitem__, name)
        return widgets.widget(name, control, key, change=lambda: take(st.session_state[key]))

    def refuse(self, name: str, held: Any, reason: str, *, key: str, title: str = "") -> None:
        """Draw the widget of the setting called ``name`` grey, as it is where it means nothing, with the reason.

        Args:
            name: of the setting.
            held: what the widget shows.
            reason: why it means nothing here.
            key: of the widget, not of the setting.
            title: of the widget; the setting's by default.
        """
        st.session_state[key] = held
        rule = self.controls[name].rule
        rule = replace(rule, title=title or rule.title, note="", optional=True)
        widgets.widget(name, replace(self.controls[name], rule=rule), key, off=True)
        st.caption(f"Not here: {reason}.")

    def __getitem__(self, name: str) -> Any:
        """Return the setting called ``name`` as it is now, whether or not its widget has been drawn yet."""
        try:
            return self.controls[name].rule.check(name, st.session_state.get(f"{self.name}.{name}", self.values[name]))
        except ConfigError:  # its widget holds something else just now, and says so
            return self.values[name]

    def __setitem__(self, name: str, value: Any) -> None:
        """Change a setting that has no widget, or whose widget has not been drawn yet in this run."""
        self.values[name] = self.controls[name].rule.check(name, value)
        st.session_state[f"{self.name}.{name}"] = self._widget_value(name)

    @property
    def values(self) -> dict[str, Any]:
        """The settings by name, as of the last widgets drawn."""
        values: dict[str, Any] = self._state["values"]
        return values

    @property
    def linked(self) -> dict[str, Any]:
        """The settings by name as the link last gave them; widgets have changed some since."""
        linked: dict[str, Any] = self._state["seed"]
        return linked

    def config(self, config: type[Config], prefix: str = "", **fixed: Any) -> Any:
        """Return ``config`` made from this page's settings of the same names; ``fixed`` ones are given instead.

        Raises:
            ConfigError: the settings do not go together.
        """
        known = {name.removeprefix(prefix): self[name] for name in self.controls if name.startswith(prefix)}
        return config(**{name: value for name, value in known.items() if name in config.rules()} | fixed)

    def applies(self, config: type[Config], setting: str, prefix: str = "", /, **fixed: Any) -> bool:
        """Return whether a ``setting`` of ``config`` means anything, given this page's others.

        As in :meth:`config`, ``fixed`` ones are given instead; what the page has no setting for has its default.
        """
        held = {each: self[prefix + each] for each in config.rules() if prefix + each in self.controls}
        return config.matters(setting, held | fixed)

    def write_link(self) -> None:
        """Bring the address in step with the settings; done at the page's end, and to be called at a fragment's."""
        link = write_link({name: self[name] for name in self.controls}, self.controls)
        if link != self._state.get("link"):
            self._state["past"] = [*self._state["past"], self._state.get("link", link)][-PAST_LINKS:]
            self._state["since"] = time.monotonic()
        self._state["link"] = link
        if link != st.query_params.to_dict():
            st.query_params.from_dict(link)

    def _read(self) -> None:
        query, state = st.query_params.to_dict(), self._state
        came_back = not query and "values" in state  # by the menu, which drops the address's settings
        if "values" not in state or (query != state.get("link") and not came_back and not self._is_late(query)):
            state["values"], state["complaint"] = read_link(query, self.controls)
            state["past"] = [query]
            state["seed"] = dict(state["values"])
            for name in self.controls:
                st.session_state[f"{self.name}.{name}"] = self._widget_value(name)

    def _is_late(self, query: dict[str, str]) -> bool:
        """Whether the address is one that this page has left: a browser that has not yet heard of the newer one sent it.

        Going back in the browser brings such an address too, but with no widget changed, and hardly within a moment.
        """
        if query not in self._state["past"]:
            return False
        changed = any(self[name] != value for name, value in self.values.items())
        return changed or time.monotonic() - self._state.get("since", -math.inf) < CROSSING_SECONDS

    def show_complaint(self) -> None:
        """Say what was wrong with the link, until a setting is changed."""
        if self._state.get("complaint") and all(self[name] == value for name, value in self._state["seed"].items()):
            st.warning(plain(self._state["complaint"]), icon=":material/link_off:")
        else:
            self._state["complaint"] = None

    def _widget_value(self, name: str) -> Any:
        value = self.values[name]
        return list(value) if isinstance(value, tuple) else value


@contextmanager
def begin_page(name: str, title: str, question: str, controls: Mapping[str, Control] | None = None) -> Iterator[Page]:
    """Begin a page: title, the question it answers, settings from the link; errors raised inside are shown.

    Args:
        name: the page's file stem, which is its address too.
        title: its heading.
        question: what it answers, one sentence.
        controls: its settings by name in the link.
    """
    st.html(STYLES)
    st.title(title)
    st.markdown(question)
    fetch_library()
    page = Page(name, controls or {})
    page.show_complaint()
    try:
        with shown_errors():
            yield page
    finally:
        page.write_link()


@contextmanager
def shown_errors() -> Iterator[None]:
    """Show the message of an error that seqviz raised on purpose; anything else is a bug and shows as one."""
    try:
        yield
    except SeqvizError as error:
        st.error(plain(one_sentence(error)))


def again(page: Page) -> NoReturn:
    """Run the page again; its address is written first, since the new run begins by reading it."""
    page.write_link()
    st.rerun()


def attempt(action: Callable[[], object]) -> bool:
    """Do ``action``; if it is not possible, show why in one sentence. Return whether it was done."""
    try:
        action()
    except SeqvizError as error:
        st.error(plain(one_sentence(error)))
        return False
    return True


def one_sentence(error: SeqvizError) -> str:
    """Return an error's message as a sentence."""
    said = str(error)
    return said[:1].upper() + said[1:] + ("" if said.endswith((".", "!", "?")) else ".")


def plain(message: str) -> str:
    """Return a message so that Markdown shows quoted text as typed, and makes no link and no picture.

    What we write ourselves, outside quotation marks, may be Markdown.

    >>> plain("run `seqviz`: the word must be known, got '$x$ *y*'")
    "run `seqviz`: the word must be known, got '\\\\$x\\\\$ \\\\*y\\\\*'"
    """
    return QUOTED.sub(lambda found: escaped(found[0]) if found[1] else found[0], message).replace("](", "]\\(")


def escaped(text: str) -> str:
    """Return ``text`` so that Markdown shows it literally: no formula, no emphasis, no icon.

    >>> escaped("$5 *or* $6")
    '\\\\$5 \\\\*or\\\\* \\\\$6'
    """
    return re.sub(r"([\\`*_$\[\]<>~:#|])", r"\\\1", text)


def told_tokens(tokens: Iterable[str]) -> str:
    """Return typed tokens for Markdown, each once, and of many the first few.

    >>> told_tokens(["*", "chat", "*"])
    '“\\\\*” and “chat”'
    """
    each = list(dict.fromkeys(tokens))
    more = f" and {len(each) - MOST_NAMED} more" if len(each) > MOST_NAMED else ""
    return listed([escaped(quoted(token[:MOST_LETTERS])) for token in each[:MOST_NAMED]]) + more
