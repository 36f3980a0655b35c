"""The studio in the back office: ranges on their way, and the button on a design's page that begins one."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display

from catalogue.admin import DesignAdmin
from catalogue.models import Design, Product
from catalogue.pictures import rendition_url
from catalogue.selectors import product_url
from shop.admin import OwnPage, Step, badge
from shop.studio import printing, services
from shop.studio.admin_pages import PERMISSION, Pages, only_get_and_post
from shop.studio.admin_printing import print_file
from shop.studio.models import RangeDraft
from shop.studio.pictures import mockups_of

THUMBNAIL = 320
ARTWORKS = {"artwork", "artwork_dark"}
TONES = {RangeDraft.State.DONE: "good", RangeDraft.State.DRAWING: "warn", RangeDraft.State.FAILED: "bad"}


class DrawAgain(Step):
    model = Design
    permission = PERMISSION
    name, label = "draw-again", gettext_lazy("Draw the pictures again")
    draft: RangeDraft | None = None

    @classmethod
    def is_possible(cls, obj: Design) -> bool:
        return bool(mockups_of(obj.pk))

    def explain(self) -> list[str]:
        return [
            _(
                "All illustrations of this design are drawn anew, with its artwork and the colours as they are now."
            ),
            _(
                "Photos, prices and stock stay. The store shows the old pictures until all new ones are drawn."
            ),
        ]

    def act(self, data: dict[str, Any]) -> str:
        self.draft = services.draw_again(design=self.object, by=self.request.user)
        return _("The pictures are being drawn again.")

    def back_url(self) -> str:
        if self.draft is None:
            return super().back_url()
        return reverse("admin:studio_rangedraft_change", args=[self.draft.pk])


class RangeDesignAdmin(DesignAdmin):
    """A design's page, with the buttons that make products of it and draw their pictures anew."""

    change_form_outer_before_template = "admin/studio/button.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        extra = {"may_make": request.user.has_perm(PERMISSION), "again": self._again(request, object_id)}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(DrawAgain.as_view(site=self.admin_site))
        return [path(f"<int:pk>/{DrawAgain.name}/", view, name=DrawAgain.url_name()), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Design, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and ARTWORKS.intersection(form.changed_data) and mockups_of(obj.pk):
            words = _(
                "The store's pictures still show the artwork from before. Have them drawn again when it is right."
            )
            messages.warning(request, words)

    def _again(self, request: HttpRequest, object_id: str) -> list[dict[str, Any]]:
        design = self.get_object(request, unquote(object_id))
        return [DrawAgain.button_for(design)] if design and DrawAgain.is_offered(request, design) else []


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
            path("print/<int:variant_id>/", view(print_file), name="studio_print_file"),
            *super().get_urls(),
        ]

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
            "prints": printing.prints_of(product),
            "thumbnails": [
                (rendition_url(image.original.name, THUMBNAIL, "jpg"), image.alt)
                for image in product.images.all()
            ],
        }
        for product in products.order_by("pk")
    ]
