"""Cards are read back as written, and one page lists them all."""

from dataclasses import replace

import pytest

from seqviz.cards import Card, catalogue, read_cards, write_card
from seqviz.errors import StoreError

CARD = Card(
    name="characters-lstm",
    run="0123456789abcdef0123",
    title="LSTM, character language model",
    task="predict each next character of python-3.11.7-0123456789ab, in sequences of 100 steps",
    model="LSTM, 1 layer of 128 units, 130,000 weights",
    training="5000 steps of Adam at 0.004",
    finding="Some cells hold on for whole lines.",
    held_out="the last tenth of the text",
    loss=1.5,
    loss_name="cross-entropy (nats)",
    metric=0.61,
    metric_name="accuracy",
    sequences=1000,
    bits=2.25,
    seconds=321.0,
    machine="Linux x86_64, Python 3.11.7",
    versions={"torch": "2.13.0"},
)


def test_card_is_read_back_as_written(tmp_path):
    write_card(CARD, tmp_path)
    assert read_cards(tmp_path) == {CARD.name: CARD}


def test_card_takes_the_place_of_an_older_one(tmp_path):
    write_card(CARD, tmp_path)
    write_card(replace(CARD, loss=1.25), tmp_path)
    assert [card.loss for card in read_cards(tmp_path).values()] == [1.25]


def test_no_folder_has_no_cards(tmp_path):
    assert read_cards(tmp_path / "nowhere") == {}


@pytest.mark.parametrize("written", ["", "[]", '{"name": "adding-lstm"}'])
def test_damaged_card_is_a_store_error_that_names_the_file(tmp_path, written):
    write_card(CARD, tmp_path)
    (tmp_path / "cards" / "characters-lstm.json").write_text(written)
    with pytest.raises(StoreError, match=r"characters-lstm\.json cannot be read"):
        read_cards(tmp_path)


def test_catalogue_has_what_and_how_and_how_good():
    page = catalogue({CARD.name: CARD, "adding-rnn": replace(CARD, name="adding-rnn", bits=None)})
    told = ("## characters-lstm", CARD.finding, CARD.run, CARD.training, "accuracy 61.0%", "2.250 bits", "## adding-rnn")
    assert all(words in page for words in told)
    assert page.count("bits per character") == 1
