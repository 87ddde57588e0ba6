"""Tokens in a sentence: blanks are shown as signs."""

import re

_BLANKS = str.maketrans({" ": "␣", "\n": "⏎", "\t": "⇥"})


def visible(token: str) -> str:
    r"""Return a token unchanged, but for blanks at its ends and a token of blanks alone: those become visible signs.

    >>> visible("chat"), visible(" chat"), visible(" "), visible("\n")
    ('chat', '␣chat', '␣', '⏎')
    """
    return re.sub("^ +| +$", lambda blanks: "␣" * len(blanks[0]), token) if token.strip() else token.translate(_BLANKS)


def quoted(token: str) -> str:
    """Return a token in quotation marks.

    >>> quoted("chat"), quoted(" ")
    ('“chat”', '“␣”')
    """
    return f"“{visible(token)}”"
