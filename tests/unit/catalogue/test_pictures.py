import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from catalogue.pictures import card_url, save_card, save_picture

WORDS = {"title": "Read Slowly", "garment": "T-shirt", "shop_name": "A Shop"}


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def picture(media):
    return save_picture(Image.new("RGB", (400, 400), "#2f4a68"))


def test_a_card_is_stored_once_and_found_by_what_it_shows(media, picture):
    assert card_url(picture, **WORDS) == ""
    name = save_card(picture, **WORDS)
    written = (media / name).stat().st_mtime_ns
    assert save_card(picture, **WORDS) == name
    assert (media / name).stat().st_mtime_ns == written
    assert card_url(picture, **WORDS) == f"/media/{name}"
    with default_storage.open(name) as file:
        assert Image.open(io.BytesIO(file.read())).size == (1200, 630)


def test_other_words_or_another_picture_are_another_card(picture):
    other = save_picture(Image.new("RGB", (400, 400), "#c8321f"))
    names = {
        save_card(picture, **WORDS),
        save_card(other, **WORDS),
        *(save_card(picture, **(WORDS | {key: "Other"})) for key in WORDS),
    }
    assert len(names) == 5


def test_a_renamed_product_has_no_card_until_one_is_drawn(picture):
    save_card(picture, **WORDS)
    assert card_url(picture, **(WORDS | {"title": "Read More Slowly"})) == ""


def test_a_card_of_a_lost_picture_is_refused_and_nothing_is_written(media):
    with pytest.raises(FileNotFoundError):
        save_card("products/lost.jpg", **WORDS)
    assert list(media.rglob("*.*")) == []
