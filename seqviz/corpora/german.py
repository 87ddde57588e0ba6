"""English to German, written at once: the verb second or last, verbs in two parts, case in articles and adjectives."""

from random import Random
from typing import NamedTuple

from seqviz.corpora.german_lexicon import (
    BELIEVE,
    CAN,
    EVERY_DAY,
    GIVE,
    JOINING,
    OBJECT_PRONOUNS,
    PLACES,
    SUBORDINATING,
    TIMES,
    VERBS,
    WANT,
    Verb,
)
from seqviz.corpora.german_nouns import DEFINITE, SUITING, Nominal, noun_phrase, pronoun
from seqviz.corpora.german_verbs import Clause, VerbGroup, being, modal_group, verb_group
from seqviz.corpora.pair import Pen, SentencePair, Word, paired
from seqviz.corpora.sandhi import spoken_english, written_german

Both = tuple[list[Word], list[Word]]  # English, German


class Objects(NamedTuple):
    """What a verb is done to: in German, pronouns precede the time, nouns follow it."""

    english: list[Word]
    pronouns: list[Word]
    nouns: list[Word]
    denies: bool = False


NOTHING: Both = ([], [])
DONE_BY = {kind: tuple(verb for verb in VERBS if kind in verb.subjects) for kind in "PA"}
NEEDS_NO_OBJECT = {kind: tuple(verb for verb in verbs if not verb.objects) for kind, verbs in DONE_BY.items()}
SEEK, FIND = (next(verb for verb in VERBS if verb.english[0] == english) for english in ("look", "find"))
IT = {"m": ("it", "ihn"), "f": ("it", "sie"), "n": ("it", "es"), "p": ("them", "sie")}
WHO = {"m": "der", "f": "die", "n": "das", "p": "die"}


def draw_german(random: Random, longest: int) -> SentencePair:
    """Draw an English sentence and its German translation, of some 2 to ``longest`` words, each length about as likely."""
    pen = Pen(random, 0)
    pen.room = pen.pick(range(2, longest + 1))
    english, german = sentence(pen)
    return paired(spoken_english(english), written_german(german))


def sentence(pen: Pen) -> Both:
    """Draw a question, a clause, or several of them, each in its order."""
    tense = "present" if pen.chance(0.6) else "past"
    if pen.affords(2, 0.12):
        return question(pen, tense)
    if pen.room >= 6 and pen.chance(0.15):
        return fronted(pen, tense)
    english, german = main(pen, tense)
    while pen.room >= 3 and pen.chance(0.8):
        more, mehr = another(pen, tense)
        english, german = english + more, german + mehr
    return english, german


def question(pen: Pen, tense: str) -> Both:
    """Draw a question: English asks with do, German with the verb in front."""
    who, mark = subject(pen), pen.unit()
    asked = predicate(pen, who, tense, 0, timed=True)
    said = asked.english[len(who.english) + len(asked.verbs.english) :]
    english = [*asked.verbs.helper, *who.english, *asked.verbs.base, *said]
    return [*english, ("?", mark)], [*asked.german("first"), ("?", mark)]


def main(pen: Pen, tense: str) -> Both:
    """Draw a main clause; with the time in front, the German verb comes before its subject."""
    if not pen.affords(1, 0.25):
        return clause(pen, tense, "second")
    english, german = moment(pen, tense)
    said, gesagt = clause(pen, tense, "first", "PPA")
    return english + said, german + gesagt


def fronted(pen: Pen, tense: str) -> Both:
    """Draw "because …, …": the subordinate clause is in front, so the main clause starts with its verb."""
    room, comma = pen.room, pen.unit()
    pen.room = pen.pick(range(3, room - 1))
    left = room - pen.room
    english, german = subordinate(pen, tense)
    pen.room += left
    said, gesagt = clause(pen, tense, "first")
    return [*english, (",", comma), *said], [*german[1:], (",", comma), *gesagt]


def another(pen: Pen, tense: str) -> Both:
    """Draw one more clause: a main one after and or but, or a subordinate one."""
    room = pen.room
    pen.room = pen.pick(range(3, room + 1))
    left = room - pen.room
    english, german = (subordinate if pen.chance(0.5) else joined)(pen, tense)
    pen.room += left
    return english, german


def joined(pen: Pen, tense: str) -> Both:
    """Draw a main clause with its conjunction, which leaves the order as it is."""
    unit, (english, german) = pen.unit(), pen.pick(JOINING)
    pen.room -= 1
    said, gesagt = clause(pen, tense, "second")
    comma: list[Word] = [(",", 0)] if english == "but" else []
    return [(english, unit), *said], [*comma, (german, unit), *gesagt]


def subordinate(pen: Pen, tense: str) -> Both:
    """Draw a subordinate clause with its comma: the verb comes last."""
    unit, (english, german) = pen.unit(), pen.pick(SUBORDINATING[tense])
    pen.room -= 1
    said, gesagt = clause(pen, tense, "last")
    return [(english, unit), *said], [(",", 0), (german, unit), *gesagt, (",", 0)]


def clause(pen: Pen, tense: str, order: str, kinds: str = "PPPPAAAFRTWL") -> Both:
    """Draw a clause in the order asked for; only one with the verb second has its time still to be said."""
    pen.room -= 2
    who = subject(pen, kinds)
    if who.kind == "P" and pen.affords(5, 0.2):
        said = believes(pen, who, tense)
    elif who.kind == "P" and tense == "present" and order != "last" and pen.affords(5, 0.15):
        said = seeks_and_finds(pen, who)
    else:
        tone = pen.unit() if pen.affords(2, 0.25) else 0
        said = predicate(pen, who, tense, tone, timed=order != "second" or who.kind not in "PA")
    return said.english, said.german(order)


def subject(pen: Pen, kinds: str = "PPPPAAAFRTWL") -> Nominal:
    """Draw a pronoun or a noun phrase, perhaps with a relative clause."""
    if not pen.affords(1, 0.65):
        return pronoun(pen)
    kind = pen.pick(kinds)
    who = noun_phrase(pen, kind, "N", None if kind in "PA" else DEFINITE)
    if kind not in "PA" or not pen.affords(3, 0.2):
        return who
    unit = pen.unit()
    relative = who._replace(english=[("who" if kind == "P" else "that", unit)], german=[(WHO[who.gender], unit)])
    that = predicate(pen, relative, "present", 0, timed=True)
    return who._replace(english=who.english + that.english, german=[*who.german, (",", 0), *that.german("last"), (",", 0)])


def believes(pen: Pen, who: Nominal, tense: str) -> Clause:
    """Draw what someone believes: the clause with "dass" ends in its verb."""
    unit, tone = pen.unit(), pen.unit() if pen.affords(2, 0.2) else 0
    verbs = verb_group(pen, who, BELIEVE, tense, tone)
    that, dass = clause(pen, tense, "last")
    return Clause(
        [*who.english, *verbs.english, ("that", unit), *that],
        who.german,
        verbs,
        [("nicht", tone)] if tone else [],
        [(",", 0), ("dass", unit), *dass, (",", 0)],
    )


def seeks_and_finds(pen: Pen, who: Nominal) -> Clause:
    """Draw "looks for the dog and finds it", where "it" has the gender of the German noun."""
    what, join, unit = noun_phrase(pen, "AFRT", "A", DEFINITE), pen.unit(), pen.unit()
    seeks, finds = verb_group(pen, who, SEEK, "present", 0), verb_group(pen, who, FIND, "present", 0)
    english, german = IT[what.gender]
    return Clause(
        [*who.english, *seeks.english, *what.english, ("and", join), *finds.english, (english, unit)],
        who.german,
        seeks,
        what.german,
        [("und", join), finds.finite, (german, unit)],
    )


def predicate(pen: Pen, who: Nominal, tense: str, tone: int, *, timed: bool) -> Clause:
    """Draw what the subject does, or is; ``tone`` is the unit of "not", or 0; one that is ``timed`` gets no time."""
    time = moment(pen, tense, daily=not tone) if not timed and pen.affords(1, 0.3) else NOTHING
    if who.kind not in "PA" or pen.affords(1, 0.15):
        return is_so(pen, who, tense, tone, time)
    if who.kind == "P" and pen.affords(4, 0.2):
        verb, done_to = GIVE, gift(pen, tone)
    else:
        verb = pen.pick((DONE_BY if pen.room >= 1 else NEEDS_NO_OBJECT)[who.kind])
        done_to = objects(pen, who, verb, tone)
    where = place(pen) if pen.affords(3, 0.4) else NOTHING
    denied: list[Word] = [("nicht", tone)] if tone and not done_to.denies else []
    verbs = doing(pen, who, verb, tense, tone)
    return Clause(
        [*who.english, *verbs.english, *done_to.english, *where[0], *time[0]],
        who.german,
        verbs,
        [*done_to.pronouns, *time[1], *done_to.nouns, *denied, *where[1]],
    )


def doing(pen: Pen, who: Nominal, verb: Verb, tense: str, tone: int) -> VerbGroup:
    """Draw the verb, perhaps with one that wants it or can."""
    if tense == "past" or not pen.affords(1, 0.3):
        return verb_group(pen, who, verb, tense, tone)
    return modal_group(pen, who, WANT if tone or pen.chance(0.5) else CAN, verb, tone)


def objects(pen: Pen, who: Nominal, verb: Verb, tone: int) -> Objects:
    """Draw the object of a verb that has one, in the case that the verb asks for."""
    if not verb.objects:
        return Objects([], [], [])
    if "P" in verb.objects and pen.chance(0.4):
        english, accusative, dative, own = pen.pick(OBJECT_PRONOUNS)
        while who.english[0][0] in own:
            english, accusative, dative, own = pen.pick(OBJECT_PRONOUNS)
        unit = pen.unit()
        return Objects([(english, unit)], [(accusative if verb.case == "A" else dative, unit)], [])
    pen.room -= 2
    what = noun_phrase(pen, verb.objects, verb.case, tone=tone)
    return Objects(what.english, [], what.german, what.denies)


def gift(pen: Pen, tone: int) -> Objects:
    """Draw what is given to whom: in English either way round, in German whom first."""
    whom, what = noun_phrase(pen, "P", "D", DEFINITE), noun_phrase(pen, GIVE.objects, "A", tone=tone)
    unit = pen.unit()
    if pen.chance(0.4):
        return Objects([*whom.english, *what.english], [], [*whom.german, *what.german], what.denies)
    (first, units), rest = whom.german[0], whom.german[1:]
    english = [*what.english, ("to", unit), *whom.english]
    return Objects(english, [], [(first, units | unit), *rest, *what.german], what.denies)


def is_so(pen: Pen, who: Nominal, tense: str, tone: int, time: Both) -> Clause:
    """Draw a quality of the subject, or where it is."""
    verbs = being(pen, who, tense, tone)
    if who.kind in "PAT" and pen.affords(2, 0.3):
        english, german = place(pen)
    else:
        said, unit = {word for word, _ in who.english}, pen.unit()
        quality = pen.pick([one for one in SUITING[who.kind] if one.english not in said])
        english, german = [(quality.english, unit)], [(quality.german, unit)]
    denied: list[Word] = [("nicht", tone)] if tone else []
    return Clause([*who.english, *verbs.english, *english, *time[0]], who.german, verbs, [*time[1], *denied, *german])


def moment(pen: Pen, tense: str, *, daily: bool = False) -> Both:
    """Draw when it happens: "every day" only where it may, for "not every day" is something else."""
    times = (*TIMES[tense], EVERY_DAY) if daily and tense == "present" else TIMES[tense]
    unit, (english, german) = pen.unit(), pen.pick(times)
    return [(word, unit) for word in english], [(word, unit) for word in german]


def place(pen: Pen) -> Both:
    """Draw where it happens: in the dative; "in dem" is written "im"."""
    unit, (english, german), where = pen.unit(), pen.pick(PLACES), noun_phrase(pen, "L", "D")
    return [*[(word, unit) for word in english], *where.english], [(german, unit), *where.german]
