"""Traits of a French sentence of the corpus, by its words alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Words = tuple[str, ...]

SINGULAR = frozenset(
    ("je", "j'", "tu", "il", "elle", "on", "le", "la", "l'", "un", "une", "mon", "ma", "ton", "ta", "son", "sa", "ce", "cet",
     "cette", "notre", "votre", "leur")
)  # fmt: skip
PLURAL = frozenset(
    ("nous", "vous", "ils", "elles", "les", "des", "de", "mes", "tes", "ses", "ces", "nos", "vos", "leurs", "deux", "trois",
     "quatre")
)  # fmt: skip
ADVERBS = frozenset({"maintenant", "aujourd'hui"})
ASKED = ("est-ce", "que"), ("est-ce", "qu'")


@dataclass(frozen=True)
class Trait:
    """One property of sentences: a number, or one of a few words."""

    title: str
    of: Callable[[Words], int | str]


def first_number(words: Words) -> str:
    """Return the grammatical number of the sentence's first word, past "est-ce que" and an adverb.

    >>> first_number(("est-ce", "que", "les", "chats", "dorment", "?")), first_number(("j'", "aime", "la", "mer"))
    ('plural', 'singular')
    """
    rest = words[2:] if words[:2] in ASKED else words
    first = next((word for word in rest if word not in ADVERBS), "")
    return "singular" if first in SINGULAR else "plural" if first in PLURAL else "neither"


TRAITS: Mapping[str, Trait] = {
    "length": Trait("its length", len),
    "number": Trait("singular or plural", first_number),
    "negated": Trait("denied or not", lambda words: "denied" if {"ne", "n'"} & set(words) else "not denied"),
    "question": Trait("question or not", lambda words: "question" if words[-1:] == ("?",) else "statement"),
}
