"""A typed or stored sentence as words, and words as a sentence."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

# Scripts written without blanks: Thai, Lao, Burmese, Khmer, kana, Chinese characters.
BLANKLESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f"
)
MARKS = "[\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u0900-\u0903\u093a-\u094f]"  # which no letter class of re holds
ELISIONS = "jusqu|lorsqu|puisqu|quoiqu|qu|[cdjlmnst]"
# In order: French elision apart ("l'" "ami"), a Japanese or Chinese character, a number, a word with its apostrophes
# and hyphens ("don't", "aujourd'hui", "est-ce", "saftig-grünes"), the English possessive apart, any other sign.
TOKEN = re.compile(
    rf"(?:{ELISIONS})'(?=[^\W\d_])|[{BLANKLESS}]|\d+(?:[.,:]\d+)*|'s\b|"
    rf"[^\W\d_{BLANKLESS}](?:[^\W_{BLANKLESS}]|\p|['-](?=[^\W_{BLANKLESS}])(?!s\b))*|[^\w\s]|_".replace(r"\p", MARKS)
)
APOSTROPHES = str.maketrans("’‘ʼ`´", "'''''")
CLOSING = frozenset({*".,;:!?…%)]}»”。、，！？", "'s", "'"})
OPENING = frozenset("([{«“¿¡")


def tokenise(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` in lower case, punctuation and French elisions apart, scripts without blanks by character.

    >>> tokenise("L’ami de Jean n'est-ce pas aujourd'hui?")
    ("l'", 'ami', 'de', 'jean', "n'", 'est-ce', 'pas', "aujourd'hui", '?')
    >>> tokenise("She doesn't see the man's 3.5 cats.")
    ('she', "doesn't", 'see', 'the', 'man', "'s", '3.5', 'cats', '.')
    >>> tokenise("我爱你。")
    ('我', '爱', '你', '。')
    """
    return tuple(TOKEN.findall(unicodedata.normalize("NFC", text).translate(APOSTROPHES).lower()))


def joined(words: Sequence[str]) -> str:
    """Return a sentence as it is written, with no blank after an elision and before punctuation.

    >>> joined(["est-ce", "qu'", "il", "voit", "l'", "ami", "?"])
    "est-ce qu'il voit l'ami?"
    """
    text = ""
    for word in words:
        text += word if not text or _glued(text, word) else f" {word}"
    return text


def _glued(text: str, word: str) -> bool:
    return word in CLOSING or text[-1] in OPENING or _elided(text) or _blankless(word, text)


def _elided(text: str) -> bool:
    return bool(re.search(rf"(?:^|\W)(?:{ELISIONS})'$", text))


def _blankless(word: str, text: str) -> bool:
    return bool(re.match(f"[{BLANKLESS}]", word) and re.search(f"[{BLANKLESS}。、，]$", text))


def spelt_as_known(words: Iterable[str], known: frozenset[str]) -> tuple[str, ...]:
    """Return each word as the one of ``known`` that differs only in capitals, and others as they are.

    >>> spelt_as_known(("i", "HUND", "x"), frozenset({"I", "Hund"}))
    ('I', 'Hund', 'x')
    """
    by_folded = {word.casefold(): word for word in sorted(known)}
    return tuple(word if word in known else by_folded.get(word.casefold(), word) for word in words)
