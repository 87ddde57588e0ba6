"""French to English, written at once: adjectives after their noun, ne … pas, object pronouns before the verb, agreement."""

from random import Random

from seqviz.corpora.french_lexicon import (
    BE,
    CONJUNCTIONS,
    GIVE,
    GO,
    OBJECT_PRONOUNS,
    PARTS_OF_DAY,
    PLACES,
    TALK,
    THINK,
    TIMES,
    TO_PRONOUNS,
    VERBS,
    WANT,
    Verb,
)
from seqviz.corpora.french_nouns import NOTHING, SUITING, Nominal, Phrase, agreeing, noun_phrase, pronoun
from seqviz.corpora.french_verbs import english_verb, mood, object_pronoun, predicate
from seqviz.corpora.pair import Pen, SentencePair, Word, paired
from seqviz.corpora.sandhi import spoken_english, spoken_french

DONE_BY = {kind: tuple(verb for verb in VERBS if kind in verb.subjects) for kind in "PA"}
NEEDS_NO_OBJECT = {kind: tuple(verb for verb in verbs if not verb.objects) for kind, verbs in DONE_BY.items()}
DONE_TO = {kind: tuple(verb for verb in VERBS if kind in verb.objects) for kind in "PAFRTL"}
OWNERS = frozenset({"my", "our", "their", "his", "her"})
SEEK, FIND, LOVE = (next(verb for verb in VERBS if verb.english[0] == english) for english in ("look", "find", "love"))


def draw_french(random: Random, longest: int) -> SentencePair:
    """Draw a French sentence and its English translation, of some 2 to ``longest`` words, each length about as likely."""
    pen = Pen(random, 0)
    pen.room = pen.pick(range(2, longest + 1))
    french, english = sentence(pen)
    return paired(spoken_french(french), spoken_english(english))


def sentence(pen: Pen) -> Phrase:
    """Draw a question, a clause, or clauses joined by conjunctions."""
    if pen.affords(3, 0.12):
        return question(pen)
    said = NOTHING
    while pen.room >= 7 and pen.chance(0.7):
        left = pen.room - (here := pen.pick(range(3, pen.room - 2)))
        pen.room = here
        said = said.then(clause(pen, leads=said is NOTHING)).then(conjunction(pen))
        pen.room += left - 1
    return said.then(clause(pen, leads=said is NOTHING))


def conjunction(pen: Pen) -> Phrase:
    """Draw one: parce que is two words for one."""
    french, english = pen.pick(CONJUNCTIONS)
    unit = pen.unit()
    return Phrase([(word, unit) for word in french], [(english, unit)])


def question(pen: Pen) -> Phrase:
    """Draw a question with est-ce que, which is do or does; with être, the English verb itself moves to the front."""
    who, asks, unit, mark = subject(pen), pen.unit(), pen.unit(), pen.unit()
    ask: list[Word] = [("est-ce", asks), ("que", asks)]
    end: list[Word] = [("?", mark)]
    if who.kind not in "PA" or pen.chance(0.3):
        said = quality(pen, who)
        french, english = [(BE.forms[who.form], unit)], [*english_verb(BE, who.form, unit), *who.english]
    else:
        verb = pen.pick(DONE_BY[who.kind])
        said = complement(pen, verb, "plain", who)
        french = [(verb.forms[who.form], unit)]
        english = [("does" if who.form == 1 else "do", asks), *who.english, *english_verb(verb, 0, unit)]
    return Phrase([*ask, *who.french, *french, *said.french, *end], [*english, *said.english, *end])


def clause(pen: Pen, *, leads: bool = False) -> Phrase:
    """Draw a clause, perhaps with the time at the end or, where it leads, in front, perhaps as what someone thinks."""
    pen.room -= 2
    early = moment(pen) if leads and pen.affords(1, 0.15) else NOTHING
    who = subject(pen, "PPA" if early is not NOTHING else "PPPPAAAFRTTL")
    if who.kind == "P" and pen.affords(4, 0.15):
        that, thinks = pen.unit(), predicate(pen, who, THINK)  # denied, it would ask for the subjunctive
        return early.then(who.phrase).then(thinks).then(Phrase([("que", that)], [("that", that)])).then(clause(pen))
    said = early.then(who.phrase).then(does(pen, who))
    timeless = early is NOTHING and who.kind in "PA"
    return said.then(moment(pen)) if timeless and pen.affords(1, 0.3) else said


def moment(pen: Pen) -> Phrase:
    """Draw when: today, now, or "le soir", in the evening."""
    unit = pen.unit()
    if pen.affords(1, 0.4):
        (french, english), part = pen.pick(PARTS_OF_DAY), pen.unit()
        return Phrase([("le", unit), (french, part)], [("in", unit), ("the", unit), (english, part)])
    french, english = pen.pick(TIMES)
    return Phrase([(french, unit)], [(english, unit)])


def subject(pen: Pen, kinds: str = "PPPPAAAFRTTL") -> Nominal:
    """Draw a pronoun, a noun phrase, or two of them, which are masculine unless both are feminine."""
    if not pen.affords(1, 0.65):
        return pronoun(pen)
    kind = pen.pick(kinds)
    first = noun_phrase(pen, kind, "plain" if kind in "PA" else "definite")
    if first.kind not in "PA" or not pen.affords(3, 0.2):
        return described(pen, first)
    unit, other = pen.unit(), noun_phrase(pen, first.kind)
    french, english = [*first.french, ("et", unit), *other.french], [*first.english, ("and", unit), *other.english]
    return Nominal(french, english, 3, first.feminine and other.feminine, first.kind)


def described(pen: Pen, what: Nominal) -> Nominal:
    """Add a relative clause, if there is room: "qui dort", or "que je vois"."""
    if what.english[0][0] in OWNERS or not pen.affords(3, 0.3):
        return what
    unit = pen.unit()
    if what.kind in "PA" and pen.chance(0.6):
        said = Phrase([("qui", unit)], [("who" if what.kind == "P" else "that", unit)]).then(does(pen, what))
    else:
        who, verb = pronoun(pen), pen.pick(DONE_TO[what.kind])
        said = Phrase([("que", unit)], [("that", unit)]).then(who.phrase).then(predicate(pen, who, verb))
    return what._replace(french=what.french + said.french, english=what.english + said.english)


def does(pen: Pen, who: Nominal) -> Phrase:
    """Draw what the subject does, or is."""
    if who.kind not in "PA" or pen.affords(1, 0.15):
        return is_so(pen, who)
    if who.kind == "P" and pen.room >= 2 and pen.chance(0.25):
        return pen.pick((gives, talks, goes))(pen, who)
    if pen.affords(6, 0.12):
        return seeks_and_finds(pen, who)
    verb, how = pen.pick((DONE_BY if pen.room >= 1 else NEEDS_NO_OBJECT)[who.kind]), mood(pen, 0.5)
    if pen.affords(1, 0.12):
        return wants(pen, who, verb, how)
    if "P" in verb.objects and pen.chance(0.35):
        clitic = object_pronoun(pen, who, OBJECT_PRONOUNS, verb.forms[who.form])
        return predicate(pen, who, verb, how, clitic.after.then(place(pen)), clitic)
    return predicate(pen, who, verb, how, complement(pen, verb, how, who).then(place(pen)))


def complement(pen: Pen, verb: Verb, how: str, who: Nominal) -> Phrase:
    """Draw the object of a verb that has one."""
    if not verb.objects:
        return NOTHING
    pen.room -= 2
    what = noun_phrase(pen, verb.objects, how, who)
    return (what if how in ("not", "never") else described(pen, what)).phrase


def place(pen: Pen) -> Phrase:
    """Draw where or with whom it happens, if there is room."""
    if not pen.affords(3, 0.5):
        return NOTHING
    if pen.chance(0.7):
        return located(pen)
    unit = pen.unit()
    return Phrase([("avec", unit)], [("with", unit)]).then(noun_phrase(pen, "P").phrase)


def located(pen: Pen) -> Phrase:
    """Draw a place: "devant" is "in front of", and "près de" is "near"."""
    (french, english), unit = pen.pick(PLACES), pen.unit()
    near = Phrase([(word, unit) for word in french], [(word, unit) for word in english])
    return near.then(noun_phrase(pen, "L").phrase)


def wants(pen: Pen, who: Nominal, verb: Verb, how: str) -> Phrase:
    """Draw "wants to …"; an object pronoun precedes the infinitive."""
    unit = pen.unit()
    clitic = object_pronoun(pen, who, OBJECT_PRONOUNS, verb.infinitive) if "P" in verb.objects and pen.chance(0.5) else None
    said = clitic.after if clitic else complement(pen, verb, how, who)
    french: list[Word] = [*(clitic.before if clitic else ()), (verb.infinitive, unit), *said.french]
    return predicate(pen, who, WANT, how, Phrase(french, [("to", unit), *english_verb(verb, 0, unit), *said.english]))


def gives(pen: Pen, who: Nominal) -> Phrase:
    """Draw a gift: to someone, or with a pronoun before the verb."""
    how = mood(pen, 0.6)
    if pen.chance(0.5):
        clitic = object_pronoun(pen, who, TO_PRONOUNS, GIVE.infinitive)
        return predicate(pen, who, GIVE, how, clitic.after.then(complement(pen, GIVE, how, who)), clitic)
    pen.room -= 2
    gift = noun_phrase(pen, GIVE.objects, how, who)
    return predicate(pen, who, GIVE, how, gift.phrase.then(towards(pen, "P")))


def talks(pen: Pen, who: Nominal) -> Phrase:
    """Draw whom someone talks to."""
    how = mood(pen, 0.6)
    if pen.chance(0.5):
        return predicate(pen, who, TALK, how, towards(pen, "P").then(place(pen)))
    clitic = object_pronoun(pen, who, TO_PRONOUNS, TALK.infinitive)
    to = Phrase([], [("to", clitic.before[0][1])])
    return predicate(pen, who, TALK, how, to.then(clitic.after).then(place(pen)), clitic)


def goes(pen: Pen, who: Nominal) -> Phrase:
    """Draw where someone goes."""
    return predicate(pen, who, GO, mood(pen, 0.6), towards(pen, "L"))


def towards(pen: Pen, kinds: str) -> Phrase:
    """Draw to whom, or where to; "à le" is written "au"."""
    pen.room -= 2
    unit = pen.unit()
    return Phrase([("à", unit)], [("to", unit)]).then(noun_phrase(pen, kinds).phrase)


def seeks_and_finds(pen: Pen, who: Nominal) -> Phrase:
    """Draw "looks for the dog and finds it": the pronoun takes the gender of its noun, but "l'" shows none."""
    what, join, unit = noun_phrase(pen, "PA", "definite"), pen.unit(), pen.unit()
    french = "les" if what.form == 3 else "la" if what.feminine else "le"
    english = "them" if what.form == 3 else "it" if what.kind == "A" else "her" if what.feminine else "him"
    seeks = predicate(pen, who, SEEK, "plain", what.phrase)
    it = Phrase([(french, unit)], [(english, unit)])
    finds = predicate(pen, who, pen.pick((FIND, LOVE)), "plain", Phrase([], it.english))
    return seeks.then(Phrase([("et", join), *it.french], [("and", join)])).then(finds)


def is_so(pen: Pen, who: Nominal) -> Phrase:
    """Draw a quality of the subject, or where it is."""
    how = mood(pen, 0.6)
    if who.kind in "PAT" and pen.affords(2, 0.3):
        return predicate(pen, who, BE, how, located(pen))
    return predicate(pen, who, BE, how, quality(pen, who))


def quality(pen: Pen, who: Nominal) -> Phrase:
    """Draw an adjective that agrees with the subject, and that was not said of it yet."""
    said = {word for word, _ in who.english}
    adjective, unit = pen.pick([one for one in SUITING[who.kind] if one.english not in said]), pen.unit()
    return Phrase([(agreeing(adjective, who.feminine, who.form >= 2), unit)], [(adjective.english, unit)])
