"""English and German noun phrases: case, gender and number in every article and adjective."""

from typing import NamedTuple

from seqviz.corpora.german_lexicon import ADJECTIVES, ARTICLES, DETERMINERS, ENDINGS, NOUNS, NUMERALS, PRONOUNS, Noun
from seqviz.corpora.pair import Pen, Word


class Nominal(NamedTuple):
    """A phrase that can be a subject or an object, and what has to agree with it."""

    english: list[Word]
    german: list[Word]
    form: int  # of the verb: ich, er, wir
    gender: str  # m, f, n, or p where it is plural
    kind: str
    denies: bool = False  # whether it says "kein", so that no "nicht" follows


OF_KIND = {kind: tuple(noun for noun in NOUNS if noun.kind == kind) for kind in "PAFRTWL"}
SUITING = {kind: tuple(one for one in ADJECTIVES if kind in one.kinds) for kind in "PAFRTWL"}
COLUMN = {"weak": 0, "mixed": 1, "strong": 2}
DEFINITE = ("the", "the", "the", "this")
OWNED = ("my", "his", "her", "our")
INDEFINITE = ("a", "a", *NUMERALS)


def pronoun(pen: Pen) -> Nominal:
    """Draw a personal pronoun."""
    english, german, form = pen.pick(PRONOUNS)
    unit = pen.unit()
    return Nominal([(english, unit)], [(german, unit)], form, "p" if form == 2 else "f" if english == "she" else "m", "P")


def noun_phrase(pen: Pen, kinds: str, case: str, articles: tuple[str, ...] | None = None, tone: int = 0) -> Nominal:
    """Draw a noun with its article and adjectives.

    Args:
        pen: what is drawn with.
        kinds: of noun; one that occurs twice is twice as likely.
        case: N(ominative), A(ccusative) or D(ative).
        articles: what to choose from, where not everything suits.
        tone: the unit of meaning of "not" where the verb is denied: "not a" then may be "kein".
    """
    noun = pen.pick(OF_KIND[pen.pick(kinds)])
    name = determiner(pen, noun, articles, tone)
    plural = name in NUMERALS or (name != "no" and pen.chance(0.3))
    gender = "p" if plural else noun.gender
    english, german, kind = article(pen, name, gender, case, tone)
    described_english, described_german = adjectives(pen, noun.kind, ENDINGS[gender + case][COLUMN[kind]])
    unit = pen.unit()
    return Nominal(
        [*english, *described_english, (noun.english[plural], unit)],
        [*german, *described_german, (inflected(noun, plural, case), unit)],
        2 if plural else 1, gender, noun.kind, name == "no",
    )  # fmt: skip


def determiner(pen: Pen, noun: Noun, articles: tuple[str, ...] | None, tone: int) -> str:
    """Draw which determiner: what is not owned has no "my", what is denied is not counted."""
    if tone and pen.chance(0.35):
        return "no"
    if noun.owned and pen.chance(0.3):
        return pen.pick(OWNED)
    if articles or tone or noun.kind == "L" or pen.chance(0.6):
        return pen.pick(articles or DEFINITE)
    return pen.pick(INDEFINITE)


def inflected(noun: Noun, plural: bool, case: str) -> str:
    """Return the noun's form in its number and case."""
    if plural:
        return noun.dative_plural if case == "D" else noun.plural
    return noun.singular if case == "N" else noun.oblique


def article(pen: Pen, name: str, gender: str, case: str, tone: int) -> tuple[list[Word], list[Word], str]:
    """Write a determiner in both languages, and say which endings adjectives have after it."""
    (singular, plural), stem, kind = DETERMINERS[name]
    definite, mixed, weak = ARTICLES[gender + case]
    unit = pen.unit()
    if name == "the":
        german = definite
    elif name in NUMERALS:
        german = stem
    elif name == "a" and gender == "p":
        german, kind = "einigen" if case == "D" else "einige", "strong"
    else:
        german = stem + (weak if name == "this" else mixed)
    english = plural if gender == "p" else singular
    return [(english, unit)], [(german, unit | (tone if name == "no" else 0))], kind


def adjectives(pen: Pen, kind: str, ending: str) -> tuple[list[Word], list[Word]]:
    """Draw up to two adjectives, in the order of the lexicon, which is the same in both languages."""
    if not pen.affords(1, 0.45):
        return [], []
    suiting = SUITING[kind]
    first = pen.pick(suiting)
    other = pen.pick([one for one in suiting if one.aspect != first.aspect]) if pen.affords(1, 0.25) else first
    chosen = [one for one in suiting if one is first or one is other]
    units = [pen.unit() for _ in chosen]
    return (
        [(one.english, unit) for one, unit in zip(chosen, units, strict=True)],
        [(one.stem + ending, unit) for one, unit in zip(chosen, units, strict=True)],
    )
