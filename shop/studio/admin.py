"""The studio in the back office: ranges on their way, and the button on a design's page that begins one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from catalogue.admin import DesignAdmin
from catalogue.models import Product
from catalogue.pictures import rendition_url
from catalogue.selectors import product_url
from shop.admin import OwnPage, Step, badge
from shop.order.admin import OrderAdmin
from shop.order.models import Order
from shop.studio import printing, services
from shop.studio.admin_pages import PERMISSION, Pages, only_get_and_post
from shop.studio.models import RangeDraft

THUMBNAIL = 320
#: A ZIP of more would keep its reader waiting.
MOST_ORDERS = 100
TONES = {RangeDraft.State.DONE: "good", RangeDraft.State.DRAWING: "warn", RangeDraft.State.FAILED: "bad"}


class RangeDesignAdmin(DesignAdmin):
    """A design's page, with the button that makes products of it."""

    change_form_outer_before_template = "admin/studio/button.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        may_make = request.user.has_perm(PERMISSION)
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), "may_make": may_make}
        )


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


class TryAgain(Step):
    model = RangeDraft
    permission = PERMISSION
    name, label, tone = "try-again", gettext_lazy("Try again"), "main"
    is_direct = True

    @classmethod
    def is_possible(cls, obj: RangeDraft) -> bool:
        return obj.state == RangeDraft.State.FAILED

    def act(self, data: dict[str, Any]) -> str:
        services.try_again(draft_id=self.object.pk)
        return _("The pictures are being drawn again.")


class RangeDraftAdmin(OwnPage, ModelAdmin):
    """Ranges, the newest first; a range's page tells how far it is."""

    page_template = "admin/studio/progress.html"
    steps = (TryAgain,)
    list_display = ("named", "standing", "variants_made", "by", "created_at")
    list_select_related = ("design", "by")
    list_filter = ("state",)
    search_fields = ("design__title",)

    def get_urls(self) -> list[Any]:
        pages = Pages(self.admin_site.each_context)
        view = self.admin_site.admin_view
        return [
            path(
                "new/<int:design_id>/",
                view(only_get_and_post(pages.choose)),
                name="studio_rangedraft_choose",
            ),
            path("<int:pk>/rows/", view(only_get_and_post(pages.rows)), name="studio_rangedraft_rows"),
            path("print/<int:variant_id>/", view(self.print_file), name="studio_print_file"),
            *super().get_urls(),
        ]

    def print_file(self, request: HttpRequest, variant_id: int) -> FileResponse:
        """A variant's print as a PNG at print size, for staff only."""
        if not request.user.has_perm("studio.view_rangedraft"):
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

    @display(description=gettext_lazy("range"), ordering="pk")
    def named(self, draft: RangeDraft) -> str:
        return str(draft)

    @display(description=gettext_lazy("state"), ordering="state")
    def standing(self, draft: RangeDraft) -> str:
        return badge(draft.get_state_display(), TONES.get(draft.state, ""))

    def page(self, request: HttpRequest, obj: RangeDraft) -> dict[str, Any]:
        drawn = min(len(obj.pictures), obj.picture_count)
        is_done = obj.state == RangeDraft.State.DONE
        return {
            "draft": obj,
            "title": obj.design.title,
            "standing": badge(obj.get_state_display(), TONES.get(obj.state, "")),
            "drawn": obj.picture_count if is_done else drawn,
            "is_going_on": obj.state == RangeDraft.State.DRAWING,
            "is_waiting": obj.state == RangeDraft.State.DRAWING and obj.leased_until is None,
            "products": _products(obj) if is_done else [],
            "rows_url": reverse("admin:studio_rangedraft_rows", args=[obj.pk]),
        }


def _prints(product: Product) -> list[dict[str, Any]]:
    """Return a variant for each print file of a product: colours share them."""
    files = {
        printing.file_name(product.design, product.garment, variant.colour): variant.pk
        for variant in product.children.all()
    }
    return [{"name": name.split("/")[-1], "variant": pk} for name, pk in sorted(files.items())]


def _products(draft: RangeDraft) -> list[dict[str, Any]]:
    """Return the range's products as its page shows them."""
    garments = {row["garment"] for row in draft.rows}
    products = (
        Product.objects.filter(structure=Product.PARENT, design=draft.design_id, garment__in=garments)
        .select_related("design", "garment")
        .prefetch_related("images", "children__colour")
    )
    return [
        {
            "pk": product.pk,
            "title": product.title,
            "url": product_url(product),
            "is_public": product.is_public,
            "variants": len(product.children.all()),
            "prints": _prints(product),
            "thumbnails": [
                (rendition_url(image.original.name, THUMBNAIL, "jpg"), image.alt)
                for image in product.images.all()
            ],
        }
        for product in products.order_by("pk")
    ]
