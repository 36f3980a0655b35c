"""The one Partner, to whom every stock record belongs."""

from shop.partner.models import Partner

PARTNER_CODE = "store"


def the_partner() -> Partner:
    """Return the one Partner, making it the first time; its name is left as staff wrote it."""
    partner, _ = Partner.objects.get_or_create(code=PARTNER_CODE, defaults={"name": "The store"})
    return partner
