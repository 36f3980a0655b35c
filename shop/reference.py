"""Reference data every store needs: written after `migrate`, idempotent, never overwriting what staff changed.

What the database itself keeps true (the catalogue version) is set up here too.
"""

from typing import Any


def write_after_migrate(sender: Any, using: str = "default", **kwargs: Any) -> None:
    """Write the reference data when the tables are up to date (post_migrate)."""
    from shop.freshness.triggers import install
    from shop.pages.reference import write_reference as write_pages
    from shop.partner.reference import the_partner, write_payment_fee
    from shop.search.reference import write_reference as write_synonyms
    from shop.shipping.reference import write_reference as write_delivery
    from shop.storefront.shown import WATCHED

    the_partner()
    write_payment_fee(using)
    write_delivery(using)
    write_synonyms()
    write_pages()
    install(WATCHED, using)
