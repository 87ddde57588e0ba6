"""English and German verbs: the German one in two places, at the second and at the end, or both at the end."""

from collections.abc import Sequence
from typing import NamedTuple

from seqviz.corpora.german_lexicon import AUXILIARIES, BE, CAN, WAS, Verb
from seqviz.corpora.german_nouns import Nominal
from seqviz.corpora.pair import Pen, Word


class VerbGroup(NamedTuple):
    """A verb with what helps it."""

    english: list[Word]
    base: list[Word]  # what of the English follows the subject in a question
    helper: list[Word]  # and what precedes it
    finite: Word  # German, that agrees with the subject
    bracket: list[Word]  # German, that closes the clause: prefix, participle or infinitive
    separable: bool = False


class Clause(NamedTuple):
    """A clause with its German parts not in order yet."""

    english: list[Word]
    subject: list[Word]
    verbs: VerbGroup
    middle: list[Word]
    after: Sequence[Word] = ()  # a clause of its own, after all of that

    def german(self, order: str) -> list[Word]:
        """Return the German clause.

        Args:
            order: where the finite verb is: "second", "first" (after what was put in front) or "last" (subordinate).
        """
        finite, bracket = self.verbs.finite, self.verbs.bracket
        if order == "second":
            return [*self.subject, finite, *self.middle, *bracket, *self.after]
        if order == "first":
            return [finite, *self.subject, *self.middle, *bracket, *self.after]
        if self.verbs.separable:  # ruft … an, but: anruft
            (prefix, units), (verb, more) = bracket[0], finite
            return [*self.subject, *self.middle, (prefix + verb, units | more), *self.after]
        return [*self.subject, *self.middle, *bracket, finite, *self.after]


def verb_group(pen: Pen, who: Nominal, verb: Verb, tense: str, tone: int) -> VerbGroup:
    """Write a verb in the present, or in the past, which in German is the perfect; ``tone`` is the unit of "not", or 0."""
    unit, did = pen.unit(), pen.unit()
    particle: list[Word] = [(verb.particle, unit)] if verb.particle else []
    base: list[Word] = [(verb.english[0], unit), *particle]
    bracket: list[Word] = [(verb.prefix, unit)] if verb.prefix else []
    if tense == "present":
        helper: list[Word] = [("does" if who.form == 1 else "do", 0)]
        plain: list[Word] = [(verb.english[who.form == 1], unit), *particle]
        english = [*helper, ("not", tone), *base] if tone else plain
        return VerbGroup(english, base, helper, (verb.german[who.form], unit), bracket, bool(verb.prefix))
    helper, plain = [("did", did)], [(verb.english[2], unit), *particle]
    english = [*helper, ("not", tone), *base] if tone else plain
    auxiliary = (AUXILIARIES[verb.auxiliary][who.form], did | unit)
    return VerbGroup(english, base, helper, auxiliary, [(verb.participle, unit)])


def modal_group(pen: Pen, who: Nominal, modal: Verb, verb: Verb, tone: int) -> VerbGroup:
    """Write "wants to see" and "can see": the German infinitive closes the clause."""
    unit, will = pen.unit(), pen.unit()
    action: list[Word] = [(verb.english[0], unit), *([(verb.particle, unit)] if verb.particle else [])]
    finite, bracket = (modal.german[who.form], will), [(verb.prefix + verb.german[2], unit)]
    if modal is CAN:
        return VerbGroup([("can", will), *action], action, [("can", will)], finite, bracket)
    helper: list[Word] = [("does" if who.form == 1 else "do", 0)]
    base: list[Word] = [(modal.english[0], will), ("to", unit), *action]
    plain: list[Word] = [(modal.english[who.form == 1], will), *base[1:]]
    return VerbGroup([*helper, ("not", tone), *base] if tone else plain, base, helper, finite, bracket)


def being(pen: Pen, who: Nominal, tense: str, tone: int) -> VerbGroup:
    """Write "is" and "was", which need no "do"."""
    verb, unit = BE if tense == "present" else WAS, pen.unit()
    first = "am" if tense == "present" else "was"
    helper: list[Word] = [(first if who.form == 0 else verb.english[who.form == 1], unit)]
    return VerbGroup([*helper, ("not", tone)] if tone else helper, [], helper, (verb.german[who.form], unit), [])
