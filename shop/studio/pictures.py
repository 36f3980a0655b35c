"""Which pictures a range needs: each garment's views in each colour, but for those the catalogue has."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalogue.mockups.blanks import Blank, views_of
from catalogue.models import Colour, Design, Garment, ProductImage
from shop.studio import artwork
from shop.studio.drawing import SIZE, Job
from shop.studio.models import RangeDraft


@dataclass(frozen=True)
class Wanted:
    """A garment in a colour, seen from one side; `ink` is the artwork's file that shows on it, if one does."""

    garment: Garment
    colour: Colour
    blank: Blank
    ink: str = ""

    @property
    def view(self) -> str:
        """The side's name; nothing for the front."""
        return self.blank.name.removeprefix(self.blank.garment).strip("-")

    @property
    def side(self) -> str:
        return f"{self.garment.pk}:{self.colour.pk}:{self.view}"

    @property
    def key(self) -> str:
        """What its drawn picture is kept under: one of another artwork is another picture."""
        return f"{self.side}:{self.ink}"


def wanted(draft: RangeDraft, design: Design) -> list[Wanted]:
    """Return the pictures that the draft's rows need and the catalogue has not got, fronts first by colour.

    A draft that redraws wants just those that the catalogue has.

    `design` is the draft's, as it stands now.
    """
    garments = Garment.objects.in_bulk({row["garment"] for row in draft.rows})
    colours = Colour.objects.in_bulk({row["colour"] for row in draft.rows})
    pairs = dict.fromkeys((row["garment"], row["colour"]) for row in draft.rows)
    known = _known(draft.design_id)
    return [
        item
        for garment, colour in pairs
        if garment in garments and colour in colours
        for blank in views_of(garments[garment].blank)
        if ((item := _wanted(garments[garment], colours[colour], blank, design)).side in known)
        == draft.redraws
    ]


def _wanted(garment: Garment, colour: Colour, blank: Blank, design: Design) -> Wanted:
    return Wanted(garment, colour, blank, artwork.name_for(design, colour) if blank.shows == "front" else "")


def _known(design_id: int) -> set[str]:
    """Return the sides of the mockups that the catalogue has of a design."""
    images = ProductImage.objects.filter(product__design=design_id, code__startswith="mockup:")
    rows = images.values_list("product__garment_id", "colour_id", "code")
    return {f"{garment}:{colour}:{''.join(code.split(':')[3:4])}" for garment, colour, code in rows}


def mockups_of(design_id: int) -> list[dict[str, int]]:
    """Return the garments and colours of which the catalogue has mockups of a design, as a draft's rows name them."""
    images = ProductImage.objects.filter(product__design=design_id, code__startswith="mockup:")
    pairs = images.order_by("product__garment_id", "colour_id").values_list(
        "product__garment_id", "colour_id"
    )
    return [{"garment": garment, "colour": colour} for garment, colour in dict.fromkeys(pairs)]


def job_of(item: Wanted, folder: str) -> Job:
    """Return what a drawing process needs to draw the picture."""
    ink = artwork.small(item.ink) if item.ink else None
    return Job(item.blank.name, item.colour.hex, ink, folder, SIZE)


def alt_of(item: Wanted, design: Design) -> str:
    """Say what the picture shows."""
    words = {
        "design": design.title,
        "colour": item.colour.name.lower(),
        "garment": item.garment.name
        if item.garment.kind == Garment.Kind.TSHIRT
        else item.garment.name.lower(),
        "seen": item.blank.seen_as,
    }
    if item.blank.shows == "none":
        return _("A %(colour)s %(garment)s, %(seen)s") % words
    return _("%(design)s, printed on a %(colour)s %(garment)s, %(seen)s") % words
