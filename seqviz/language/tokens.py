"""Tokens in words: whatever a token is, it is seen."""

import re

_BLANKS = str.maketrans({" ": "␣", "\n": "⏎", "\t": "⇥"})


def visible(token: str) -> str:
    r"""Return a token as it stands; one that is blank, and blanks at its ends, as signs that are seen.

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
