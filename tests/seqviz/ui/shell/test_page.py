"""A page keeps its settings, its widgets and its address in step, and shows errors as sentences."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from seqviz.experiment import RecurrentConfig
from seqviz.registry import shown
from seqviz.ui.shell.page import plain


def script():
    import streamlit as st

    from seqviz.errors import TraceError
    from seqviz.experiment import RecurrentConfig
    from seqviz.ui.shell.links import controls_of, flag_control, several_control, text_control
    from seqviz.ui.shell.page import begin_page

    table = {
        **controls_of(RecurrentConfig, spans={"hidden_size": (1, 64)}, defaults={"hidden_size": 32}),
        "cells": several_control("cells", {"rnn": "RNN", "lstm": "LSTM"}, ("rnn", "lstm")),
        "fail": flag_control("fail", False),
        "word": text_control("word", "[a-z]{0,5}", "abc"),
    }
    with begin_page("demo", "A demo", "Does it hold?", table) as page:
        for name in table:
            page.control(name)
        st.text(repr(page.config(RecurrentConfig)))
        st.text(f"cells {page['cells']}")
        if page["fail"]:
            raise TraceError("nothing can be traced here")


def opened(**query):
    page = AppTest.from_function(script, default_timeout=20)
    for name, value in query.items():
        page.query_params[name] = value
    return page.run()


def test_the_last_of_several_unclicked_is_asked_for_in_words_and_the_last_choice_stands():
    page = opened(cells="lstm")
    page.segmented_control(key="demo.cells").set_value([]).run()
    assert [each.value for each in page.error] == ["Choose at least one of RNN and LSTM."]
    assert page.text[1].value == "cells ('lstm',)"


def going_and_coming():
    import streamlit as st

    from seqviz.ui.shell.links import choice_control, text_control
    from seqviz.ui.shell.page import begin_page

    table = {
        "sentence": choice_control("sentence", {"s1": "one", "s2": "two", "typed": "typed"}, "s2"),
        "word": text_control("word", ".*", ""),
    }
    if st.session_state.get("elsewhere"):  # another page draws none of these widgets, and Streamlit forgets their keys
        with begin_page("other", "Another", "?", {}):
            st.stop()
    with begin_page("demo", "A demo", "Does it hold?", table) as page:
        titles = {"s1": "a cat", "s2": "a dog", "typed": "what I type"}
        st.text(page.control("sentence", titles=dict(list(titles.items())[st.session_state.get("gone", 0) :])))
        st.text(page["word"])


def test_settings_stand_when_a_visitor_comes_back_from_another_page():
    page = AppTest.from_function(going_and_coming, default_timeout=20).run()
    assert page.text[0].value == "s2"
    page.segmented_control(key="demo.sentence").set_value("s1").run()
    page.session_state["elsewhere"] = True
    page.run()
    page.session_state["elsewhere"] = False
    page.run()
    assert not page.exception
    assert page.text[0].value == "s1"
    assert page.segmented_control(key="demo.sentence").options == ["a cat", "a dog", "what I type"]


def test_an_option_that_is_gone_gives_way_to_the_last():
    page = AppTest.from_function(going_and_coming, default_timeout=20)
    page.session_state["gone"] = 2
    assert page.run().text[0].value == "typed"


def offering():
    import streamlit as st

    from seqviz.ui.shell.links import flag_control, text_control
    from seqviz.ui.shell.page import begin_page

    table = {
        "token": text_control("token", "[a-z]?", ""),
        "gone": text_control("things gone", "[0-9,]*", ""),
        "both": flag_control("both ways", default=False),
    }
    with begin_page("demo", "A demo", "Does it hold?", table) as page:
        titles = {"a": "first", "b": "second"}
        st.text(page.offer("token", page["token"] or "b", key="demo.menu", titles=titles))
        held = [number for number in page["gone"].split(",") if number]
        page.offer(
            "gone",
            held,
            key="demo.several",
            titles={"1": "one", "2": "two"},
            take=lambda each: page.__setitem__("gone", ",".join(each)),
        )
        page.refuse("both", held=True, reason="one way only", key="demo.grey")


def test_what_a_link_leaves_open_or_writes_otherwise_is_offered_and_only_a_choice_is_written():
    page = AppTest.from_function(offering, default_timeout=20).run()
    assert (page.text[0].value, page.selectbox[0].options, page.query_params) == ("b", ["first", "second"], {})
    page.selectbox(key="demo.menu").select("a").run()
    page.multiselect(key="demo.several").set_value(["1", "2"]).run()
    assert page.text[0].value == "a"
    assert page.query_params == {"token": "a", "gone": "1,2"}


def test_a_setting_that_means_nothing_here_is_grey_with_the_reason():
    page = AppTest.from_function(offering, default_timeout=20).run()
    grey = page.toggle(key="demo.grey")
    assert (grey.label, grey.value, grey.disabled) == ("Both ways", True, True)
    assert page.caption[0].value == "Not here: one way only."
    assert page.query_params == {}


def test_widgets_come_from_rules():
    page = opened()
    assert not page.exception
    assert (page.slider(key="demo.hidden_size").min, page.slider(key="demo.hidden_size").max) == (1, 64)
    assert page.selectbox(key="demo.initialisation").options[1].startswith("Gaussian")
    assert page.toggle(key="demo.bidirectional").value is False


def test_the_link_sets_the_widgets():
    page = opened(hidden_size="7", name="gru", cells="lstm", initialisation="orthogonal")
    assert page.slider(key="demo.hidden_size").value == 7
    assert page.selectbox(key="demo.initialisation").value == "orthogonal"
    assert page.text[1].value == "cells ('lstm',)"
    assert not page.warning


def test_what_a_widget_holds_is_its_default_too():
    page = opened(hidden_size="7", cells="lstm", initialisation="orthogonal", bidirectional="yes", word="hat").run()
    assert page.slider(key="demo.hidden_size").proto.default == [7]
    assert page.segmented_control(key="demo.cells").proto.default == [1]
    choice = page.selectbox(key="demo.initialisation")
    assert choice.proto.default == list(RecurrentConfig.rules()["initialisation"].options).index("orthogonal")
    assert page.toggle(key="demo.bidirectional").proto.default is True
    assert page.text_input(key="demo.word").proto.default == "hat"


def test_a_link_puts_no_link_and_no_picture_into_what_is_said_of_it():
    said = opened(name="![](https://elsewhere.org/x.png)").warning[0].value
    assert "https://elsewhere.org" in said.replace("\\", "")
    assert "](" not in said


def test_widgets_write_the_link():
    page = opened()
    page.slider(key="demo.hidden_size").set_value(9).run()
    assert page.query_params == {"hidden_size": "9"}
    page.toggle(key="demo.bidirectional").set_value(True).run()
    assert page.query_params == {"hidden_size": "9", "bidirectional": "yes"}
    page.slider(key="demo.hidden_size").set_value(32).run()
    assert page.query_params == {"bidirectional": "yes"}


def test_a_broken_link_is_said_until_a_setting_is_changed():
    page = opened(hidden_size="7", bogus="1")
    assert "unknown setting 'bogus'" in page.warning[0].value
    assert page.slider(key="demo.hidden_size").value == 7
    page.run()
    assert page.warning
    page.slider(key="demo.hidden_size").set_value(9).run()
    assert not page.warning


def test_another_link_in_the_same_session_takes_over():
    page = opened(hidden_size="7")
    page.query_params["hidden_size"] = "11"
    page.run()
    assert page.slider(key="demo.hidden_size").value == 11


def test_a_browser_that_has_not_heard_of_the_newest_address_takes_nothing_back():
    page = opened(hidden_size="7")
    page.slider(key="demo.hidden_size").set_value(8).run()
    page.query_params["hidden_size"] = "7"  # what the address was when the next change was on its way
    page.slider(key="demo.hidden_size").set_value(9).run()
    assert page.slider(key="demo.hidden_size").value == 9
    assert page.query_params["hidden_size"] == "9"
    page.query_params["hidden_size"] = "7"
    page.run()  # not a widget, but a moment later all the same: a button, say
    assert page.slider(key="demo.hidden_size").value == 9


def test_going_back_in_the_browser_goes_back(monkeypatch):
    monkeypatch.setattr("seqviz.ui.shell.page.CROSSING_SECONDS", 0.0)
    page = opened(hidden_size="7")
    page.slider(key="demo.hidden_size").set_value(8).run()
    page.query_params["hidden_size"] = "7"
    page.run()
    assert page.slider(key="demo.hidden_size").value == 7


def test_settings_survive_a_visit_to_another_page():
    page = opened(hidden_size="7")
    page.query_params.clear()
    page.run()
    assert page.slider(key="demo.hidden_size").value == 7
    assert page.query_params == {"hidden_size": "7"}


def test_a_widget_with_a_wrong_text_says_so_and_keeps_the_last_right_one():
    page = opened()
    page.text_input(key="demo.word").set_value("NOT THIS").run()
    assert "Word must be of the form [a-z]{0,5}, got 'NOT THIS'." in page.error[0].value
    assert "word" not in page.query_params


def test_an_error_raised_on_purpose_is_a_sentence():
    page = opened(fail="yes")
    assert [each.value for each in page.error] == ["Nothing can be traced here."]
    assert not page.exception


@pytest.mark.parametrize("written", ["$x$", "*x*", ":material/key:", "[a](b)", "it's `x`", "\\$", "$" * 99, "'\"$x$"])
def test_what_a_message_quotes_is_read_as_it_was_written(written):
    said = plain(f"the run's word must be known, got {shown(written)}").partition("got ")[2]
    assert not re.search(r"[$*`\[\]:]", re.sub(r"\\.", "", said))  # no mark is left that is not escaped
    assert re.sub(r"\\(.)", r"\1", said) == shown(written)


def test_what_a_message_says_itself_stays_markdown():
    said = "size must be in [0, 2]; `python -m seqviz pretrain --only a_b` trains 'it' again, and the run's name stays"
    assert plain(said) == said
    assert plain("it is `pip install 'a[b]'`, not '[c]'") == r"it is `pip install 'a[b]'`, not '\[c\]'"
    assert plain("an [x](y)") == "an [x]\\(y)"


def what_applies():
    import streamlit as st

    from seqviz.experiment import RecurrentConfig
    from seqviz.ui.shell.links import controls_of
    from seqviz.ui.shell.page import begin_page

    only = ("initialisation", "scale", "forget_bias")
    with begin_page("demo", "A demo", "Does it hold?", controls_of(RecurrentConfig, only=only, prefix="model.")) as page:
        for cell in ("rnn", "lstm"):
            st.text(" ".join(name for name in only if page.applies(RecurrentConfig, name, "model.", name=cell)))
        st.text(page.applies(RecurrentConfig, "forget_bias", "model.", name="lstm", chrono=9))


def test_a_settings_own_rule_says_whether_it_means_anything_given_the_pages_others():
    page = AppTest.from_function(what_applies, default_timeout=20).run()
    assert [each.value for each in page.text] == ["initialisation", "initialisation forget_bias", "False"]
    page = AppTest.from_function(what_applies, default_timeout=20)
    page.query_params["model.initialisation"] = "orthogonal"
    page.run()
    assert page.text[0].value == "initialisation scale"
