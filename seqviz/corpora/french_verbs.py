"""French and English verbs: agreement, ne … pas and ne … jamais, "does not", and pronouns before the verb."""

from typing import NamedTuple

from seqviz.corpora.french_lexicon import BE, Verb
from seqviz.corpora.french_nouns import NOTHING, Nominal, Phrase
from seqviz.corpora.pair import Pen, Word
from seqviz.corpora.sandhi import starts_with_vowel

ObjectPronoun = tuple[str, str, tuple[int, ...]]


class Clitic(NamedTuple):
    """An object pronoun: in French before the verb, in English after it."""

    before: list[Word]
    after: Phrase


def object_pronoun(pen: Pen, who: Nominal, pronouns: tuple[ObjectPronoun, ...], verb: str) -> Clitic:
    """Draw a pronoun that is not the subject itself ("je me vois" is "I see myself"), and says whether it is him or her."""
    french, english, same = pen.pick(pronouns)
    while who.form in same or (french in ("le", "la") and starts_with_vowel(verb)):
        french, english, same = pen.pick(pronouns)
    unit = pen.unit()
    return Clitic([(french, unit)], Phrase([], [(english, unit)]))


def mood(pen: Pen, plainly: float) -> str:
    """Draw how a verb is said: in about ``plainly`` of the cases plainly, else "not", "never" or "often"."""
    if pen.affords(2, (1 - plainly) / 2):
        return pen.pick(("not", "not", "never"))
    return "often" if pen.affords(1, (1 - plainly) / 3) else "plain"


def predicate(
    pen: Pen, who: Nominal, verb: Verb, how: str = "plain", said: Phrase = NOTHING, clitic: Clitic | None = None
) -> Phrase:
    """Write a verb that agrees with its subject, said plainly, often, not, or never, and what goes with it."""
    unit, tone = pen.unit(), pen.unit()
    french = [*(clitic.before if clitic else ()), (verb.forms[who.form], unit)]
    if how == "often":
        french = [*french, ("souvent", tone)]
    elif how != "plain":
        french = [("ne", tone), *french, ("pas" if how == "not" else "jamais", tone)]
    english = english_finite(verb, who.form, unit, how, tone)
    return Phrase(french + said.french, english + said.english)


def english_finite(verb: Verb, form: int, unit: int, how: str, tone: int) -> list[Word]:
    """Write "sees", "does not see", "never sees", "is not": only "not" needs a "do", and "to be" never does."""
    said = english_verb(verb, form, unit)
    if how == "plain":
        return said
    if verb is BE:
        return [*said, (how, tone)]
    if how == "not":
        return [("does" if form == 1 else "do", 0), ("not", tone), *english_verb(verb, 0, unit)]
    return [(how, tone), *said]


def english_verb(verb: Verb, form: int, unit: int) -> list[Word]:
    """Write an English verb and its particle; a form of 0 is the infinitive too."""
    if verb is BE and form == 0:
        return [("am", unit)]
    said: list[Word] = [(verb.english[form == 1], unit)]
    return [*said, (verb.particle, unit)] if verb.particle else said
