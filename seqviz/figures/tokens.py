"""Tokens in words: whatever a token is, it is seen."""

_BLANKS = str.maketrans({" ": "␣", "\n": "⏎", "\t": "⇥"})


def visible(token: str) -> str:
    r"""Return a token as it stands; one that is blank as a sign that is seen.

    >>> visible("chat"), visible(" "), visible("\n")
    ('chat', '␣', '⏎')
    """
    return token if token.strip() else token.translate(_BLANKS)


def quoted(token: str) -> str:
    """Return a token in quotation marks.

    >>> quoted("chat"), quoted(" ")
    ('“chat”', '“␣”')
    """
    return f"“{visible(token)}”"
