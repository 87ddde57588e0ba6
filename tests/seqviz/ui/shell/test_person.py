"""A browser is recognised by its cookie at once, and one without cookies by what it sends."""

import pytest
from streamlit.testing.v1 import AppTest

WHO = "0123456789abcdef" * 2


def told():
    import streamlit as st

    from seqviz.ui.shell.person import person

    st.text(person())


@pytest.fixture
def cookies(monkeypatch):
    given = {}
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.cookies", property(lambda context: given))
    return given


def asked(**state):
    app = AppTest.from_function(told)
    for name, value in state.items():
        app.session_state[name.replace("_", ".")] = value
    return app.run()


def test_a_cookie_is_known_in_the_first_run_and_nothing_is_asked(cookies):
    cookies["seqviz-person"] = WHO
    app = asked()
    assert app.text[0].value == WHO
    assert not app.get("bidi_component")


def test_a_browser_without_cookies_is_asked(cookies):
    app = asked()
    assert app.text[0].value == "None"
    assert app.get("bidi_component")


@pytest.mark.parametrize("forged", ["", "<b>", WHO + "0", WHO.upper()])
def test_a_cookie_that_is_no_id_is_not_believed(cookies, forged):
    cookies["seqviz-person"] = forged
    assert asked().text[0].value == "None"


def test_what_was_known_before_holds(cookies):
    app = asked(person_id=WHO)
    assert app.text[0].value == WHO
