"""The words of sentences with long-distance dependencies, by class."""

from collections.abc import Mapping

Words = tuple[str, ...]

NAMES: Words = ("nora", "omar", "ines", "paul", "mira", "tom", "lena", "hugo")
THINGS: Words = ("key", "lamp", "cup", "boat", "letter", "coat", "clock", "drum")
SEVERAL: Words = tuple(f"{thing}s" for thing in THINGS)
NOUNS: Words = THINGS + SEVERAL
RARE: Words = ("kettle", "violin", "ladder", "mirror", "pencil", "saddle")  # which no network gets to know: each is <unk>
LANGUAGES: Mapping[str, str] = {
    "france": "french", "portugal": "portuguese", "greece": "greek", "japan": "japanese",
    "turkey": "turkish", "poland": "polish", "sweden": "swedish", "vietnam": "vietnamese",
}  # fmt: skip
ADJECTIVES: Words = ("old", "new", "red", "small", "clean", "heavy", "dark", "wet")
BESIDE: Words = ("near", "behind", "beside", "under")
DETERMINERS: Words = ("the", "her", "his")
JOINTS: Words = (".", ";", "and")
OPENERS: Words = ("later", "today", "then")
LOSING: Words = ("lost", "forgot", "dropped")
FINDING: Words = ("found", "saw", "took")
LIVING: Words = ("lived", "worked", "studied")
SPEAKING: Words = ("speaks", "reads", "writes")
NUMBERED: Words = ("is", "are")  # of one thing, and of several
PAST: Words = ("was", "were")

CLASSES: Mapping[str, Words] = {
    "names": NAMES,
    "things": NOUNS,
    "countries": tuple(LANGUAGES),
    "languages": tuple(LANGUAGES.values()),
    "adjectives": ADJECTIVES,
    "prepositions": (*BESIDE, "in"),
    "determiners": DETERMINERS,
    "what joins clauses": JOINTS,
    "words of time": OPENERS,
    "verbs of losing": LOSING,
    "verbs of finding": FINDING,
    "verbs of living": LIVING,
    "verbs of speaking": SPEAKING,
    "forms of to be": NUMBERED + PAST,
}  # each with at least two words: in its place a word can be replaced by the others

DEPENDENCY_WORDS: Words = tuple(word for words in CLASSES.values() for word in words)

_CLASS_OF: Mapping[str, Words] = {word: words for words in CLASSES.values() for word in words}


def others_of_class(word: str) -> Words:
    """Return every other word of the class of ``word``; of an unknown word, every name and every thing.

    >>> others_of_class("is")
    ('are', 'was', 'were')
    """
    return tuple(other for other in _CLASS_OF.get(word, NAMES + NOUNS) if other != word)
