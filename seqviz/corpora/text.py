"""A typed or stored sentence as words, and words as a sentence."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

import regex

# Scripts written without blanks: Thai, Lao, Burmese, Khmer, kana, Chinese characters.
BLANKLESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f"
)
ELISIONS = "jusqu|lorsqu|puisqu|quoiqu|qu|[cdjlmnst]"
LETTER = rf"(?![{BLANKLESS}])[\p{{L}}\p{{Nl}}\p{{No}}]"
INSIDE = rf"(?![{BLANKLESS}])[\p{{L}}\p{{N}}]"  # of a word
# In order: French elision apart ("l'" "ami"), a character of a script without blanks, a flag or a picture with all that is part
# of it, a number, a word with its marks, joiners, apostrophes and hyphens ("don't", "aujourd'hui", "saftig-grünes", "আমি"), the
# English possessive apart, any other sign.
TOKEN = regex.compile(
    rf"(?:{ELISIONS})'(?=[\p{{L}}\p{{Nl}}\p{{No}}])|(?=[{BLANKLESS}]|\p{{RI}}|\p{{Extended_Pictographic}})\X|"
    rf"\p{{Nd}}+(?:[.,:]\p{{Nd}}+)*|'s\b|"
    rf"{LETTER}(?:{INSIDE}|\p{{M}}|[\u200c\u200d](?=[\p{{L}}\p{{M}}])|['-](?={INSIDE})(?!s\b))*|[^\p{{L}}\p{{N}}\s_]\p{{M}}*|_"
)
# The same of texts without any such sign, as most are, by Python's own expressions, which are quicker.
PLAIN_TOKEN = re.compile(
    rf"(?:{ELISIONS})'(?=[^\W\d_])|\d+(?:[.,:]\d+)*|'s\b|[^\W\d_](?:[^\W_]|['-](?=[^\W_])(?!s\b))*|[^\w\s]|_"
)
FIRST_MARK = "\u0300"  # below it are letters, numbers and signs alone
# Signs that nobody sees: soft hyphens, directions, byte order marks.
INVISIBLE = re.compile("[\u00ad\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
ALONE = frozenset("\u200c\u200d\ufe0e\ufe0f")  # joiners and selectors with nothing to join or select
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
    >>> tokenise("আমি ভাত খাই")
    ('আমি', 'ভাত', 'খাই')
    """
    seen = INVISIBLE.sub("", unicodedata.normalize("NFC", text).replace("\u200b", " ")).translate(APOSTROPHES).lower()
    if not seen or max(seen) < FIRST_MARK:
        return tuple(PLAIN_TOKEN.findall(seen))
    return tuple(token for token in TOKEN.findall(seen) if token not in ALONE)


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
