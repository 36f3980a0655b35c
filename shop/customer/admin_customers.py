"""Customers in the back office: who they are, what they ordered, and a link for who cannot log in."""

from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display

from shop.admin import OwnPage, Step, badge, link_to
from shop.customer import accounts
from shop.customer.models import Customer
from shop.money import shown

_PAID = Q(orders__paid_at__isnull=False)


class SendPasswordLink(Step):
    """Mail the customer a link to choose a new password; nobody here ever learns a password."""

    model = Customer
    permission = "customer.change_customer"
    name, label, is_direct = "password-link", gettext_lazy("Send password link"), True

    @classmethod
    def is_possible(cls, obj: Customer) -> bool:
        return obj.is_active and not obj.is_staff

    def explain(self) -> list[str]:
        return [_("The link goes to %(email)s and works for a day.") % {"email": self.object.email}]

    def act(self, data: dict[str, Any]) -> str:
        accounts.send_password_link(self.object)
        return _("A link is on its way to %(email)s.") % {"email": self.object.email}


class CustomerAdmin(OwnPage, ModelAdmin):
    page_template = "admin/customer/page.html"
    steps = (SendPasswordLink,)
    list_display = ("email", "name", "paid_orders", "last_order", "date_joined", "last_login")
    search_fields = ("email", "first_name", "last_name", "orders__number")
    search_help_text = gettext_lazy("E-mail, name or order number")
    ordering = ("-date_joined",)
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        customers = super().get_queryset(request).filter(is_staff=False)
        return customers.annotate(
            paid_count=Count("orders", filter=_PAID, distinct=True),
            last_paid=Max("orders__paid_at", filter=_PAID),
        )

    @display(description=gettext_lazy("name"), ordering="first_name")
    def name(self, customer: Customer) -> str:
        return customer.get_full_name() or "–"

    @display(description=gettext_lazy("orders"), ordering="paid_count")
    def paid_orders(self, customer: Any) -> int:
        return customer.paid_count

    @display(description=gettext_lazy("last order"), ordering="last_paid")
    def last_order(self, customer: Any) -> Any:
        return customer.last_paid

    def page(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        orders = (
            obj.orders.order_by("-date_placed", "-pk") if request.user.has_perm("order.view_order") else []
        )
        return {
            "customer": obj,
            "title": obj.get_full_name() or obj.email,
            "orders": [
                {
                    "order": order,
                    "link": link_to(order, order.number),
                    "state": badge(order.get_status_display()),
                    "total": shown(order.total_incl_tax, order.currency),
                }
                for order in orders
            ],
        }
