"""Raising the catalogue version by hand, for a change that no watched table shows (`triggers` does all others)."""

from shop.freshness.models import CatalogueVersion, new_mark
from shop.transactions import require_transaction


def raise_version() -> None:
    """Give the catalogue a new version when the caller's transaction commits; waits for nobody."""
    require_transaction()
    free = CatalogueVersion.objects.select_for_update(skip_locked=True).order_by("pk").first()
    if free is None:
        CatalogueVersion.objects.create()
    else:
        CatalogueVersion.objects.filter(pk=free.pk).update(mark=new_mark())
