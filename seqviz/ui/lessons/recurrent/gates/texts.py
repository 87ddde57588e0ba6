"""The texts that a network reads: a few examples, held-out slices, or typed text."""

from collections.abc import Mapping
from pathlib import Path

from seqviz.errors import LimitError, MissingTextError, TextError
from seqviz.measures.properties import definition_from
from seqviz.settings import settings
from seqviz.subjects.units import UNSEEN
from seqviz.ui.shell.cache import lab
from seqviz.ui.shell.page import Page

SLICE = 600  # characters

QUOTES = """\
def greet(name, language='en'):
    greetings = {'en': 'hello', 'fr': 'bonjour', 'vi': 'xin chao'}
    if language not in greetings:
        raise KeyError('no such language')
    if name in ('nobody', 'anybody'):
        name = 'friend'  # whoever 'friend' is
    words = [greetings[language], name, 'and', 'welcome']
    return ' '.join(words) + '!'

print(greet('Ada'), 'or', greet('Grace', language='fr'))
"""

BRACKETS = """\
def flatten(tree):
    return [leaf for branch in tree for leaf in (flatten(branch) if isinstance(branch, list) else [branch])]

points = [(0, 0), (1, (2, 3)), [[4], [5, [6, [7]]]]]
total = sum(len(flatten([one])) * (1 + (2 - (3 * (4 - 5)))) for one in points)
table = {'a': [1, {'b': (2, [3])}], 'c': {'d': {'e': ()}}}
check(all(isinstance(key, str) and table[key] for key in sorted(table)))
"""

COMMENTS = """\
# Halving the interval: the root lies where the sign changes.
# Each round costs one evaluation and gains one binary digit.
def halve(function, low, high, rounds=40):
    for i in range(rounds):  # enough for single precision
        middle = (low + high) / 2
        if function(low) * function(middle) <= 0:  # the change is on the left
            high = middle
        else:  # on the right, then
            low = middle
    return (low + high) / 2  # any point of what is left will do
"""

DOCSTRINGS = '''\
class Counter:
    """Count how often each thing was seen.

    Things that were never seen count as zero, and nothing
    can be seen less than that.
    """

    def __init__(self):
        self.counts = {}

    def see(self, thing):
        """Count one more of thing and return how often it was seen."""
        self.counts[thing] = self.counts.get(thing, 0) + 1
        return self.counts[thing]
'''

INDENTATION = """\
class Grid:
    def __init__(self, width, height):
        self.cells = [[0] * width for i in range(height)]

    def spread(self, row, column):
        for down in (-1, 0, 1):
            for right in (-1, 0, 1):
                if down or right:
                    if self.inside(row + down, column + right):
                        while self.cells[row][column] > 1:
                            self.cells[row][column] -= 1
                            yield row + down, column + right
        return None

size = 3
"""

TYPED = """\
say('hello')  # 'hello' again
"""

OWN: Mapping[str, str] = {
    "quotes": QUOTES,
    "docstrings": DOCSTRINGS,
    "comments": COMMENTS,
    "brackets": BRACKETS,
    "indentation": INDENTATION,
}
PLACES: Mapping[str, float] = {
    "unseen1": 0.92,
    "unseen2": 0.95,
    "unseen3": 0.98,
}  # shares of a text: its last tenth is held out

TEXTS: Mapping[str, str] = {
    "quotes": "code with quotes",
    "docstrings": "code with docstrings",
    "comments": "code with comments",
    "brackets": "code with nested brackets",
    "indentation": "code with deep indentation",
    "unseen1": "unseen text 1",
    "unseen2": "unseen text 2",
    "unseen3": "unseen text 3",
    "typed": "what I type",
}


def chosen_text(page: Page, learned: str) -> str:
    """Draw the choice of a text and return it.

    Args:
        page: its settings.
        learned: the name of the text that the network learned from.

    Raises:
        TextError: it is too short, or this server does not have it.
        LimitError: it is longer than this server allows.
    """
    name = page.control("text")
    if name != "typed":
        return OWN[name] if name in OWN else _unseen(learned, PLACES[name])
    return readable(page.control("typed").replace("\r\n", "\n"), settings().limits.typed_characters)


def readable(text: str, limit: int) -> str:
    """Return ``text`` if it can be read.

    Raises:
        TextError: it has fewer than two characters.
        LimitError: it has more than ``limit``.
    """
    if len(text) < 2:
        raise TextError(f"Type at least two characters for the network to read; there {'is one' if text else 'are none'} yet")
    if len(text) > limit:
        raise LimitError(f"a text to look at may have at most {limit:,} characters on this server, got {len(text):,}")
    return text


def _unseen(learned: str, share: float) -> str:
    try:
        return held_out_slice(lab().store.texts.read(learned), share)
    except MissingTextError:  # another Python's standard library: use the shipped source
        file = Path(settings().store.pretrained) / UNSEEN
        if not learned.startswith("python") or not file.is_file():
            raise
        return held_out_slice(file.read_text(encoding="utf-8"), share * 10 - 9)


def held_out_slice(text: str, share: float) -> str:
    """Return some whole lines of ``text`` from about ``share`` of it on, beginning with a definition where it is Python."""
    start = definition_from(text, int(len(text) * share))
    cut = text[start : start + SLICE]
    return cut[: cut.rfind("\n") + 1] or cut
