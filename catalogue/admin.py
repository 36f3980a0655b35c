"""Designs, garments, colours, themes and products in the back office."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminColorInputWidget,
    UnfoldAdminImageFieldWidget,
)

from catalogue.buying import obstacles
from catalogue.forms import PictureField, PictureFile, RichTextWidget
from catalogue.models import Category, Colour, Design, GarmentSize, Product, ProductImage
from catalogue.pictures import WIDTHS, rendition_url, save_picture

PICTURE = {models.ImageField: {"form_class": PictureField, "widget": UnfoldAdminImageFieldWidget}}
TICKED = {models.ManyToManyField: {"widget": UnfoldAdminCheckboxSelectMultipleWidget}}
THUMBNAIL = 320


class KeepsWhatIsUsed:
    """Mixin: what something else stands on is not deleted, and the page says on what."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        to_delete, counts, _unasked, protected = super().get_deleted_objects(objs, request)  # type: ignore[misc]
        return to_delete, counts, set(), [*protected, *self.also_protected(objs)]

    def also_protected(self, objs: Any) -> list[str]:
        """Name what the database itself would not protect."""
        return []


class TellsOfPictures:
    """Mixin: says what was changed in the pictures that were uploaded, when they are saved."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        for part in (form, *(row for formset in formsets for row in formset.forms)):
            for name, value in getattr(part, "cleaned_data", {}).items():
                for note in getattr(value, "notes", ()):
                    messages.warning(request, f"{part.fields[name].label}: {note}")


def _dot(colour: Colour) -> str:
    return format_html('<span class="bo-dot" style="background:{}"></span>', colour.hex)


def _thumbnail(original: str) -> str:
    url = rendition_url(original, THUMBNAIL, "jpg")
    return format_html('<img src="{}" alt="" width="48" height="48" loading="lazy">', url)


def _picture_of(product: Product) -> str:
    image = next(iter(product.images.all()), None)
    return _thumbnail(image.original.name) if image else "–"


class DesignAdmin(TellsOfPictures, KeepsWhatIsUsed, ModelAdmin):
    formfield_overrides = PICTURE | TICKED
    list_display = ("picture", "title", "code", "is_public", "how_many_products", "position")
    list_display_links = ("title",)
    list_filter = ("is_public", "themes")
    search_fields = ("title", "code")
    prepopulated_fields = {"slug": ("title",)}
    fieldsets = (
        (None, {"fields": ("title", "slug", "code", "summary", "is_public", "position")}),
        (gettext_lazy("Artwork"), {"fields": ("artwork", "artwork_dark")}),
        (gettext_lazy("Story and themes"), {"fields": ("story", "themes")}),
        (gettext_lazy("Products"), {"fields": ("made_of_it",)}),
    )
    readonly_fields = ("made_of_it",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Design]:
        pictures = ProductImage.objects.filter(product__design=OuterRef("pk"))
        first = pictures.order_by("product_id", "display_order").values("original")[:1]
        designs = super().get_queryset(request)
        return designs.annotate(product_count=Count("products"), first_picture=Subquery(first))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "story":
            kwargs["widget"] = RichTextWidget()
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @display(description="")
    def picture(self, design: Any) -> str:
        return _thumbnail(design.first_picture) if design.first_picture else "–"

    @display(description=gettext_lazy("made of it"))
    def made_of_it(self, design: Design) -> str:
        products = Product.objects.filter(design=design, structure=Product.PARENT) if design.pk else ()
        pictured = [(product, _picture_of(product)) for product in products]
        return render_to_string("admin/catalogue/products.html", {"products": pictured})

    @display(description=gettext_lazy("products"), ordering="product_count")
    def how_many_products(self, design: Any) -> int:
        return design.product_count


class GarmentSizeInline(TabularInline):
    model = GarmentSize
    extra = 0


class GarmentAdmin(KeepsWhatIsUsed, ModelAdmin):
    formfield_overrides = TICKED
    list_display = ("name", "kind", "code", "vat_code")
    inlines = (GarmentSizeInline,)


class ColourAdmin(KeepsWhatIsUsed, ModelAdmin):
    list_display = ("dot", "name", "code", "hex", "position")
    list_display_links = ("name",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "hex":
            kwargs["widget"] = UnfoldAdminColorInputWidget()
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @display(description="")
    def dot(self, colour: Colour) -> str:
        return _dot(colour)


class ThemeForm(forms.ModelForm):
    class Meta:
        model = Category
        fields = ("name", "slug", "is_public")
        labels = {"name": gettext_lazy("name"), "slug": gettext_lazy("address")}


class ThemeAdmin(KeepsWhatIsUsed, ModelAdmin):
    """Themes are the root categories; the tree below them is not used."""

    form = ThemeForm
    list_display = ("name", "slug", "is_public")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("path",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return super().get_queryset(request).filter(depth=1)

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        if change:
            obj.save()
        else:
            Category.objects.add_root(instance=obj)

    def also_protected(self, objs: Any) -> list[str]:
        return [
            _("%(count)s designs have the theme %(theme)s") % {"count": count, "theme": theme}
            for theme in objs
            if (count := theme.designs.count())
        ]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Category]) -> None:
        for theme in queryset:
            theme.delete()


class ProductImageForm(forms.ModelForm):
    """A picture uploaded here is a photo; all its sizes and formats are made when it is saved."""

    class Meta:
        model = ProductImage
        fields = ("original", "colour", "kind", "alt", "display_order")

    def clean_original(self) -> Any:
        picture, least = self.cleaned_data["original"], WIDTHS[-2]
        if isinstance(picture, PictureFile) and picture.image.width < least:
            raise forms.ValidationError(
                _("A product picture must be %(least)s pixels wide or more.") % {"least": least}
            )
        return picture

    def save(self, commit: bool = True) -> ProductImage:
        picture = self.cleaned_data.get("original")
        if isinstance(picture, PictureFile):
            self.instance.original = save_picture(picture.image)
            self.instance.width, self.instance.height = picture.image.size
        return super().save(commit)


class ProductImageInline(TabularInline):
    model = ProductImage
    fields = ("thumbnail", "original", "colour", "kind", "alt", "display_order")
    readonly_fields = ("thumbnail",)
    form = ProductImageForm
    formfield_overrides = PICTURE
    extra = 0
    ordering = ("display_order",)

    @display(description="")
    def thumbnail(self, image: ProductImage) -> str:
        return _thumbnail(image.original.name) if image.pk else "–"


class ProductForm(forms.ModelForm):
    class Meta:
        model = Product
        fields = ("title", "slug", "is_public", "priority")
        labels = {
            "slug": gettext_lazy("Address"),
            "is_public": gettext_lazy("Shown in the store"),
            "priority": gettext_lazy("Order in lists"),
        }
        help_texts = {
            "is_public": gettext_lazy("Off: nobody can find or buy it."),
            "priority": gettext_lazy("Higher numbers come first."),
        }


class ProductAdmin(TellsOfPictures, KeepsWhatIsUsed, ModelAdmin):
    """Parents only: their variants are shown, and changed where their stock is."""

    form = ProductForm
    fields = ("title", "slug", "design", "garment", "is_public", "priority", "why_not", "variants")
    readonly_fields = ("design", "garment", "why_not", "variants")
    inlines = (ProductImageInline,)
    list_display = ("picture", "title", "garment", "is_public", "variant_count", "left")
    list_display_links = ("title",)
    list_filter = ("is_public", "garment", "design__themes")
    search_fields = ("title", "design__title", "children__stockrecords__partner_sku")
    search_help_text = gettext_lazy("Title, design or SKU")
    ordering = ("-priority", "-id")
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        products = super().get_queryset(request).filter(structure=Product.PARENT)
        return products.select_related("design", "garment").prefetch_related(
            "images", "children__colour", "children__size", "children__stockrecords"
        )

    @display(description="")
    def picture(self, product: Product) -> str:
        return _picture_of(product)

    @display(description=gettext_lazy("variants"))
    def variant_count(self, product: Product) -> int:
        return len(product.children.all())

    @display(description=gettext_lazy("available"))
    def left(self, product: Product) -> int:
        return sum(r.available for variant in product.children.all() for r in variant.stockrecords.all())

    @display(description=gettext_lazy("Why can this not be bought?"))
    def why_not(self, product: Product) -> str:
        return format_html("{}", _as_list(obstacles(product))) if product.pk else "–"

    @display(description=gettext_lazy("variants"))
    def variants(self, product: Product) -> str:
        return render_to_string("admin/catalogue/variants.html", {"variants": _in_order(product)})


def _in_order(product: Product) -> list[Product]:
    def key(variant: Product) -> tuple[Any, ...]:
        colour, size = variant.colour, variant.size
        return (colour.position if colour else 0, str(colour), size.position if size else 0)

    return sorted(product.children.all(), key=key)


def _as_list(reasons: list[str]) -> str:
    if not reasons:
        return _("It can be bought, in every colour and size.")
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((reason,) for reason in reasons)))
