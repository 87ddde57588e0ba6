"""The columns of sentences are found among those of numbers, codes and credits, whatever the table looks like."""

import pytest

from seqviz.corpora.columns import Columns, table_of
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
    assert table_of("a.tsv", lines).pairs() == PAIRS


@pytest.mark.parametrize("mark", [",", ";"])
def test_a_table_of_a_spreadsheet(mark):
    lines = [f"source{mark}target", *(f'"{one}"{mark}"{two}"' for one, two in PAIRS)]
    assert table_of("a.csv", lines).pairs() == PAIRS
    assert table_of("a.csv", [f'"He said ""no""."{mark}"Il a dit ""non""."']).pairs() == [('He said "no".', 'Il a dit "non".')]


def test_a_sentence_that_begins_with_a_quotation_is_no_quoted_cell():
    lines = ['"No," he said.\t« Non », dit-il.', "Yes.\tOui."]
    assert table_of("a.tsv", lines).pairs()[0] == ('"No," he said.', "« Non », dit-il.")


def test_sentences_that_are_numbers_or_short_words_stay():
    short = [("go", "va"), ("no", "non"), ("yes", "oui"), ("we", "nous")]
    assert table_of("a.tsv", [f"{one}\t{two}" for one, two in short]).pairs() == short


def test_a_header_s_words_in_a_sentence_are_no_header():
    assert table_of("a.tsv", ["Text of it.\tTexte.", "Go.\tVa."]).pairs()[0] == ("Text of it.", "Texte.")


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
        table_of("a.tsv", lines).pairs()


def test_a_table_says_what_its_columns_hold_and_where_two_are_not_clear_they_can_be_chosen():
    lines = [f"{at}\teng\t{one}\t{two}\t{two} {at}" for at, (one, two) in enumerate(PAIRS)]
    table = table_of("a.tsv", lines)
    assert table.kinds == ("numbers", "language codes", "sentences", "sentences", "sentences")
    assert not table.is_clear
    assert table.pairs() == PAIRS
    assert table.pairs(Columns(4, 2, header=False))[1] == ("Continue ! 1", "Go on!")
    assert table.pairs(Columns(0, 2, header=True))[0] == ("1", "Go on!")
    with pytest.raises(TextError, match=r"has columns 1 to 5, got 6 and 1"):
        table.pairs(Columns(5, 0, header=False))


def test_one_text_in_every_line_is_no_question_unless_nothing_else_is_there():
    assert table_of("a.tsv", [f"{one}\t{two}\tmore" for one, two in PAIRS]).is_clear
    assert table_of("a.tsv", ["x\ty"] * 5).pairs() == [("x", "y")] * 5
