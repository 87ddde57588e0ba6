"""Typed sentences become words as their languages write them, and words become sentences again."""

import pytest

from seqviz.corpora import CORPORA, held_out, joined, tokenise


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (" \t\n", []),
        ("Qu'est-ce que l’été?", ["qu'", "est-ce", "que", "l'", "été", "?"]),
        ("jusqu'à aujourd'hui", ["jusqu'", "à", "aujourd'hui"]),
        ("I don't know o'clock.", ["i", "don't", "know", "o'clock", "."]),
        ("the boys' and the man's hats", ["the", "boys", "'", "and", "the", "man", "'s", "hats"]),
        ("saftig-grünes Gras, 1.000,5 m", ["saftig-grünes", "gras", ",", "1.000,5", "m"]),
        ("e\u0301te\u0301", ["été"]),
        ("Chạy đi!", ["chạy", "đi", "!"]),
        ("我喜欢ABC。", ["我", "喜", "欢", "abc", "。"]),
        ("日本語です", list("日本語です")),
        ("<b>x</b>", ["<", "b", ">", "x", "<", "/", "b", ">"]),
        ("--", ["-", "-"]),
        ("আমি ভাত খাই", ["আমি", "ভাত", "খাই"]),
        ("தமிழ் நாடு", ["தமிழ்", "நாடு"]),
        ("నేను అన్నం తింటాను", ["నేను", "అన్నం", "తింటాను"]),
        ("תֵּלֶךְ שָׁלוֹם", ["תֵּלֶךְ", "שָׁלוֹם"]),
        ("می\u200cخواهم بروم", ["می\u200cخواهم", "بروم"]),
        ("a\u200d b\u200c", ["a", "b"]),
        ("น้ำดี", ["น้ำ", "ดี"]),
        ("co\u00adoperate \ufeffyes\u200bno \u200fok\u200e", ["cooperate", "yes", "no", "ok"]),
        ("👨\u200d👩\u200d👧 🇫🇷🇩🇪 👍🏽 ❤\ufe0f", ["👨\u200d👩\u200d👧", "🇫🇷", "🇩🇪", "👍🏽", "❤\ufe0f"]),
        ("x² ½ Ⅷ — « été »", ["x²", "½", "ⅷ", "—", "«", "été", "»"]),
    ],
)
def test_a_sentence_becomes_words(text, words):
    assert list(tokenise(text)) == words


@pytest.mark.parametrize("text", ["L'ami n'est-ce pas 3.5 boys' man's a_b (x) ½ é", "¡Qué ¿no? naïve œuvre ß Łódź"])
def test_the_quick_way_and_the_long_one_find_the_same_words(text, monkeypatch):
    quick = tokenise(text)
    monkeypatch.setattr("seqviz.corpora.text.FIRST_MARK", "\0")
    assert tokenise(text) == quick


def test_no_sign_is_lost_but_blanks():
    text = "a, b! (c) – «d» 5 % e/f @g #h & i_j 😀"
    assert "".join(tokenise(text)) == text.replace(" ", "")


def test_joined_words_read_like_a_sentence():
    assert joined(["l'", "ami", ",", "qu'", "il", "voit", "(", "ici", ")", "."]) == "l'ami, qu'il voit (ici)."
    assert joined(["我", "爱", "你", "。"]) == "我爱你。"
    assert joined(["the", "doctor", "'s", "dog"]) == "the doctor's dog"
    assert joined([]) == ""


@pytest.mark.parametrize("slug", CORPORA)
def test_a_corpus_reads_its_own_sentences_back(slug):
    corpus = CORPORA[slug]
    for pair in held_out(slug, 200, 14):
        assert corpus.split(corpus.written(pair.source)) == pair.source
        assert corpus.split(corpus.written(pair.source).upper()) == pair.source
