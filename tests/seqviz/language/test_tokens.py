"""No token is invisible in a sentence: blanks at its ends, and a token of blanks alone, are shown as signs."""

import pytest


@pytest.mark.parametrize(
    ("token", "shown"),
    [("chat", "chat"), (" chat", "␣chat"), ("a b ", "a b␣"), ("  ", "␣␣"), ("\n\t", "⏎⇥"), ("", ""), ("\nchat", "\nchat")],
)
def test_a_token_is_seen(token, shown):
    from seqviz.language.tokens import quoted, visible

    assert visible(token) == shown
    assert quoted(token) == f"“{shown}”"
