"""From a choice to a range in the catalogue: drafts, the worker's share of drawing them, and the one write.

Pictures are drawn into a staging folder first; then one short transaction writes all rows or none.
"""

import logging
import os
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.models import Colour, Design, Garment, GarmentSize
from catalogue.pictures import save_card
from shop.studio import staging
from shop.studio.drawing import SIZE, desk
from shop.studio.models import RangeDraft
from shop.studio.pictures import Wanted, alt_of, job_of, mockups_of, wanted
from shop.studio.ranges import Picture, Range, Variant, first_pictures, replace_pictures, write_ranges
from shop.testpoints import is_on
from shop.transactions import durably

if TYPE_CHECKING:
    from shop.users.models import User

logger = logging.getLogger(__name__)

State = RangeDraft.State
#: Seconds of a worker's round spent waiting for pictures: mail and sweeps wait no longer.
PATIENCE = 2.0
#: A draft whose worker was killed is taken over after this.
LEASE = timedelta(seconds=30)
TRIES = 3
#: Who this process is, for leases.
ME = f"{os.getpid()}-{uuid.uuid4().hex[:12]}"


@dataclass(frozen=True)
class Chosen:
    """A garment with the colours and sizes to make, and the price of each variant to begin with."""

    garment: Garment
    colours: Sequence[Colour]
    sizes: Sequence[GarmentSize]
    price: Decimal


def make_draft(*, design: Design, chosen: Iterable[Chosen], pieces: int, by: "User") -> RangeDraft:
    """Keep a choice, so that its rows can be looked at; an older unsaved one of theirs goes."""
    garments = [
        {
            "garment": item.garment.pk,
            "colours": [colour.pk for colour in item.colours],
            "sizes": [size.pk for size in item.sizes],
            "price": str(item.price),
        }
        for item in chosen
    ]
    RangeDraft.objects.filter(design=design, by=by, state=State.DRAFT).delete()
    return RangeDraft.objects.create(design=design, choices={"garments": garments, "pieces": pieces}, by=by)


def start(*, draft_id: int, rows: Sequence[Mapping[str, Any]], by: "User") -> bool:
    """Let the worker make these rows; False when the draft was started before, which then stays as it is."""
    return durably(partial(_start, draft_id, rows, by))


def _start(draft_id: int, rows: Sequence[Mapping[str, Any]], by: "User") -> bool:
    draft = RangeDraft.objects.select_for_update().get(pk=draft_id)
    if draft.state != State.DRAFT:
        return False
    draft.rows, draft.state, draft.by = list(rows), State.DRAWING, by
    draft.picture_count = len(wanted(draft, draft.design))
    draft.save()
    return True


def draw_again(*, design: Design, by: "User") -> RangeDraft | None:
    """Let the worker draw the mockups of a design anew, with its artwork, colours and blanks of today.

    Asked again while it is at it, it is the same draft; None when the design has no mockups. What shoppers see
    stays as it is until all of them are drawn.
    """
    return durably(partial(_draw_again, design.pk, by))


def _draw_again(design_id: int, by: "User") -> RangeDraft | None:
    design = Design.objects.select_for_update().get(pk=design_id)
    going_on = RangeDraft.objects.filter(design=design, redraws=True, state=State.DRAWING).first()
    rows = mockups_of(design_id)
    if going_on or not rows:
        return going_on
    draft = RangeDraft(design=design, redraws=True, choices={}, rows=rows, state=State.DRAWING, by=by)
    draft.picture_count = len(wanted(draft, design))
    draft.save()
    return draft


def try_again(*, draft_id: int) -> bool:
    """Begin again with a draft that was stopped; False when it was not."""
    stopped = RangeDraft.objects.filter(pk=draft_id, state=State.FAILED)
    return bool(stopped.update(state=State.DRAWING, pictures={}, error="", tries=0, leased_until=None))


# --- The worker's share -----------------------------------------------------------------------------


def work() -> int:
    """Draw for some seconds at the oldest draft, or write it when all is drawn; return pictures or variants made."""
    draft = _claimed()
    if draft is None:
        desk.clear()
        return 0
    try:
        return _go_on(draft)
    except Exception as error:
        desk.clear()
        _note(draft, error)
        return 0


def _go_on(draft: RangeDraft) -> int:
    items = {item.key: item for item in wanted(draft, draft.design)}
    draft.pictures = {key: name for key, name in draft.pictures.items() if key in items}
    if missing := {key: item for key, item in items.items() if key not in draft.pictures}:
        return _draw(draft, missing)
    names = staging.publish(draft.pictures.values())
    draw_cards(_ranges(draft, draft.design, names))
    made = durably(partial(write, draft.pk, names))
    staging.clear(draft.pk)
    return made


def _draw(draft: RangeDraft, missing: Mapping[str, Wanted]) -> int:
    folder = staging.folder(draft.pk)
    jobs = {key: job_of(item, folder) for key, item in missing.items()}
    drawn = {key: staging.keep(picture) for key, picture in desk.draw(jobs, seconds=PATIENCE).items()}
    draft.pictures |= drawn
    _mine(draft).update(pictures=draft.pictures, leased_until=timezone.now() + LEASE, tries=0)
    return len(drawn)


def draw_cards(ranges: Sequence[Range]) -> None:
    """Store the cards that links to the products unfold into; those that are there are not drawn again."""
    for item, picture in first_pictures(ranges):
        save_card(picture, title=item.design.title, garment=item.garment.name, shop_name=settings.SHOP_NAME)


def _due() -> QuerySet[RangeDraft]:
    free = Q(leased_by=ME) | Q(leased_until=None) | Q(leased_until__lt=timezone.now())
    return RangeDraft.objects.filter(free, state=State.DRAWING)


def _claimed() -> RangeDraft | None:
    """Return the oldest draft that nobody else works on, under a lease; one that ended three workers is stopped."""
    draft = _due().order_by("pk").select_related("design", "by").first()
    if draft is None:
        return None
    is_new = draft.leased_by != ME
    draft.tries += is_new
    if draft.tries > TRIES:
        _stop(draft, _("It stopped the worker %(tries)s times.") % {"tries": TRIES})
        return None
    lease = {"leased_by": ME, "leased_until": timezone.now() + LEASE, "tries": draft.tries}
    return draft if _due().filter(pk=draft.pk).update(**lease) else None


def _mine(draft: RangeDraft) -> QuerySet[RangeDraft]:
    return RangeDraft.objects.filter(pk=draft.pk, state=State.DRAWING, leased_by=ME)


def _note(draft: RangeDraft, error: Exception) -> None:
    """Say in the draft why it cannot go on; the catalogue has nothing of it."""
    logger.exception("range %s stopped", draft.pk, exc_info=error)
    if isinstance(error, IntegrityError):
        _stop(draft, _("A SKU or a product of it was made by somebody else meanwhile."))
    elif isinstance(error, OSError):
        _stop(draft, _("A picture could not be read or kept: %(error)s") % {"error": str(error)[:200]})
    else:
        _stop(draft, _("Something went wrong that the studio does not know; the log has the details."))


def _stop(draft: RangeDraft, words: str) -> None:
    RangeDraft.objects.filter(pk=draft.pk, state=State.DRAWING).update(state=State.FAILED, error=words[:300])


# --- The one write ----------------------------------------------------------------------------------


def write(draft_id: int, names: Mapping[str, str]) -> int:
    """Write a drawn draft into the catalogue, in the caller's transaction; return how many variants are new.

    `names` are the pictures' final names by their staged ones. A draft that is done already writes nothing, nor
    one whose artwork was replaced after its pictures were drawn: they are drawn again.
    """
    draft = RangeDraft.objects.select_for_update().get(pk=draft_id)
    if draft.state != State.DRAWING:
        return 0
    design = _locked(draft.design_id)
    if any(item.key not in draft.pictures for item in wanted(draft, design)):
        return 0
    ranges = _ranges(draft, design, names)
    made = 0 if draft.redraws else write_ranges(ranges, by=draft.by)
    if draft.redraws:
        replace_pictures(ranges)
    draft.state, draft.variants_made, draft.finished_at = State.DONE, made, timezone.now()
    draft.save()
    logger.info("range %s is in the catalogue: %s new variants", draft.pk, made)
    return made


def _locked(design_id: int) -> Design:
    """Let one range of a design be written at a time, so that the second sees what the first has made."""
    designs = Design.objects.select_for_update() if is_on("range") else Design.objects.all()
    return designs.get(pk=design_id)


def _ranges(draft: RangeDraft, design: Design, names: Mapping[str, str]) -> list[Range]:
    garments = Garment.objects.in_bulk({row["garment"] for row in draft.rows})
    themes = list(design.themes.all())
    pictures = _pictures(draft, design, names)
    variant = _variant_maker(draft)
    return [
        Range(
            design=design,
            garment=garment,
            variants=[variant(row) for row in draft.rows if row["garment"] == pk and not draft.redraws],
            pictures=pictures.get(pk, {}),
            themes=themes,
        )
        for pk, garment in garments.items()
    ]


def _variant_maker(draft: RangeDraft) -> Callable[[Mapping[str, Any]], Variant]:
    colours = Colour.objects.in_bulk({row["colour"] for row in draft.rows})
    sizes = GarmentSize.objects.in_bulk({row.get("size", 0) for row in draft.rows})

    def variant(row: Mapping[str, Any]) -> Variant:
        colour, size = colours[row["colour"]], sizes[row["size"]]
        return Variant(colour, size, row["sku"], Decimal(row["price"]), row["pieces"])

    return variant


def _pictures(
    draft: RangeDraft, design: Design, names: Mapping[str, str]
) -> dict[int, dict[int, list[Picture]]]:
    """Return the drawn pictures by garment and colour, each colour's front first."""
    found: dict[int, dict[int, list[Picture]]] = {}
    for item in wanted(draft, design):
        name = names[draft.pictures[item.key]]
        picture = Picture(name, alt_of(item, design), SIZE, item.view)
        found.setdefault(item.garment.pk, {}).setdefault(item.colour.pk, []).append(picture)
    return found
