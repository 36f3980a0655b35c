import pytest
from PIL import Image, ImageChops

from catalogue.mockups import CARD_SIZE, card

PICTURE = Image.new("RGB", (900, 900), "#2f4a68")
LONG = "A title of a hundred and twenty letters that no poster was ever wide enough to take in one go, or so they say"


def drawn(title: str = "Read Slowly", garment: str = "T-shirt", shop_name: str = "A Shop") -> Image.Image:
    return card(PICTURE, title=title, garment=garment, shop_name=shop_name)


def ink(sheet: Image.Image) -> tuple[int, int, int, int]:
    """The box of everything printed on the words' side."""
    words = sheet.crop((0, 0, CARD_SIZE[0] - CARD_SIZE[1], CARD_SIZE[1]))
    return ImageChops.difference(words, Image.new("RGB", words.size, "#f3ede1")).getbbox()


def test_a_card_is_1200_by_630_with_the_picture_on_the_right():
    sheet = drawn()

    assert (sheet.mode, sheet.size) == ("RGB", (1200, 630))
    assert sheet.getpixel((1150, 315)) == (47, 74, 104)


def test_every_word_changes_the_card():
    cards = {drawn(**words).tobytes() for words in ({}, {"title": "B"}, {"garment": "B"}, {"shop_name": "B"})}

    assert len(cards) == 4


def test_the_same_words_and_picture_are_the_same_card():
    assert drawn().tobytes() == drawn().tobytes()


@pytest.mark.parametrize("title", ["A", LONG, "Supercalifragilisticexpialidociousness" * 3, "", "Ж Ω ẞ 漢"])
def test_words_of_any_length_stay_in_their_column(title):
    left, top, right, bottom = ink(drawn(title=title, garment=LONG, shop_name=LONG))

    assert min(left, top) >= 50
    assert right <= CARD_SIZE[0] - CARD_SIZE[1] - 50
    assert bottom <= CARD_SIZE[1] - 40


def test_a_wide_picture_is_cut_not_squeezed():
    wide = Image.new("RGB", (1200, 600), "#c8321f")
    wide.paste("#2f4a68", (300, 0, 900, 600))

    assert card(wide, title="A", garment="B", shop_name="C").getpixel((580, 300)) == (47, 74, 104)
