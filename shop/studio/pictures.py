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
    """A garment in a colour, seen from one side."""

    garment: Garment
    colour: Colour
    blank: Blank

    @property
    def view(self) -> str:
        """The side's name; nothing for the front."""
        return self.blank.name.removeprefix(self.blank.garment).strip("-")

    @property
    def key(self) -> str:
        return f"{self.garment.pk}:{self.colour.pk}:{self.view}"


def wanted(draft: RangeDraft) -> list[Wanted]:
    """Return the pictures that the draft's rows need and the catalogue has not got, fronts first by colour."""
    garments = Garment.objects.in_bulk({row["garment"] for row in draft.rows})
    colours = Colour.objects.in_bulk({row["colour"] for row in draft.rows})
    pairs = dict.fromkeys((row["garment"], row["colour"]) for row in draft.rows)
    known = _known(draft.design_id)
    return [
        item
        for garment, colour in pairs
        if garment in garments and colour in colours
        for blank in views_of(garments[garment].blank)
        if (item := Wanted(garments[garment], colours[colour], blank)).key not in known
    ]


def _known(design_id: int) -> set[str]:
    """Return the keys of the mockups that the catalogue has of a design."""
    images = ProductImage.objects.filter(product__design=design_id, code__startswith="mockup:")
    rows = images.values_list("product__garment_id", "colour_id", "code")
    return {f"{garment}:{colour}:{''.join(code.split(':')[3:4])}" for garment, colour, code in rows}


def job_of(item: Wanted, design: Design, folder: str) -> Job:
    """Return what a drawing process needs to draw the picture."""
    is_seen = item.blank.shows == "front"
    ink = artwork.small(artwork.name_for(design, item.colour)) if is_seen else None
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
