"""English sentences in which one word decides another far behind it, drawn from a small grammar; the distance is chosen.

Fillers between the two decide nothing. Pairs of words are held out from learning: a name and a thing, a name and
a country, an adjective and its noun. Every word of a held-out pair is learned in other company.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from seqviz.corpora import dependency_lexicon as lexicon
from seqviz.corpora.corpus import is_held_out
from seqviz.registry import look_up

RARE_SHARE = 0.05  # of the nouns in fillers: so that a network learns what to make of a word that it does not know

Words = list[str]


@dataclass(frozen=True, kw_only=True)
class Dependency:
    """A sentence, and which word of it decides which."""

    kind: str  # a name of KINDS
    words: tuple[str, ...]
    cue: int  # position of the word that decides
    target: int  # position of the word that is decided
    fillers: int  # number of words between

    @property
    def distance(self) -> int:
        """How many words later the decided word comes."""
        return self.target - self.cue

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The words that could take the decided word's place if the deciding word were another."""
        return KINDS[self.kind].alternatives


Parts = tuple[Words, Words, tuple[str, str]]  # words before the fillers, words after, and the pair that may be held out


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One construction of the grammar."""

    alternatives: tuple[str, ...]
    cue: int
    behind: int  # words after the fillers and before the decided word
    draw: Callable[[Random], Parts]
    filler: Callable[[Random], Words]


def _return(random: Random) -> Parts:
    name, thing = random.choice(lexicon.NAMES), random.choice(lexicon.NOUNS)
    before = [name, random.choice(lexicon.LOSING), random.choice(lexicon.DETERMINERS), thing, random.choice(lexicon.JOINTS)]
    after = [random.choice(lexicon.OPENERS), name, random.choice(lexicon.FINDING), random.choice(lexicon.DETERMINERS), thing]
    return before, [*after, "."], (name, thing)


def _country(random: Random) -> Parts:
    name, country = random.choice(lexicon.NAMES), random.choice(tuple(lexicon.LANGUAGES))
    before = [name, random.choice(lexicon.LIVING), "in", country, random.choice(lexicon.JOINTS)]
    after = [random.choice(lexicon.OPENERS), name, random.choice(lexicon.SPEAKING), lexicon.LANGUAGES[country], "."]
    return before, after, (name, country)


def _subject(random: Random) -> Parts:
    adjective, noun = random.choice(lexicon.ADJECTIVES), random.choice(lexicon.NOUNS)
    verb = lexicon.NUMBERED[noun in lexicon.SEVERAL]
    before = [random.choice(lexicon.DETERMINERS), adjective, noun]
    return before, [verb, random.choice(lexicon.ADJECTIVES), "."], (adjective, noun)


def _clause(random: Random) -> Words:
    noun = _noun(random)
    verb = lexicon.PAST[noun in lexicon.SEVERAL]
    return [random.choice(lexicon.DETERMINERS), noun, verb, random.choice(lexicon.ADJECTIVES), random.choice(lexicon.JOINTS)]


def _distractor(random: Random) -> Words:
    return [random.choice(lexicon.BESIDE), random.choice(lexicon.DETERMINERS), _noun(random)]


def _noun(random: Random) -> str:
    return random.choice(lexicon.RARE if random.random() < RARE_SHARE else lexicon.NOUNS)


KINDS: Mapping[str, Kind] = {
    "return": Kind(alternatives=lexicon.NOUNS, cue=3, behind=4, draw=_return, filler=_clause),
    "country": Kind(alternatives=tuple(lexicon.LANGUAGES.values()), cue=3, behind=3, draw=_country, filler=_clause),
    "subject": Kind(alternatives=lexicon.NUMBERED, cue=2, behind=0, draw=_subject, filler=_distractor),
}


def draw_dependency(random: Random, kind: str, fillers: int, *, held: bool) -> Dependency:
    """Draw a sentence of one kind with so many fillers, of a pair that is held out from learning, or of one that is not.

    With the same state of ``random``, more fillers make the same sentence longer.

    Raises:
        UnknownNameError: there is no such kind.
    """
    spec = look_up(KINDS, kind, "kind of dependency")
    before, after, pair = spec.draw(random)
    while is_held_out((kind, *pair)) != held:
        before, after, pair = spec.draw(random)
    between = [word for _ in range(fillers) for word in spec.filler(random)]
    target = len(before) + len(between) + spec.behind
    return Dependency(kind=kind, words=(*before, *between, *after), cue=spec.cue, target=target, fillers=fillers)


def learned_dependencies(count: int, fillers: int) -> list[Dependency]:
    """Return ``count`` sentences to learn from, of every kind, with up to ``fillers`` fillers; the same ones at every call."""
    return _mixed(count, fillers, held=False)


def held_out_dependencies(count: int, fillers: int) -> list[Dependency]:
    """Return ``count`` sentences of held-out pairs, of every kind, with up to ``fillers`` fillers."""
    return _mixed(count, fillers, held=True)


def held_out_dependency(kind: str, fillers: int, number: int) -> Dependency:
    """Return the held-out sentence of one kind that has this number; more fillers make it longer.

    Raises:
        UnknownNameError: there is no such kind.
    """
    return draw_dependency(Random(f"{kind} {number}"), kind, fillers, held=True)


def _mixed(count: int, fillers: int, *, held: bool) -> list[Dependency]:
    random, kinds = Random(f"{'held out' if held else 'learned'} {fillers}"), tuple(KINDS)
    return [draw_dependency(random, random.choice(kinds), random.randint(0, fillers), held=held) for _ in range(count)]
