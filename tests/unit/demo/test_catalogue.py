from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalogue.models import Design, GarmentSize, Product, ProductImage
from catalogue.pictures import FORMATS, WIDTHS, rendition_name
from shop.articles.models import Article, ArticleDesign
from shop.demo.artwork import ARTWORKS
from shop.demo.bulk import load_products
from shop.demo.drawing import Drawn, combinations
from shop.demo.orders import NothingToSell, load_orders
from shop.demo.sample import Loaded, write_sample
from shop.demo.stories import STORIES
from shop.order.models import Line, Order
from shop.partner.models import PieceCost, PriceChange, StockRecord
from shop.reviews.models import ProductReview
from shop.stock.models import StockMovement
from shop.stock.selectors import differences
from shop.transactions import durably

pytestmark = [
    pytest.mark.both,
    pytest.mark.django_db(transaction=True),
    # Oscar's own receiver of a saved category calls treebeard the old way.
    pytest.mark.filterwarnings("ignore:Using Category.get_tree:DeprecationWarning"),
]

PICTURES = {
    (blank, colour): f"products/{blank}-{colour}.jpg"
    for slug in ARTWORKS
    for blank, colour in combinations(slug)
}
COUNTED = (
    Design,
    Product,
    ProductImage,
    StockRecord,
    StockMovement,
    PriceChange,
    Article,
    ArticleDesign,
    GarmentSize,
    PieceCost,
    ProductReview,
)


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in COUNTED}


DRAWN = {
    slug: Drawn(
        f"artwork/{slug}.png", f"artwork/{slug}-dark.png", {key: PICTURES[key] for key in combinations(slug)}
    )
    for slug in ARTWORKS
}
STORY_PICTURES = {story.slug: f"stories/{story.slug}.jpg" for story in STORIES}


def load(story_pictures: dict[str, str] = STORY_PICTURES) -> Loaded:
    """Load the rows, as if all pictures had been drawn before."""
    return durably(lambda: write_sample(DRAWN, story_pictures, 1200))


def test_the_sample_catalogue_loaded_twice_is_the_same():
    load()
    first = counts()
    assert load().variants == 0
    assert counts() == first
    assert first["Design"] == 16
    assert first["Article"] == 6
    assert (first["PieceCost"], first["ProductReview"]) == (2, 9)
    assert first["StockRecord"] == first["PriceChange"] == Product.objects.filter(structure="child").count()
    assert differences() == []


def test_every_product_has_a_second_picture_of_one_colour_after_its_front():
    load()
    for product in Product.objects.filter(structure="parent").select_related("garment"):
        images = list(product.images.order_by("display_order"))
        (place,) = [place for place, image in enumerate(images) if not image.alt.endswith("front")]
        assert images[place].alt.endswith(
            "T-shirt, folded" if product.garment.kind == "tshirt" else "cushion, seen at an angle"
        )
        assert images[place].colour == images[place - 1].colour
        assert len({image.colour for image in images}) == len(images) - 1


def test_what_staff_changed_stays():
    load()
    Design.objects.filter(code="SNAIL").update(title="Read Slower", is_public=False)
    record = StockRecord.objects.order_by("pk").first()
    StockRecord.objects.filter(pk=record.pk).update(price=1)
    load()
    assert Design.objects.values_list("title", "is_public").get(code="SNAIL") == ("Read Slower", False)
    assert StockRecord.objects.get(pk=record.pk).price == 1


def test_some_sizes_are_sold_out_and_some_have_three_left():
    load()
    numbers = set(StockRecord.objects.values_list("num_in_stock", flat=True))
    assert {0, 3} < numbers


def test_broken_halfway_nothing_is_in_the_catalogue():
    before = counts()
    with pytest.raises(KeyError):
        load({})
    assert counts() == before


def test_plain_products_are_brought_up_to_a_number():
    assert load_products(31, PICTURES) == 31
    assert load_products(31, PICTURES) == 0
    assert load_products(40, PICTURES) == 9
    assert Product.objects.filter(structure="parent").count() == 40
    assert StockRecord.objects.count() == 240
    assert differences() == []


def test_sample_orders_hold_stock_exactly_and_leave_what_can_be_bought_as_it_was():
    load_products(5, PICTURES)
    available = {record.pk: record.available for record in StockRecord.objects.all()}
    assert load_orders(20) == 20
    assert load_orders(20) == 0
    assert load_orders(25) == 5
    assert Order.objects.filter(status="paid").count() == 25
    assert {record.pk: record.available for record in StockRecord.objects.all()} == available
    assert sum(Line.objects.values_list("num_allocated", flat=True)) == sum(
        StockRecord.objects.values_list("num_allocated", flat=True)
    )
    assert differences() == []


def test_a_sample_order_adds_up_to_the_penny():
    load_products(3, PICTURES)
    load_orders(10)
    for order in Order.objects.prefetch_related("lines"):
        lines = sum(line.line_price_incl_tax for line in order.lines.all())
        assert lines + order.shipping_incl_tax == order.total_incl_tax


def test_without_products_there_is_nothing_to_order():
    with pytest.raises(NothingToSell):
        load_orders(1)
    assert not Order.objects.exists()


@pytest.mark.parametrize("arguments", [["--products", "0"], ["--orders", "-1"], ["--picture-size", "10"]])
def test_a_number_that_makes_no_sense_is_refused_in_words(arguments):
    with pytest.raises(CommandError, match="takes a whole number from"):
        call_command("load_demo", *arguments, stdout=StringIO())
    assert not Product.objects.exists()


def test_renditions_lie_beside_the_original():
    assert rendition_name("products/abc.jpg", WIDTHS[0], FORMATS[0]) == "products/abc-320.avif"
