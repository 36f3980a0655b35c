"""Pages to which two rooms add: put together here, because siblings know nothing of each other."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation

from shop.customer.admin_demand import DemandProductAdmin, DemandStockAdmin
from shop.pages.admin import PageTextAdmin
from shop.pages.selectors import words_of
from shop.storefront.views import show_page
from shop.studio.admin_printing import PrintOfVariant, PrintsOfProduct


class ProductAdmin(PrintsOfProduct, DemandProductAdmin):
    """A product's page, with its print files and what of it to print again."""


class StockRecordAdmin(PrintOfVariant, DemandStockAdmin):
    """The stock list and a variant's page, with its print file and the page of what to print again."""


class LookingPageTextAdmin(PageTextAdmin):
    """The words of a page, which can be looked at in the store's dress before anybody else sees them."""

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method == "POST" and "_look" in request.POST:
            return self._look(request, object_id)
        return super().change_view(request, object_id, form_url, extra_context)

    def _look(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        row.set_text(request.POST.get("text", ""))
        with translation.override(row.language):
            return show_page(request, words_of(row))
