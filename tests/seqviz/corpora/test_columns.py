"""The columns of sentences are found among those of numbers, codes and credits, whatever the table looks like."""

import pytest

from seqviz.corpora.columns import table_of
from seqviz.errors import TextError

PAIRS = [("Let's try.", "Essayons."), ("Go on!", "Continue !"), ("I see it.", "Je le vois."), ("No.", "Non.")]


@pytest.mark.parametrize(
    "row",
    [
        "{one}\t{two}",
        "{number}\t{one}\t{two}",
        "{number}\t{one}\t9{number}\t{two}",
        "{number}\teng\t{one}\tfra\t{two}",
        "{one}\t{two}\tCC-BY 2.0 (France) Attribution: tatoeba.org #1{number}",
        "0.{number}\t{one}\t{two}\thttps://example.org/{number}",
        '"{one}"\t"{two}"',
        "{one}\t{two}\ta note",
    ],
)
@pytest.mark.parametrize("header", [False, True])
def test_sentences_are_found(row, header):
    lines = [row.format(number=at + 10, one=one, two=two) for at, (one, two) in enumerate(PAIRS)]
    if header:
        lines.insert(0, "\t".join(["id", "source", "target", "lang", "score"][: lines[0].count("\t") + 1]))
    assert table_of("a.tsv", lines) == PAIRS


@pytest.mark.parametrize("mark", [",", ";"])
def test_a_table_of_a_spreadsheet(mark):
    lines = [f"source{mark}target", *(f'"{one}"{mark}"{two}"' for one, two in PAIRS)]
    assert table_of("a.csv", lines) == PAIRS
    assert table_of("a.csv", [f'"He said ""no""."{mark}"Il a dit ""non""."']) == [('He said "no".', 'Il a dit "non".')]


def test_a_sentence_that_begins_with_a_quotation_is_no_quoted_cell():
    lines = ['"No," he said.\t« Non », dit-il.', "Yes.\tOui."]
    assert table_of("a.tsv", lines)[0] == ('"No," he said.', "« Non », dit-il.")


def test_sentences_that_are_numbers_or_short_words_stay():
    short = [("go", "va"), ("no", "non"), ("yes", "oui"), ("we", "nous")]
    assert table_of("a.tsv", [f"{one}\t{two}" for one, two in short]) == short


def test_a_header_s_words_in_a_sentence_are_no_header():
    assert table_of("a.tsv", ["Text of it.\tTexte.", "Go.\tVa."])[0] == ("Text of it.", "Texte.")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["a, b\tc", "", "no tab"], "line 3 has no tab: 'no tab'"),
        (["1\tonly this", "2\tand this"], "of its 2 columns 1 is of sentences"),
        (["1\t2", "3\t4"], "of its 2 columns none are of sentences"),
    ],
)
def test_a_table_without_two_columns_of_sentences_is_said(lines, words):
    with pytest.raises(TextError, match=words):
        table_of("a.tsv", lines)
