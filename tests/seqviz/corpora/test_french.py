"""The French agrees, the English is asked and denied with do, and the links say which word is which."""

from functools import cache
from itertools import pairwise

import pytest

from seqviz.corpora import learned

# An oracle of its own, written out rather than taken from the lexicon.
GENDERS = {
    "m": "homme garçon enfant ami médecin chat chien cheval oiseau gâteau livre chapeau jardin parc",
    "f": "femme fille sœur vache pomme lettre voiture clé maison école église ville",
}
PLURALS = {"cheval": "chevaux", "oiseau": "oiseaux", "gâteau": "gâteaux", "chapeau": "chapeaux"}
NOUNS = {
    form: (gender, number)
    for gender, nouns in GENDERS.items()
    for noun in nouns.split()
    for form, number in ((noun, "s"), (PLURALS.get(noun, noun + "s"), "p"))
}
ADJECTIVES = {
    "petit": "ms", "petite": "fs", "petits": "mp", "petites": "fp",
    "vieux": "msp", "vieil": "ms", "vieille": "fs", "vieilles": "fp",
    "beau": "ms", "bel": "ms", "belle": "fs", "beaux": "mp", "belles": "fp",
    "noir": "ms", "noire": "fs", "noirs": "mp", "noires": "fp",
    "blanc": "ms", "blanche": "fs", "blancs": "mp", "blanches": "fp",
    "fatigué": "ms", "fatiguée": "fs", "fatigués": "mp", "fatiguées": "fp",
    "rouge": "mfs", "rouges": "mfp", "triste": "mfs", "tristes": "mfp", "jeune": "mfs", "jeunes": "mfp",
    "célèbre": "mfs", "célèbres": "mfp", "grand": "ms", "grande": "fs", "grands": "mp", "grandes": "fp",
}  # fmt: skip
BEFORE = {form for form in ADJECTIVES if form[:3] in ("pet", "vie", "bea", "bel", "jeu", "gra")}
DETERMINERS = {
    "le": "ms", "un": "ms", "ce": "ms", "cet": "ms", "du": "ms", "au": "ms", "la": "fs",
    "une": "fs", "cette": "fs", "ma": "fs", "sa": "fs", "l'": "mfs", "mon": "mfs", "son": "mfs",
    "notre": "mfs", "leur": "mfs", "les": "mfp", "des": "mfp", "aux": "mfp", "ces": "mfp", "mes": "mfp",
    "ses": "mfp", "nos": "mfp", "leurs": "mfp", "deux": "mfp", "trois": "mfp", "quatre": "mfp", "de": "mfsp",
    "d'": "mfsp",
}  # fmt: skip
VOWELS = {"ami", "oiseau", "homme", "enfant"}  # singular and masculine: bel ami, vieil homme
BE = {"est": "s", "sont": "p"}
VERB_ENDINGS = {"nous": ("ons", "sommes"), "ils": ("nt",), "elles": ("nt",), "il": ("e", "t", "a"), "elle": ("e", "t", "a")}
VERB_ENDINGS |= {"je": ("e", "s", "x"), "j'": ("e",)}
CLITICS = {"ne", "n'", "me", "m'", "l'", "le", "la", "les", "nous", "leur"}


@cache
def pairs():
    return learned("fr-en", 6000, 16)


def agree(form, gender, number):
    return gender in form and number in form


def test_articles_and_adjectives_agree_with_their_noun():
    checked = 0
    for source in (pair.source for pair in pairs()):
        for at, word in enumerate(source):
            assert not (word in ("beau", "vieux") and source[at + 1 : at + 2] and source[at + 1] in VOWELS), source
            if word not in NOUNS:
                continue
            first = at
            while source[first - 1] in BEFORE and first > 0:
                first -= 1
            around = [ADJECTIVES[one] for one in source[first:at]] + [DETERMINERS[source[first - 1]]]
            if source[at + 1 : at + 2] and source[at + 1] in ADJECTIVES:
                around.append(ADJECTIVES[source[at + 1]])
            assert all(agree(form, *NOUNS[word]) for form in around), source
            checked += len(around)
    assert checked > 10_000


def test_what_a_noun_is_agrees_with_it():
    said = [
        (source[at], source[at + 1], word, source)
        for source in (pair.source for pair in pairs())
        for at, word in zip(range(-2, len(source)), source, strict=False)
        if at == 1 and source[at + 1] in BE and source[at] in NOUNS and word in ADJECTIVES
    ]
    assert len(said) > 100
    assert all(agree(ADJECTIVES[quality], *NOUNS[noun]) and BE[verb] in NOUNS[noun][1] for noun, verb, quality, _ in said)


def test_verbs_agree_with_a_pronoun_in_front():
    checked = 0
    for source in (pair.source for pair in pairs()):
        if source[0] in VERB_ENDINGS:
            at = next(at for at in range(1, len(source)) if source[at] not in CLITICS)
            assert source[at].endswith(VERB_ENDINGS[source[0]]), source
            checked += 1
    assert checked > 1000


def test_nothing_that_elides_or_contracts_is_left():
    for source in (pair.source for pair in pairs()):
        for word, after in pairwise(source):
            vowel = after[0] in "aàâeéèêiîoôœuyh"
            assert not (word in ("le", "la", "je", "me", "ne", "que", "de", "ce", "ma", "sa") and vowel), source
            assert vowel or not word.endswith("'"), source
            assert (word, after) not in {("de", "le"), ("de", "les"), ("à", "le"), ("à", "les")}, source


def test_an_adjective_after_its_noun_stands_before_it_in_english():
    pair = next(pair for pair in pairs() if pair.source[:3] == ("la", "voiture", "rouge"))
    assert pair.target[:3] == ("the", "red", "car")
    assert {(0, 0), (1, 2), (2, 1)} <= pair.links


@pytest.mark.parametrize(("second", "english"), [("pas", "not"), ("jamais", "never")])
def test_both_parts_of_a_negation_are_linked_to_one_word(second, english):
    found = 0
    for pair in pairs():
        if pair.source.count(second) == 1 and sum(word in ("ne", "n'") for word in pair.source) == 1:
            first = next(at for at, word in enumerate(pair.source) if word in ("ne", "n'"))
            to = pair.target.index(english)
            assert {here for here, there in pair.links if there == to} == {first, pair.source.index(second)}
            found += 1
    assert found > 100


def test_every_english_word_is_linked_but_the_do_of_a_negation():
    for pair in pairs():
        linked = {there for _, there in pair.links}
        for at, word in enumerate(pair.target):
            assert (at not in linked) == (word in ("do", "does") and pair.target[at + 1] == "not"), pair


def test_every_french_word_is_linked_but_the_article_before_an_english_genitive_and_that_of_a_question():
    for pair in pairs():
        linked = {here for here, _ in pair.links}
        loose = [word for at, word in enumerate(pair.source) if at not in linked]
        excused = sum(word in ("'s", "'") for word in pair.target) + 2 * pair.source.count("est-ce")
        assert len(loose) <= excused, pair


def test_contractions_are_linked_to_both_of_their_words():
    pair = next(pair for pair in pairs() if "au" in pair.source)
    at = pair.source.index("au")
    assert {pair.target[there] for here, there in pair.links if here == at} == {"to", "the"}


def test_object_pronouns_come_before_the_verb_and_after_it_in_english():
    found = [pair for pair in pairs() if pair.source[0] in VERB_ENDINGS and pair.source[1] == "la"]
    assert len(found) > 10
    for pair in found:
        to = dict(pair.links)
        assert pair.target[to[1]] == "her"
        assert to[2] < to[1]


def test_an_elided_pronoun_never_hides_who_is_meant():
    for pair in pairs():
        for at, word in enumerate(pair.source[:-1]):
            if word == "l'" and pair.source[at + 1].startswith("aim"):
                assert pair.source[at - 1] == "et", pair  # whoever the sentence names


def test_alignments_are_no_diagonal():
    crossing = [sum(a < c and b > d for a, b in pair.links for c, d in pair.links) for pair in pairs() if len(pair.source) >= 6]
    assert sum(crossing) / len(crossing) > 0.8
    assert sum(map(bool, crossing)) / len(crossing) > 0.4
