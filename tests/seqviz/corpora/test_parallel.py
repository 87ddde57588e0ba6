"""A person's translations are read as they come, and what is wrong with a file is said in one sentence."""

import gzip
import io
import zipfile

import pytest

from seqviz.corpora import ParallelLimits, parallel_pairs
from seqviz.errors import TextError


def test_a_file_with_tabs_may_have_further_columns_and_empty_lines():
    content = "Run!\tCours !\tCC-BY #1\tmore\r\n\r\nI see.\tJe vois.\n\n"
    pairs = parallel_pairs([("eng-fra.txt", content.encode())])
    assert [(pair.source, pair.target) for pair in pairs] == [
        (("run", "!"), ("cours", "!")),
        (("i", "see", "."), ("je", "vois", ".")),
    ]
    assert not any(pair.links for pair in pairs)


def test_two_files_are_read_line_by_line_and_pairs_with_an_empty_side_are_left_out():
    pairs = parallel_pairs([("a.en", b"one\n\nthree\n"), ("a.de", b"eins\nzwei\ndrei")])
    assert [(pair.source, pair.target) for pair in pairs] == [(("one",), ("eins",)), (("three",), ("drei",))]


def test_two_files_may_have_the_same_name():
    assert len(parallel_pairs([("train.txt", b"one"), ("train.txt", b"eins")])) == 1


def test_gzipped_files_are_unpacked():
    files = [("a.en.gz", gzip.compress(b"a cat\n")), ("a.fr.GZ", gzip.compress(b"un chat\n"))]
    assert parallel_pairs(files)[0].target == ("un", "chat")


def test_a_byte_order_mark_is_dropped_and_a_line_separator_splits_no_line():
    pairs = parallel_pairs([("a.txt", "\ufeffyes\u2028no\toui\n".encode())])
    assert [pair.source for pair in pairs] == [("yes", "no")]


def test_a_tatoeba_list_is_read_by_its_sentences():
    content = "1276\tLet's try.\t5089\tEssayons.\n1277\tGo.\t5090\tVa.\n"
    assert [pair.target for pair in parallel_pairs([("list.tsv", content.encode())])] == [("essayons", "."), ("va", ".")]
    assert parallel_pairs([("a", b"1276\tLet's try.\tEssayons.\n")])[0].source == ("let", "'s", "try", ".")


def test_a_lone_carriage_return_shifts_no_pair():
    pairs = parallel_pairs([("a.en", b"a one\nb two \r more\nc three\n"), ("a.fr", b"un\ndeux\ntrois\rplus\n")])
    assert [pair.target for pair in pairs] == [("un",), ("deux",), ("trois", "plus")]
    assert pairs[1].source == ("b", "two", "more")


def test_an_empty_last_line_has_a_pair_or_is_left_out():
    for files in ((b"a\nb\n\n", b"x\ny\nz\n"), (b"a\nb\n\n\n", b"x\ny")):
        pairs = parallel_pairs([("one", files[0]), ("other", files[1])])
        assert [(pair.source, pair.target) for pair in pairs] == [(("a",), ("x",)), (("b",), ("y",))]


def test_what_a_tokeniser_did_is_undone():
    pairs = parallel_pairs([("a", b"it &apos;s un@@ believ@@ able\tmulti @-@ modal &amp; so on\n")])
    assert pairs[0].source == ("it", "'s", "unbelievable")
    assert pairs[0].target == ("multi-modal", "&", "so", "on")


def test_a_zip_archive_of_two_files_is_two_files():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("corpus/a.en", "one\n")
        archive.writestr("corpus/a.fr", "un\n")
        archive.writestr("__MACOSX/._a.fr", "junk")
    assert parallel_pairs([("both.zip", packed.getvalue())])[0].target == ("un",)


def test_overlong_sentences_are_left_out():
    content = b"a b c\tx\na\ty\n"
    assert [pair.target for pair in parallel_pairs([("a", content)], ParallelLimits(words=2))] == [("y",)]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([], "choose a file of translations first"),
        ([("a", b"x")] * 3, "got 3 files"),
        ([("a.txt", b"x\ty\n\nno tab\n")], "line 3 has no tab: 'no tab'"),
        ([("a.en", b"x\ny\n"), ("a.de", b"x\n")], "'a.en' has 2 and 'a.de' has 1"),
        ([("a.txt", b"ab\xff\tc")], "'a.txt' must be UTF-8, but the byte 0xff at position 2 is not"),
        ([("a.txt", b"x\ty\0")], "plain text, got a binary file"),
        ([("a.txt", b"")], "'a.txt' must hold a sentence with its translation, got none"),
        ([("a.txt", b"\t\n \t \n")], "got none"),
        ([("a.txt", gzip.compress(b"x\ty\n" * 99)[:-9])], "'a.txt' is a gzip file, but cannot be unpacked"),
        ([("a.tsv", b"<!DOCTYPE html>\n<html lang=en>")], "'a.tsv' is a web page, not its data"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(files, message):
    with pytest.raises(TextError) as refused:
        parallel_pairs(files)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_small_gzip_file_that_unpacks_beyond_the_limit_is_refused():
    packed = gzip.compress(b"a\tb\n" * 100_000)
    with pytest.raises(TextError, match=r"at most 1,000 bytes unpacked on this server, 'bomb\.gz' goes beyond"):
        parallel_pairs([("bomb.gz", packed)], ParallelLimits(file_bytes=1000))


def test_the_limit_holds_for_both_files_together():
    with pytest.raises(TextError, match="'b' goes beyond"):
        parallel_pairs([("a", b"x" * 8), ("b", b"y" * 8)], ParallelLimits(file_bytes=10))


def test_too_many_lines_are_refused():
    with pytest.raises(TextError, match="at most 3 lines on this server, got 4"):
        parallel_pairs([("a", b"x\ty\n" * 4)], ParallelLimits(sentences=3))
