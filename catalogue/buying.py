"""Why something cannot be bought, in words for staff."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.models import Product


def obstacles(product: Product) -> list[str]:
    """Return every reason why a parent, or some of its variants, cannot be bought; empty when all can.

    Reads the product's design, images, and children with their stock records: prefetch them.
    """
    variants = list(product.children.all())
    return [*_of_product(product), *_of_variants(variants)]


def _of_product(product: Product) -> Iterable[str]:
    if not product.is_public:
        yield _("The product is not shown in the store.")
    if product.design is None or not product.design.is_public:
        yield _("Its design is not shown in the store.")
    if not product.images.all():
        yield _("It has no picture.")
    if not product.children.all():
        yield _("It has no variants, so there is nothing to choose.")


def _of_variants(variants: list[Product]) -> Iterable[str]:
    hidden = [v for v in variants if not v.is_public]
    unpriced = [v for v in variants if not v.stockrecords.all()]
    sold_out = [v for v in variants if any(record.available <= 0 for record in v.stockrecords.all())]
    if hidden:
        yield _listed(ngettext("%d variant is hidden", "%d variants are hidden", len(hidden)), hidden)
    if unpriced:
        yield _listed(
            ngettext(
                "%d variant has no price and stock", "%d variants have no price and stock", len(unpriced)
            ),
            unpriced,
        )
    if sold_out and len(sold_out) == len(variants):
        yield _("Every variant is sold out.")
    elif sold_out:
        yield _listed(ngettext("%d variant is sold out", "%d variants are sold out", len(sold_out)), sold_out)


def _listed(sentence: str, variants: list[Product]) -> str:
    names = ", ".join(f"{v.colour} {v.size.code}" if v.size else str(v.colour) for v in variants)
    return f"{sentence % len(variants)}: {names}."
