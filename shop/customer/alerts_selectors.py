"""What the pages of back-in-stock requests read."""

from dataclasses import dataclass

from catalogue.models import Product
from catalogue.selectors import Picture, pictures_of, product_url
from shop.basket import selectors as basket
from shop.customer.models import ProductAlert
from shop.partner.strategy import Strategy, is_sold


@dataclass(frozen=True, slots=True)
class Wanted:
    """A variant somebody would like to have; `available` is how many can be promised now."""

    variant: Product
    title: str
    name: str
    sku: str
    url: str
    picture: Picture | None
    available: int


def wanted(pk: int, *, variant: str = "", colour: str = "", size: str = "") -> Wanted | None:
    """Return the variant meant, itself or by its product and a choice; None when none is sold (5 queries)."""
    product = basket.product(pk)
    chosen = product and basket.variant_of(product, variant=variant, colour=colour, size=size)
    record = Strategy().select_stockrecord(chosen) if chosen else None
    if chosen is None or record is None or not is_sold(chosen):
        return None
    parent = chosen.parent or chosen
    pictures = pictures_of([parent.pk])[parent.pk]
    colour_code = chosen.colour.code if chosen.colour else ""
    return Wanted(
        variant=chosen,
        title=chosen.get_title(),
        name=basket.name_of(chosen),
        sku=record.partner_sku,
        url=f"{product_url(parent)}?variant={record.partner_sku}",
        picture=next(iter([p for p in pictures if p.colour == colour_code] or pictures), None),
        available=record.available,
    )


def open_requests(email: str) -> list[tuple[ProductAlert, str]]:
    """Return the open requests of an address with their variants' names, the oldest first (one query)."""
    requests = ProductAlert.objects.filter(email=email.lower(), status__in=ProductAlert.OPEN)
    related = requests.select_related("product__parent", "product__colour", "product__size")
    return [(request, basket.name_of(request.product)) for request in related.order_by("pk")]
