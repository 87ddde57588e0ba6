"""Words written in two languages are linked by what they mean, and chance is the generator's alone."""

from random import Random

from seqviz.corpora.pair import Pen, paired


def test_words_that_share_a_unit_are_linked_wherever_they_stand():
    pair = paired([("il", 1), ("ne", 2), ("dort", 4), ("pas", 2)], [("he", 1), ("does", 0), ("not", 2), ("sleep", 4)])
    assert pair.links == {(0, 0), (1, 2), (3, 2), (2, 3)}


def test_a_word_of_two_units_is_linked_to_both():
    assert paired([("du", 3)], [("of", 1), ("the", 2)]).links == {(0, 0), (0, 1)}


def test_units_are_all_different():
    pen = Pen(Random(0), 0)
    units = [pen.unit() for _ in range(200)]
    assert len(set(units)) == 200
    assert all(unit.bit_count() == 1 for unit in units)


def test_room_is_taken_by_what_is_written_and_never_overdrawn():
    pen = Pen(Random(0), 3)
    assert not pen.affords(4, 1.0)
    assert pen.affords(3, 1.0)
    assert pen.room == 0
    assert not pen.affords(1, 1.0)


def test_options_are_about_as_likely():
    pen = Pen(Random(0), 0)
    drawn = [pen.pick("abc") for _ in range(3000)]
    assert all(900 < drawn.count(one) < 1100 for one in "abc")
