"""Stories in the back office, and the designs that belong to each."""

from django.db import models
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminImageFieldWidget

from catalogue.admin import TellsOfPictures
from catalogue.forms import PictureField
from shop.admin import badge
from shop.articles.models import Article, ArticleDesign


class ArticleDesignInline(TabularInline):
    model = ArticleDesign
    extra = 0
    autocomplete_fields = ("design",)
    fields = ("design", "position", "note")


class ArticleAdmin(TellsOfPictures, ModelAdmin):
    formfield_overrides = {
        models.ImageField: {"form_class": PictureField, "widget": UnfoldAdminImageFieldWidget},
        models.URLField: {"assume_scheme": "https"},
    }
    list_display = ("title", "shown_state", "published_at", "design_count")
    list_filter = ("state", "published_at")
    search_fields = ("title", "url", "authors")
    prepopulated_fields = {"slug": ("title",)}
    inlines = (ArticleDesignInline,)
    fieldsets = (
        (None, {"fields": ("title", "slug", "url", "summary", "authors", "published_at", "state")}),
        (_("Image"), {"fields": ("image", "image_alt")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return super().get_queryset(request).annotate(design_count=Count("designs"))

    @display(description=_("state"), ordering="state")
    def shown_state(self, article: Article) -> str:
        return badge(article.get_state_display(), "" if article.sells_merch else "bad")

    @display(description=_("designs"), ordering="design_count")
    def design_count(self, article: Article) -> int:
        return article.design_count
