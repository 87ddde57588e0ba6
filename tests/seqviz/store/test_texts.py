"""A text is named by its content, and what cannot be learned from is refused in words."""

import bz2
import gzip
import lzma

import pytest

from seqviz.corpora import parallel_pairs
from seqviz.errors import MissingTextError, TextError
from seqviz.experiment.task import CharactersConfig
from seqviz.store import Store, standard_library


@pytest.fixture
def texts(tmp_path):
    return Store(str(tmp_path), text_bytes=1000).texts


def test_a_text_is_named_by_its_content_and_read_back(texts):
    name = texts.add("Ein Text. Tiếng Việt. 漢字")

    assert texts.read(name) == "Ein Text. Tiếng Việt. 漢字"
    assert texts.add("Ein Text. Tiếng Việt. 漢字".encode()) == name
    assert CharactersConfig(text=name).text == name
    assert texts.resolve(name) == name


def test_line_ends_and_byte_order_marks_do_not_make_another_text(texts):
    assert texts.add(b"\xef\xbb\xbfa\r\nb\rc") == texts.add("a\nb\nc")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, bytes])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_a_packed_file_or_another_encoding_is_the_same_text(texts, pack, encoding):
    assert texts.add(pack("où est\nla ville".encode(encoding))) == texts.add("où est\nla ville")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (gzip.compress(b"ab" * 501, mtime=0), "at most 1,000 bytes unpacked"),
        (b"", "at least two different characters, got an empty one"),
        ("a" * 7, "at least two different characters, got only 'a'"),
        (b"ab" * 501, "at most 1,000 bytes .* got 1,002"),
        (b"ab\xff\xfe", "UTF-8, got the byte 0xff at position 2"),
        (b"\x7fELF\x01\x00\x00ab", "binary file .* at position 4"),
        ("ab\ud800", "half a character at position 2"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_saying_why(texts, content, said):
    with pytest.raises(TextError, match=said):
        texts.add(content)


def test_a_missing_text_is_named(texts):
    with pytest.raises(MissingTextError, match="text-0123456789abcdef"):
        texts.read("text-0123456789abcdef")


def test_a_missing_standard_library_says_which_python_is_meant_and_which_runs_here(texts):
    with pytest.raises(MissingTextError, match=r"standard library of Python 3.7.1, .* runs Python 3\.\d+\.\d+"):
        texts.read("python-3.7.1-0123456789ab")


def test_a_name_never_leads_out_of_the_store(texts):
    with pytest.raises(MissingTextError):
        texts.read("text-../../../etc/passwd")


def test_a_kept_text_that_was_changed_is_missing(texts, tmp_path):
    name = texts.add("abc")
    (tmp_path / "texts" / f"{name}.txt").write_text("abd")

    with pytest.raises(MissingTextError):
        texts.read(name)


def test_the_standard_library_is_the_same_every_time_and_at_most_a_megabyte(texts, tmp_path):
    text = standard_library()
    standard_library.cache_clear()

    assert standard_library() == text
    assert 500_000 < len(text.encode()) <= 1_000_000
    name = texts.resolve("python")
    assert CharactersConfig(text=name).text == name
    assert texts.read(name) == texts.read("python") == text
    assert (tmp_path / "texts" / f"{name}.txt").exists()  # it outlives an upgrade of Python


def test_own_sentences_are_named_by_their_words_however_their_file_was_written(texts):
    plain = parallel_pairs([("a.tsv", b"Un chat.\tA cat.\textra\n")])
    packed = parallel_pairs([("a.fr.gz", gzip.compress(b"Un  chat.\r\n")), ("a.en", b"A cat.")])
    name = texts.add_pairs(plain)
    assert name == texts.add_pairs(packed)
    assert name.startswith("pairs-")
    assert texts.read(name) == "un chat .\ta cat .\n"
    with pytest.raises(MissingTextError, match="does not have the sentences pairs-0123456789abcdef"):
        texts.read("pairs-0123456789abcdef")
