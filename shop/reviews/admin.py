"""Reviews in the back office: the ones to read come first; a review's own words are never changed."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display

from shop.admin import OwnPage, Step, badge
from shop.reviews import services
from shop.reviews.forms import ReplyForm
from shop.reviews.models import ProductReview

TONES = {
    ProductReview.FOR_MODERATION: "warn",
    ProductReview.APPROVED: "good",
    ProductReview.REJECTED: "bad",
}
STATES = {
    ProductReview.FOR_MODERATION: gettext_lazy("to read"),
    ProductReview.APPROVED: gettext_lazy("shown"),
    ProductReview.REJECTED: gettext_lazy("not shown"),
}


class ReviewStep(Step):
    model = ProductReview
    permission = "reviews.change_productreview"
    refusals = (ProductReview.DoesNotExist,)

    def words(self, error: Exception) -> str:
        return _("This review is gone.")


class Approve(ReviewStep):
    name, label, tone, is_direct = "approve", gettext_lazy("Show it"), "main", True

    @classmethod
    def is_possible(cls, obj: ProductReview) -> bool:
        return obj.status != ProductReview.APPROVED

    def act(self, data: dict[str, Any]) -> str:
        services.approve(review_id=self.object.pk, by=self.by)
        return _("The review is shown in the store.")


class Reject(ReviewStep):
    name, label, is_direct = "reject", gettext_lazy("Do not show it"), True

    @classmethod
    def is_possible(cls, obj: ProductReview) -> bool:
        return obj.status != ProductReview.REJECTED

    def act(self, data: dict[str, Any]) -> str:
        services.reject(review_id=self.object.pk, by=self.by)
        return _("The review is not shown.")


class Reply(ReviewStep):
    name, label = "reply", gettext_lazy("Reply")
    form_class = ReplyForm

    def get_initial(self) -> dict[str, Any]:
        return {"text": self.object.reply}

    def act(self, data: dict[str, Any]) -> str:
        services.reply(review_id=self.object.pk, text=data["text"])
        return _("Saved.")


class Erase(ReviewStep):
    name, label, tone = "erase", gettext_lazy("Delete"), "danger"
    permission = "reviews.delete_productreview"

    def explain(self) -> list[str]:
        return [
            _("Delete a review only when its writer asks for it. What breaks the rules is better not shown.")
        ]

    def act(self, data: dict[str, Any]) -> str:
        services.erase(review_id=self.object.pk)
        return _("The review is deleted.")


class ReviewAdmin(OwnPage, ModelAdmin):
    page_template = "admin/reviews/page.html"
    steps = (Approve, Reject, Reply, Erase)
    list_display = ("title", "state", "score", "fit", "product", "name", "by_buyer", "date_created")
    list_filter = ("status", "score", "by_buyer", "fit", "product__garment")
    search_fields = ("title", "body", "name", "product__title")
    ordering = ("status", "-date_created")
    list_select_related = ("product",)
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductReview]:
        return super().get_queryset(request).select_related("product", "line__order")

    @display(description=gettext_lazy("state"), ordering="status")
    def state(self, review: ProductReview) -> str:
        return badge(STATES[review.status], TONES[review.status])

    def page(self, request: HttpRequest, obj: ProductReview) -> dict[str, Any]:
        return {"review": obj, "state": self.state(obj)}
