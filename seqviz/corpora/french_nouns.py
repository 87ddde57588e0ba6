"""French and English noun phrases: gender, number, the place of adjectives, possession."""

from typing import NamedTuple

from seqviz.corpora.french_lexicon import ADJECTIVES, DETERMINERS, NOUNS, NUMERALS, PRONOUNS, Adjective, Noun
from seqviz.corpora.pair import Pen, Word
from seqviz.corpora.sandhi import starts_with_vowel


class Phrase(NamedTuple):
    """The same thing in both languages."""

    french: list[Word]
    english: list[Word]

    def then(self, other: "Phrase") -> "Phrase":
        """Return this and then the other, in both languages."""
        return Phrase(self.french + other.french, self.english + other.english)


class Nominal(NamedTuple):
    """A phrase that can be a subject, and what has to agree with it."""

    french: list[Word]
    english: list[Word]
    form: int  # of the verb: je, il, nous, ils
    feminine: bool
    kind: str

    @property
    def phrase(self) -> Phrase:
        return Phrase(self.french, self.english)


NOTHING = Phrase([], [])
OF_KIND = {kind: tuple(noun for noun in NOUNS if noun.kind == kind) for kind in "PAFRTL"}
BEFORE = {noun: tuple(one for one in ADJECTIVES if one.precedes and one.suits(noun)) for noun in NOUNS}
AFTER = {noun: tuple(one for one in ADJECTIVES if not one.precedes and one.suits(noun)) for noun in NOUNS}
SUITING = {kind: tuple(one for one in ADJECTIVES if kind in one.kinds) for kind in "PAFRTL"}

DEFINITE = ("the", "the", "this")
DEFINITE_OR_OWNED = (*DEFINITE, "the", "my", "our", "their")
INDEFINITE = ("a", "a", *NUMERALS)


def pronoun(pen: Pen) -> Nominal:
    """Draw a personal pronoun; je and nous are men's or women's."""
    french, english, form, feminine = pen.pick(PRONOUNS)
    unit = pen.unit()
    return Nominal([(french, unit)], [(english, unit)], form, pen.chance(0.5) if feminine is None else feminine, "P")


def noun_phrase(pen: Pen, kinds: str, how: str = "plain", owner: Nominal | None = None) -> Nominal:
    """Draw a noun with its article and adjectives, perhaps with whose it is.

    Args:
        pen: what is drawn with.
        kinds: of noun; one that occurs twice is twice as likely.
        how: "not" or "never" where the verb is denied, so that "un" is "de"; "definite" for one that is known already.
        owner: whose his, her or their things may be.
    """
    noun = pen.pick(OF_KIND[pen.pick(kinds)])
    article = determiner(pen, noun, how, owner)
    plural = article in NUMERALS or (article != "none" and pen.chance(0.35))
    before = pen.pick(BEFORE[noun]) if pen.affords(1, 0.3) else None
    after = pen.pick(AFTER[noun]) if pen.affords(1, 0.4) else None
    named = with_adjectives(pen, noun, plural, before, after)
    if article == "the" and noun.owned and pen.affords(3, 0.3):
        whole = possessed(pen, article, noun, plural, named)
    else:
        french, english = articles(pen, article, noun.feminine, plural, named.french, before is not None)
        whole = Phrase(french + named.french, english + named.english)
    return Nominal(*whole, 3 if plural else 1, noun.feminine, noun.kind)


def determiner(pen: Pen, noun: Noun, how: str, owner: Nominal | None) -> str:
    """Draw which determiner: what is not owned has no "my", what is denied is not counted."""
    if noun.owned and owner and owner.kind == "P" and owner.form in (1, 3) and pen.chance(0.25):
        return "their" if owner.form == 3 else "her" if owner.feminine else "his"
    if how in ("not", "never") and pen.chance(0.4):
        return "none"
    if how != "plain":
        return pen.pick(DEFINITE_OR_OWNED if noun.owned else DEFINITE)
    if noun.kind != "L" and pen.chance(0.35):
        return pen.pick(INDEFINITE)
    return pen.pick(DEFINITE_OR_OWNED if noun.owned else DEFINITE)


def articles(
    pen: Pen, name: str, feminine: bool, plural: bool, following: list[Word], adjective_first: bool
) -> tuple[list[Word], list[Word]]:
    """Write a determiner in both languages; ma is mon, and ce is cet, before a vowel."""
    (masculine, feminine_form, several), english = DETERMINERS[name]
    french, vowel = several if plural else feminine_form if feminine else masculine, starts_with_vowel(following[0][0])
    if name == "a" and plural and adjective_first:
        french = "de"
    elif not plural and vowel:
        french = {"ma": "mon", "sa": "son", "ce": "cet"}.get(french, french)
    unit = pen.unit()
    return [(french, unit)], [(english[plural], unit)]


def with_adjectives(pen: Pen, noun: Noun, plural: bool, before: Adjective | None, after: Adjective | None) -> Phrase:
    """Write a noun between its adjectives; in English all precede it, the colour nearest."""
    unit = pen.unit()
    french: list[Word] = [(noun.plural if plural else noun.singular, unit)]
    english: list[Word] = []
    if before:
        unit_before = pen.unit()
        french.insert(0, (agreeing(before, noun.feminine, plural, french[0][0]), unit_before))
        english.append((before.english, unit_before))
    if after:
        unit_after = pen.unit()
        french.append((agreeing(after, noun.feminine, plural), unit_after))
        english.insert(len(english) if after.colour else 0, (after.english, unit_after))
    return Phrase(french, [*english, (noun.english[plural], unit)])


def agreeing(adjective: Adjective, feminine: bool, plural: bool, following: str = " ") -> str:
    """Return the form that agrees in gender and number, and with the vowel that follows."""
    if not feminine and not plural and starts_with_vowel(following):
        return adjective.before_vowel
    return adjective.forms[feminine + 2 * plural]


def possessed(pen: Pen, article: str, noun: Noun, plural: bool, named: Phrase) -> Phrase:
    """Write "le chien du médecin", "the doctor 's dog": the English owner comes first, and takes the article's place."""
    owner, unit = noun_phrase(pen, "P", "definite"), pen.unit()
    french, _ = articles(pen, article, noun.feminine, plural, named.french, False)
    mark = "'" if owner.english[-1][0].endswith("s") else "'s"
    return Phrase(
        [*french, *named.french, ("de", unit), *owner.french],
        [*owner.english, (mark, unit), *named.english],
    )
