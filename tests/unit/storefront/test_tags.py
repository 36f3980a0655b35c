"""What templates write: money, measures, pictures."""

from decimal import Decimal
from functools import partial

import pytest
from django.utils import translation
from PIL import Image

from catalogue.models import Garment
from catalogue.pictures import save_card, save_picture
from catalogue.selectors import Card, Picture
from catalogue.sizing import Size
from shop.templatetags import shop as tags

PICTURE = Picture("products/abc.jpg", 'A "red" shirt', 1200, 1200, "red", True)


def test_money_is_written_as_people_read_it():
    assert tags.money(Decimal("25.00")) == "£25.00"
    assert tags.money(Decimal("0.50"), "EUR") == "€0.50"
    assert tags.money(None) == ""


def test_measures_are_written_in_both_units():
    assert (tags.centimetres(485), tags.inches(485)) == ("48.5", "19.1")
    assert (tags.centimetres(660), tags.inches(660)) == ("66", "26")
    assert (tags.centimetres(None), tags.inches(None)) == ("", "")


def test_a_picture_offers_every_format_and_width_with_its_real_size():
    html = tags.picture(PICTURE, sizes="50vw")
    assert html.index("image/avif") < html.index("image/webp") < html.index("<img")
    assert html.count("-1200.") == 3
    assert 'alt="A &quot;red&quot; shirt" width="1200" height="1200" loading="lazy">' in html


def test_a_picture_may_be_named_urgent_and_left_without_words():
    html = tags.picture(PICTURE, sizes="50vw", loading="eager", priority="high", alt="")
    assert 'alt="" width="1200" height="1200" loading="eager" fetchpriority="high"' in html


def a_card(**values):
    facts = {"pk": 7, "title": "Owl T-shirt", "design": "Owl", "design_id": 3, "garment": "T-shirt"}
    facts |= {"url": "/catalogue/owl_7/", "price": Decimal("25.00"), "price_varies": False, "dots": ()}
    return Card(**facts | {"picture": PICTURE, "is_sold_out": False} | values)


def test_cards_are_items_of_a_list_and_the_first_ones_pictures_are_asked_for_at_once():
    html = tags.product_cards([a_card(), a_card(design="Hen")], sizes="50vw", eager=1)
    assert html.startswith("<li>")
    assert html.count("</li>") == 2
    assert html.index('loading="eager"') < html.index("Hen") < html.rindex("</li>")
    assert html.count('loading="lazy"') == 1
    assert 'sizes="(min-resolution: 2.5dppx) and (max-width: 48rem) calc(33vw - 1rem), 50vw"' in html


def test_a_card_that_has_changed_is_drawn_again():
    assert "£25.00" in tags.product_cards([a_card()], sizes="50vw")
    assert "£26.00" in tags.product_cards([a_card(price=Decimal("26.00"))], sizes="50vw")
    sold_out = tags.product_cards([a_card(is_sold_out=True)], sizes="50vw")
    assert '<span class="badge">Sold out</span>' in sold_out
    assert "badge" not in tags.product_cards([a_card()], sizes="50vw")


def test_a_component_is_drawn_again_for_other_values_and_in_another_language():
    sizes = (Size("M", 520, 720, 210, 15),)
    draw = partial(tags.drawn_once, "components/size_guide.html", tolerance=15, fit="Straight cut.")
    assert "<td>52 cm " in draw(measures=sizes)
    assert draw(measures=sizes) is draw(measures=(Size("M", 520, 720, 210, 15),))
    assert "<td>53.5 cm " in draw(measures=(sizes[0]._replace(width_mm=535),))
    with translation.override("fr"):
        assert "<td>53,5 cm " in draw(measures=(sizes[0]._replace(width_mm=535),))


def test_a_component_takes_no_row_that_may_change_while_it_stays_equal():
    with pytest.raises(TypeError, match=r"components/card.html would not see a change of card"):
        tags.drawn_once("components/card.html", card=Garment(pk=1, name="T-shirt"))


def test_while_developing_a_component_is_always_drawn(settings):
    settings.DEBUG = True
    first, second = (tags.drawn_once("components/returns.html") for _ in range(2))
    assert first == second
    assert first is not second


def test_a_phone_may_be_offered_less():
    html = tags.picture(PICTURE, sizes="50vw", narrow=640)
    phone, *others = html.split("<source ")[1:]
    assert phone.startswith('type="image/avif" media="(max-width: 30rem)" srcset="')
    assert "-640.avif 640w" in phone
    assert "-1200." not in phone
    assert sum("media=" in source for source in others) == 1
    assert html.count("-1200.") == 3


def test_no_picture_draws_nothing():
    assert tags.picture(None) == ""


def test_a_card_has_a_whole_address_once_it_is_drawn(settings, tmp_path):
    settings.MEDIA_ROOT, settings.SITE_URL, settings.SHOP_NAME = tmp_path, "https://shop.example", "A Shop"
    name = save_picture(Image.new("RGB", (400, 400), "#2f4a68"))
    picture = Picture(name, "A blue shirt", 400, 400, "dusk", True)
    assert tags.product_card(picture, "Read Slowly", "T-shirt") == ""
    card = save_card(name, title="Read Slowly", garment="T-shirt", shop_name="A Shop")
    assert tags.product_card(picture, "Read Slowly", "T-shirt") == f"https://shop.example/media/{card}"
    assert tags.product_card(None, "Read Slowly", "T-shirt") == ""
