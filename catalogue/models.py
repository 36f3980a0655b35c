from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from oscar.apps.catalogue.abstract_models import AbstractProduct, AbstractProductImage

from catalogue import richtext


class Colour(models.Model):
    """A colour of cloth; its hex value is what mockups are dyed with and dots are drawn in."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    code = models.SlugField(_("code"), max_length=20, unique=True, help_text=_("Used in SKUs and addresses."))
    hex = models.CharField(
        _("hex value"),
        max_length=7,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write it as #rrggbb."))],
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("colour")
        verbose_name_plural = _("colours")

    def __str__(self) -> str:
        return self.name


class Garment(models.Model):
    """The blank a design is printed on. Fit, fabric and maker belong to it, so every new design inherits them."""

    class Kind(models.TextChoices):
        TSHIRT = "tshirt", _("T-shirt")
        CUSHION = "cushion", _("Cushion")

    class VatCode(models.TextChoices):
        STANDARD = "standard", _("Standard rate")
        REDUCED = "reduced", _("Reduced rate")
        ZERO = "zero", _("Zero rate")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=60, unique=True)
    code = models.SlugField(_("code"), max_length=20, unique=True)
    fabric = models.CharField(_("fabric"), max_length=200)
    care = models.CharField(_("care"), max_length=200)
    fit = models.CharField(_("fit"), max_length=200, blank=True)
    weight_grams = models.PositiveIntegerField(_("weight in grams"))
    vat_code = models.CharField(_("VAT"), max_length=10, choices=VatCode, default=VatCode.STANDARD)
    maker = models.TextField(_("maker's name and address"))
    responsible_person = models.TextField(_("EU responsible person's name and address"))
    blank = models.CharField(_("mockup template"), max_length=40)
    print_width_mm = models.PositiveIntegerField(_("print width in mm"))
    print_height_mm = models.PositiveIntegerField(_("print height in mm"))
    colours = models.ManyToManyField(Colour, verbose_name=_("colours"), related_name="garments")

    class Meta:
        ordering = ["name"]
        verbose_name = _("garment")
        verbose_name_plural = _("garments")

    def __str__(self) -> str:
        return self.name


class GarmentSize(models.Model):
    """A size of a garment with its real measurements, flat, in millimetres."""

    garment = models.ForeignKey(Garment, models.CASCADE, related_name="sizes", verbose_name=_("garment"))
    code = models.CharField(_("size"), max_length=10, help_text=_("As printed on the label: M, 2XL, 45."))
    name = models.CharField(_("name"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    width_mm = models.PositiveIntegerField(_("width in mm"))
    length_mm = models.PositiveIntegerField(_("length in mm"))
    sleeve_mm = models.PositiveIntegerField(_("sleeve in mm"), null=True, blank=True)
    tolerance_mm = models.PositiveIntegerField(_("tolerance in mm"), default=10)

    class Meta:
        ordering = ["garment", "position"]
        verbose_name = _("size")
        verbose_name_plural = _("sizes")
        constraints = [models.UniqueConstraint(fields=["garment", "code"], name="garment_size_once")]

    def __str__(self) -> str:
        return self.name


class Design(models.Model):
    """An artwork with a name and a story; its story is clean HTML from the moment it is written."""

    title = models.CharField(_("title"), max_length=120, unique=True)
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    code = models.CharField(
        _("SKU prefix"), max_length=8, unique=True, validators=[RegexValidator(r"^[A-Z0-9]{2,8}$")]
    )
    summary = models.CharField(_("summary"), max_length=200, blank=True)
    story = models.TextField(_("story"), blank=True)
    artwork = models.ImageField(_("artwork"), upload_to="artwork", max_length=255)
    artwork_dark = models.ImageField(
        _("artwork for dark cloth"), upload_to="artwork", max_length=255, blank=True
    )
    themes = models.ManyToManyField(
        "catalogue.Category", verbose_name=_("themes"), related_name="designs", blank=True
    )
    is_public = models.BooleanField(_("shown in the store"), default=False, db_index=True)
    position = models.PositiveIntegerField(_("position"), default=0, db_index=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("design")
        verbose_name_plural = _("designs")

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.story = richtext.clean(self.story)
        super().save(*args, **kwargs)


class Product(AbstractProduct):
    """A design on a garment (parent), or one colour and size of it (variant: it alone has a SKU and stock)."""

    design = models.ForeignKey(Design, models.PROTECT, null=True, blank=True, related_name="products")
    garment = models.ForeignKey(Garment, models.PROTECT, null=True, blank=True, related_name="products")
    colour = models.ForeignKey(Colour, models.PROTECT, null=True, blank=True, related_name="variants")
    size = models.ForeignKey(GarmentSize, models.PROTECT, null=True, blank=True, related_name="variants")

    class Meta(AbstractProduct.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["design", "garment"],
                condition=Q(structure="parent"),
                name="product_design_garment_once",
            ),
            models.UniqueConstraint(
                fields=["parent", "colour", "size"],
                condition=Q(structure="child"),
                name="variant_colour_size_once",
            ),
            models.CheckConstraint(
                condition=~Q(structure="child")
                | Q(parent__isnull=False, colour__isnull=False, size__isnull=False),
                name="variant_has_colour_and_size",
            ),
        ]
        indexes = [models.Index(fields=["structure", "is_public", "-priority", "-id"], name="product_list")]


class ProductImage(AbstractProductImage):
    """A picture of a product in one colour; its alt text says what it shows.

    The file's renditions lie beside it: `<stem>-<width>.<format>` for every width and format of
    `catalogue.pictures`. The name comes from the content, so the same picture is one file.
    """

    class Kind(models.TextChoices):
        MOCKUP = "mockup", _("Illustration")
        PHOTO = "photo", _("Photo")

    colour = models.ForeignKey(Colour, models.PROTECT, null=True, blank=True, related_name="images")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.MOCKUP)
    alt = models.CharField(_("text for people who cannot see it"), max_length=250, default="")
    width = models.PositiveIntegerField(_("width"), default=1200)
    height = models.PositiveIntegerField(_("height"), default=1200)

    class Meta(AbstractProductImage.Meta):
        ordering = ["display_order"]


from oscar.apps.catalogue.models import *  # noqa: E402,F403  (Oscar defines what we did not)
