"""One loop draws what moves: what is found is drawn, and a change that buttons depend on runs the whole page again."""

from streamlit.testing.v1 import AppTest


def script():
    import streamlit as st

    from seqviz.errors import StoreError
    from seqviz.ui.shell.live import live
    from seqviz.ui.shell.page import begin_page

    begun = st.session_state.setdefault("begun", [])
    with begin_page("demo", "A demo", "Does it move?") as page:
        begun.append(len(begun))
        first = st.session_state.setdefault("state", "running")

        def find():
            if st.session_state.get("broken"):
                raise StoreError("the run is gone")
            if len(begun) == 1 and st.session_state.get("ends"):
                st.session_state["state"] = "done"
            return st.session_state["state"]

        live(page, find, st.text, moves=first == "running", changed=lambda now: now != first)


def test_what_is_found_is_drawn():
    app = AppTest.from_function(script, default_timeout=20).run()
    assert [each.value for each in app.text] == ["running"]
    assert app.session_state["begun"] == [0]


def test_a_change_runs_the_whole_page_again():
    app = AppTest.from_function(script, default_timeout=20)
    app.session_state["ends"] = True
    app.run()
    assert [each.value for each in app.text] == ["done"]
    assert app.session_state["begun"] == [0, 1]


def test_what_cannot_be_found_is_one_sentence():
    app = AppTest.from_function(script, default_timeout=20)
    app.session_state["broken"] = True
    app.run()
    assert not app.exception
    assert [each.value for each in app.error] == ["The run is gone."]


def test_it_is_looked_for_again_only_while_it_moves(monkeypatch):
    every = []
    monkeypatch.setattr("streamlit.fragment", lambda run_every: every.append(run_every) or (lambda function: function))
    app = AppTest.from_function(script, default_timeout=20).run()
    app.session_state["state"] = "done"
    app.run()
    assert every == [1.0, None]
