"""The German verb stands second or last, articles and nouns agree in case, and the links say which word is which."""

from functools import cache
from itertools import pairwise

from seqviz.corpora import learned

# An oracle of its own, written out rather than taken from the lexicon.
FINITE = {
    "bin", "ist", "sind", "war", "waren", "habe", "hat", "haben", "sehe",
    "sieht", "sehen", "liebe", "liebt", "lieben", "suche", "sucht", "suchen", "finde",
    "findet", "finden", "kaufe", "kauft", "kaufen", "esse", "isst", "essen", "schreibe",
    "schreibt", "schreiben", "helfe", "hilft", "helfen", "rufe", "ruft", "rufen", "lade",
    "lädt", "laden", "mache", "macht", "machen", "schlafe", "schläft", "schlafen", "singe",
    "singt", "singen", "arbeite", "arbeitet", "arbeiten", "spiele", "spielt", "spielen", "stehe",
    "steht", "stehen", "gebe", "gibt", "geben", "glaube", "glaubt", "glauben", "will",
    "wollen", "kann", "können", "kenne", "kennt", "kennen",
}  # fmt: skip
APART = {"anrufe", "anruft", "anrufen", "einlade", "einlädt", "einladen", "aufmache", "aufmacht", "aufmachen", "aufstehe"}
APART |= {"aufsteht", "aufstehen"}
GENDERS = {
    "m": "Mann Junge Freund Arzt Hund Vogel Apfel Kuchen Brief Schlüssel Garten Park",
    "f": "Frau Schwester Katze Tasche Tür Schule Stadt",
    "n": "Kind Mädchen Pferd Buch Auto Fenster Haus",
}
NOUNS = {noun: gender for gender, nouns in GENDERS.items() for noun in nouns.split()}
ARTICLES = {
    "der": "m f",
    "die": "f",
    "das": "n",
    "dem": "m n",
    "den": "m",
    "ein": "m n",
    "eine": "f",
    "einen": "m",
    "einem": "m n",
}
ARTICLES |= {"einer": "f", "kein": "m n", "keine": "f", "keinen": "m"}
DATIVE = ("m", "r", "n")  # the last letters of every article in the dative
PLACING = {"in", "vor", "hinter", "neben"}


@cache
def pairs():
    return learned("en-de", 6000, 16)


def clauses(target, starts):
    """Give the words from each of ``starts`` to the next comma, where no other clause begins inside."""
    for at, word in enumerate(target):
        if word in starts:
            end = next((i for i in range(at, len(target)) if target[i] in (",", "?")), len(target))
            yield target[at + 1 : end]


def test_with_the_time_in_front_the_verb_is_second():
    found = 0
    for target in (pair.target for pair in pairs()):
        at = {"heute": 1, "jetzt": 1, "gestern": 1}.get(target[0])
        if at:
            assert target[at] in FINITE, target
            found += 1
    assert found > 300


def test_in_a_subordinate_clause_the_verb_is_last():
    found = 0
    for target in (pair.target for pair in pairs()):
        for words in clauses(target, {"weil", "dass", "wenn", "als"}):
            if (
                "und" in words
                or "aber" in words
                or target[target.index(words[-1]) + 1 :][1:2] in (("der",), ("die",), ("das",))
            ):
                continue  # another main clause follows, or a relative clause comes between
            assert words[-1] in FINITE | APART, target
            found += 1
    assert found > 500


def test_after_a_fronted_clause_comes_the_verb():
    fronted = [pair.target for pair in pairs() if pair.target[0] in ("weil", "wenn", "als") and pair.target.count(",") == 1]
    assert len(fronted) > 100
    assert all(target[target.index(",") + 1] in FINITE for target in fronted)


def test_separable_verbs_are_apart_in_main_clauses_and_whole_in_subordinate_ones():
    called = [pair for pair in pairs() if "ruft" in pair.target]
    assert called
    for pair in called:
        verb, prefix, english = pair.target.index("ruft"), pair.target.index("an"), pair.source
        assert prefix > verb
        assert {english[here] for here, there in pair.links if there == verb} <= {"calls", "call"}
    assert any("anruft" in pair.target for pair in pairs())


def test_articles_agree_with_a_singular_noun_behind_them():
    found = 0
    for target in (pair.target for pair in pairs()):
        for article, noun in pairwise(target):
            if article in ARTICLES and noun in NOUNS and noun not in ("Mädchen", "Kuchen", "Schlüssel", "Fenster"):
                assert NOUNS[noun] in ARTICLES[article], target
                found += 1
    assert found > 1000


def test_places_are_in_the_dative_and_in_dem_is_im():
    for target in (pair.target for pair in pairs()):
        for at, word in enumerate(target[:-1]):
            if word in PLACING:
                assert target[at + 1].endswith(DATIVE), target
                assert (word, target[at + 1]) != ("in", "dem")


def test_the_participle_closes_its_clause():
    pair = next(pair for pair in pairs() if pair.source[1:3] == ("saw", "the") and pair.target[-1] == "gesehen")
    assert pair.target[1] in ("hat", "haben", "habe")
    assert {there for here, there in pair.links if here == 1} == {1, len(pair.target) - 1}


def test_not_a_is_one_word():
    pair = next(pair for pair in pairs() if {"kein", "keine", "keinen"} & set(pair.target))
    at = next(at for at, word in enumerate(pair.target) if word.startswith("kein"))
    assert {pair.source[here] for here, there in pair.links if there == at} <= {"not", "a", "an"}
    assert "not" in {pair.source[here] for here, there in pair.links if there == at}


def test_every_german_word_is_linked_but_commas_that_english_lacks():
    for pair in pairs():
        linked = {there for _, there in pair.links}
        assert {word for at, word in enumerate(pair.target) if at not in linked} <= {","}, pair


def test_every_english_word_is_linked_but_the_do_of_the_present():
    for pair in pairs():
        linked = {here for here, _ in pair.links}
        assert {word for at, word in enumerate(pair.source) if at not in linked} <= {"do", "does"}, pair


def test_commas_are_where_german_has_them():
    for target in (pair.target for pair in pairs()):
        assert target[0] != ","
        assert target[-1] != ","
        assert (",", ",") not in set(pairwise(target))
        for at, word in enumerate(target):
            if at and word in ("weil", "dass", "wenn", "als", "aber"):
                assert target[at - 1] == ",", target


def test_alignments_are_no_diagonal():
    crossing = [sum(a < c and b > d for a, b in pair.links for c, d in pair.links) for pair in pairs() if len(pair.source) >= 6]
    assert sum(crossing) / len(crossing) > 0.8
    assert sum(map(bool, crossing)) / len(crossing) > 0.4
