"""Who ordered and where it goes, as Stripe collected it: cut to fit, never refused, the raw address kept."""

from oscar.apps.address.models import Country
from oscar.apps.order.models import ShippingAddress

from shop.order.models import Order
from shop.payments.outcomes import Buyer


def fill_in(order: Order, buyer: Buyer) -> None:
    """Write the buyer into a locked order; a second call changes nothing, and an anonymised order stays so."""
    if order.guest_email or order.shipping_address_id or order.anonymised_at:
        return
    cut = _Cutter()
    order.guest_email = cut(buyer.email, 254) if len(buyer.email) <= 254 else ""
    order.customer_name = cut(buyer.name or buyer.recipient, 255)
    order.phone = cut(buyer.phone, 40)
    order.raw_address = {"recipient": buyer.recipient, **buyer.address}
    order.shipping_address = _address(buyer, cut)
    order.address_cut = cut.has_cut
    order.save()


class _Cutter:
    """Cuts texts to what a column takes and remembers whether it had to."""

    def __init__(self) -> None:
        self.has_cut = False

    def __call__(self, text: str, length: int) -> str:
        clean = text.replace("\x00", "").strip()
        self.has_cut = self.has_cut or len(clean) > length
        return clean[:length]


def _address(buyer: Buyer, cut: _Cutter) -> ShippingAddress | None:
    given = buyer.address
    code = given.get("country", "")
    if len(code) != 2:
        return None
    country, _ = Country.objects.get_or_create(
        iso_3166_1_a2=code.upper(), defaults={"printable_name": code.upper(), "name": code.upper()}
    )
    return ShippingAddress.objects.create(
        last_name=cut(buyer.recipient or buyer.name, 255),
        line1=cut(given.get("line1", ""), 255),
        line2=cut(given.get("line2", ""), 255),
        line4=cut(given.get("city", ""), 255),
        state=cut(given.get("state", ""), 255),
        postcode=cut(given.get("postal_code", ""), 64),
        country=country,
    )
