"""Files for the printer in the back office: of chosen orders, of a product, of a variant."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from catalogue.models import Product
from shop.order.admin import OrderAdmin
from shop.order.models import Order
from shop.studio import printing

MAY_PRINT = "studio.view_rangedraft"
#: A ZIP of more would keep its reader waiting.
MOST_ORDERS = 100


def print_file(request: HttpRequest, variant_id: int) -> FileResponse:
    """A variant's print as a PNG at print size, for staff only."""
    if not request.user.has_perm(MAY_PRINT):
        raise PermissionDenied
    variants = Product.objects.select_related("parent__design", "parent__garment", "colour")
    variant = get_object_or_404(
        variants, pk=variant_id, structure=Product.CHILD, parent__design__isnull=False
    )
    printed = (variant.parent.design, variant.parent.garment, variant.colour)
    try:
        file = default_storage.open(printing.print_file(*printed))
    except FileNotFoundError as error:
        raise Http404 from error
    name = printing.file_name(*printed).replace("/", "-")
    return FileResponse(file, as_attachment=True, filename=name)


def print_url(variant_id: int) -> str:
    return reverse("admin:studio_print_file", args=[variant_id])


class PrintingOrderAdmin(OrderAdmin):
    """The orders' list, with files for the printer."""

    actions = (*OrderAdmin.actions, "print_files")

    @action(description=gettext_lazy("Print files, counts and pick list (ZIP)"))
    def print_files(
        self, request: HttpRequest, queryset: QuerySet[Order]
    ) -> HttpResponse | FileResponse | None:
        """Answer with one ZIP of what the chosen orders still have to be sent."""
        if queryset.count() > MOST_ORDERS:
            words = _("Choose at most %(most)s orders at once.") % {"most": MOST_ORDERS}
            self.message_user(request, words, messages.ERROR)
            return None
        return FileResponse(printing.pack(queryset), as_attachment=True, filename="print-files.zip")


class PrintsOfProduct:
    """Mixin of a product's page: its print files, for those who may have them."""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        mine = ("print_files",) if request.user.has_perm(MAY_PRINT) else ()
        return (*super().get_fields(request, obj), *mine)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), "print_files")

    @display(description=gettext_lazy("Print files"))
    def print_files(self, product: Product) -> str:
        links = (
            (print_url(item.variant_id), item.name, ", ".join(item.colours))
            for item in printing.prints_of(product)
        )
        return format_html_join("", '<p><a class="bo-link" href="{}">{}</a> ({})</p>', links) or "–"


class PrintOfVariant:
    """Mixin of a variant's page: its print file, for those who may have it."""

    def page(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        has_print = obj.product.parent and obj.product.parent.design_id and request.user.has_perm(MAY_PRINT)
        return super().page(request, obj) | {"print_url": print_url(obj.product_id) if has_print else ""}
