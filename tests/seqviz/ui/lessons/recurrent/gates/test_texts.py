"""Texts to read: ours are plain and short, slices lie in what is held out, and what is typed is held to its limit."""

import pytest


def test_our_own_texts_show_what_they_are_called_after():
    from seqviz.measures.properties import read_marks
    from seqviz.ui.lessons.recurrent.gates.texts import OWN

    for text in OWN.values():
        assert text.isascii()
        assert len(text) < 800
        compile(text, "text", "exec")
    assert read_marks(OWN["quotes"]).quotes.mean() > 0.15
    assert read_marks(OWN["docstrings"]).docstring.mean() > 0.3
    assert read_marks(OWN["comments"]).comment.mean() > 0.3
    assert read_marks(OWN["brackets"]).brackets.max() >= 5
    assert read_marks(OWN["indentation"]).indentation.max() >= 28


def test_every_text_has_a_title_and_a_source():
    from seqviz.ui.lessons.recurrent.gates.texts import OWN, PLACES, TEXTS

    assert set(TEXTS) == {*OWN, *PLACES, "typed"}
    assert min(PLACES.values()) > 0.9


def test_a_slice_is_whole_lines_of_the_held_out_part():
    from seqviz.ui.lessons.recurrent.gates.texts import held_out_slice

    text = "x = 1\n" * 5000 + "\n\ndef f(a):\n" + "    a += 1\n" * 200
    cut = held_out_slice(text, 0.92)
    assert cut.startswith("def f(a):\n")
    assert cut.endswith("\n")
    assert len(cut) <= 600
    assert held_out_slice("a" * 10_000, 0.92) == "a" * 600


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Type at least two characters for the network to read; there are none yet"),
        ("a", "Type at least two characters for the network to read; there is one yet"),
        ("a" * 2001, "a text to look at may have at most 2,000 characters on this server, got 2,001"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(text, said):
    from seqviz.errors import SeqvizError
    from seqviz.ui.lessons.recurrent.gates.texts import readable

    with pytest.raises(SeqvizError) as caught:
        readable(text, 2000)
    assert str(caught.value) == said
