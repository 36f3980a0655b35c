"""The one admin site and the explicit list of what it shows: nothing is discovered by itself."""

from collections.abc import Callable
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from oscar.apps.offer.models import ConditionalOffer
from oscar.apps.voucher.models import Voucher
from unfold.sites import UnfoldAdminSite

from catalogue import admin as catalogue
from catalogue.models import Category, Colour, Design, Garment, Product
from shop.articles.admin import ArticleAdmin
from shop.articles.models import Article
from shop.backoffice import joined
from shop.backoffice.finding import telling_search
from shop.backoffice.home import cards
from shop.backoffice.vouchers import OfferAdmin, VoucherAdmin
from shop.customer.admin_customers import CustomerAdmin
from shop.customer.admin_demand import ProductAlertAdmin
from shop.customer.models import Customer, ProductAlert
from shop.donations.admin import DonationAdmin
from shop.donations.models import Donation
from shop.emails.admin import MailAdmin
from shop.emails.admin_alerts import StaffAlertAdmin
from shop.emails.alerts import open_alerts
from shop.emails.models import Mail, StaffAlert
from shop.order.models import Order
from shop.pages.models import PageText
from shop.partner.admin import PaymentFeeAdmin, PieceCostAdmin
from shop.partner.models import PaymentFee, PieceCost, StockRecord
from shop.payments.admin import PaymentAdmin, RefundAdmin, SubscriptionAdmin, WebhookEventAdmin
from shop.payments.admin_disputes import DisputeAdmin
from shop.payments.models import Dispute, Payment, Refund, Subscription, WebhookEvent
from shop.reviews.admin import ReviewAdmin
from shop.reviews.models import ProductReview
from shop.search.admin import SynonymsAdmin
from shop.search.models import Synonyms
from shop.shipping import admin as shipping
from shop.shipping.models import DeliveryMethod, Destination, Dispatch, Holiday, Zone
from shop.stock.admin import StockMovementAdmin
from shop.stock.models import StockMovement
from shop.studio.admin import RangeDesignAdmin, RangeDraftAdmin
from shop.studio.admin_printing import PrintingOrderAdmin
from shop.studio.models import RangeDraft
from shop.users.admin import GroupAdmin, UserAdmin
from shop.users.models import User

#: Alpine, which unfold is made with, evaluates expressions; nothing of this reaches a shopper's page.
POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [*settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"], "data:", "blob:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "frame-ancestors": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
}
REGISTERED: tuple[tuple[Any, Any], ...] = (
    (Order, PrintingOrderAdmin),
    (StockRecord, joined.StockRecordAdmin),
    (StockMovement, StockMovementAdmin),
    (Design, RangeDesignAdmin),
    (Product, joined.ProductAdmin),
    (RangeDraft, RangeDraftAdmin),
    (Garment, catalogue.GarmentAdmin),
    (Colour, catalogue.ColourAdmin),
    (Category, catalogue.ThemeAdmin),
    (Article, ArticleAdmin),
    (PageText, joined.LookingPageTextAdmin),
    (Synonyms, SynonymsAdmin),
    (ProductReview, ReviewAdmin),
    (Voucher, VoucherAdmin),
    (ConditionalOffer, OfferAdmin),
    (DeliveryMethod, shipping.DeliveryMethodAdmin),
    (Zone, shipping.ZoneAdmin),
    (Destination, shipping.DestinationAdmin),
    (Dispatch, shipping.DispatchAdmin),
    (Holiday, shipping.HolidayAdmin),
    (Donation, DonationAdmin),
    (Payment, PaymentAdmin),
    (Subscription, SubscriptionAdmin),
    (Refund, RefundAdmin),
    (Dispute, DisputeAdmin),
    (WebhookEvent, WebhookEventAdmin),
    (PieceCost, PieceCostAdmin),
    (PaymentFee, PaymentFeeAdmin),
    (ProductAlert, ProductAlertAdmin),
    (StaffAlert, StaffAlertAdmin),
    (Mail, MailAdmin),
    (Customer, CustomerAdmin),
    (User, UserAdmin),
    (Group, GroupAdmin),
)


class Backoffice(UnfoldAdminSite):
    """The store's back office at /admin/."""

    index_template = "admin/home.html"

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        may_see = request.user.has_perm("emails.view_staffalert")
        context = {
            "title": "",
            "cards": cards(request),
            "alerts": open_alerts() if may_see else [],
            "may_close_alerts": request.user.has_perm("emails.change_staffalert"),
        }
        return super().index(request, context | (extra_context or {}))

    @csp_replace(POLICY)
    def login(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().login(*args, **kwargs)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        return csp_replace(POLICY)(super().admin_view(view, cacheable))


site = Backoffice(name="admin")
for model, model_admin in REGISTERED:
    site.register(model, telling_search(model, model_admin))
