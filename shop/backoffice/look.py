"""How the back office looks and what its sidebar lists; read by settings, so it imports no model."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

#: One signal red and the greys of paper, as tailwind counts them.
RED = {
    "50": "#fff3f0", "100": "#ffe2dc", "200": "#ffc6bb", "300": "#ff9d8a", "400": "#ff6f55", "500": "#ff5a3f",
    "600": "#c8190a", "700": "#a81508", "800": "#8b130a", "900": "#74150d", "950": "#400703",
}  # fmt: skip
PAPER = {
    "50": "#faf8f4", "100": "#f3efe7", "200": "#e6dfd2", "300": "#d0c7b7", "400": "#a89d8c", "500": "#756b5f",
    "600": "#574f46", "700": "#453e37", "800": "#2a2521", "900": "#1a1613", "950": "#100d0b",
}  # fmt: skip


def _may_view(model: str) -> Callable[[HttpRequest], bool]:
    """Tell whether the person may see (or change) rows of `app.model`."""
    app, name = model.split(".")

    def permission(request: HttpRequest) -> bool:
        return any(request.user.has_perm(f"{app}.{verb}_{name}") for verb in ("view", "change"))

    return permission


def _item(title: Any, icon: str, model: str) -> dict[str, Any]:
    link = reverse_lazy(f"admin:{model.replace('.', '_')}_changelist")
    return {"title": title, "icon": icon, "link": link, "permission": _may_view(model)}


def _group(title: Any, *items: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "separator": True, "items": list(items)}


_DEMAND = reverse_lazy("admin:partner_stockrecord_demand")
NAVIGATION = [
    {"items": [{"title": _("Home"), "icon": "home", "link": reverse_lazy("admin:index")}]},
    {
        "items": [
            _item(_("Orders"), "package_2", "order.order"),
            _item(_("Stock"), "inventory_2", "partner.stockrecord"),
            {**_item(_("Print again"), "print", "partner.stockrecord"), "link": _DEMAND},
        ]
    },
    _group(
        _("Products and designs"),
        _item(_("Designs"), "palette", "catalogue.design"),
        _item(_("Ranges"), "auto_awesome_mosaic", "studio.rangedraft"),
        _item(_("Products"), "apparel", "catalogue.product"),
        _item(_("Garments"), "checkroom", "catalogue.garment"),
        _item(_("Colours"), "format_color_fill", "catalogue.colour"),
        _item(_("Themes"), "category", "catalogue.category"),
        _item(_("Words that mean the same"), "equal", "search.synonyms"),
    ),
    _group(
        _("Stories and readers"),
        _item(_("Stories"), "newspaper", "articles.article"),
        _item(_("Reviews"), "reviews", "reviews.productreview"),
        _item(_("Pages about the store"), "description", "pages.pagetext"),
    ),
    _group(
        _("Vouchers"),
        _item(_("Vouchers"), "confirmation_number", "voucher.voucher"),
        _item(_("Offers"), "sell", "offer.conditionaloffer"),
    ),
    _group(
        _("Delivery"),
        _item(_("Methods and prices"), "local_shipping", "shipping.deliverymethod"),
        _item(_("Zones"), "public", "shipping.zone"),
        _item(_("Destinations"), "flag", "shipping.destination"),
        _item(_("Dispatch"), "schedule", "shipping.dispatch"),
        _item(_("Holidays"), "event_busy", "shipping.holiday"),
    ),
    _group(
        _("Money"),
        _item(_("Donations"), "volunteer_activism", "donations.donation"),
        _item(_("Payments"), "payments", "payments.payment"),
        _item(_("Subscriptions"), "event_repeat", "payments.subscription"),
        _item(_("Refunds"), "undo", "payments.refund"),
        _item(_("Webhook events"), "webhook", "payments.webhookevent"),
        _item(_("Costs of a piece"), "price_change", "partner.piececost"),
        _item(_("Payment fees"), "percent", "partner.paymentfee"),
    ),
    _group(_("Mail"), _item(_("Mails"), "mail", "emails.mail")),
    _group(
        _("People"),
        _item(_("Customers"), "groups", "customer.customer"),
        _item(_("People"), "person", "users.user"),
        _item(_("Groups"), "group", "auth.group"),
        _item(_("Back-in-stock requests"), "notifications", "customer.productalert"),
    ),
]


def unfold(shop_name: str) -> dict[str, Any]:
    """Return unfold's settings for a store of that name."""
    return {
        "SITE_TITLE": shop_name,
        "SITE_HEADER": shop_name,
        "SITE_SUBHEADER": _("Back office"),
        "SITE_SYMBOL": "storefront",
        "SITE_FAVICONS": [
            {"rel": "icon", "type": "image/svg+xml", "href": lazy(static, str)("img/icon.svg")}
        ],
        "SHOW_HISTORY": True,
        "SHOW_VIEW_ON_SITE": False,
        "BORDER_RADIUS": "0",
        "COLORS": {"primary": RED, "base": PAPER},
        "STYLES": [lambda request: static("css/backoffice.css")],
        "SIDEBAR": {"navigation": NAVIGATION},
    }
