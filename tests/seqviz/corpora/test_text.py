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
    ],
)
def test_a_sentence_becomes_words(text, words):
    assert list(tokenise(text)) == words


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
