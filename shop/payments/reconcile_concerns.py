"""Disputes, early fraud warnings and reviews at Stripe beside ours; see `reconcile`."""

from collections.abc import Callable, Iterator
from datetime import datetime

from shop.payments import lookups, mirror
from shop.payments.differences import Difference, exists, is_ours
from shop.payments.models import Dispute

Kind = Dispute.Kind


def differences(since: datetime) -> Iterator[Difference]:
    """Yield what differs of what was opened since then, and of what is open here."""
    listed = [
        *lookups.disputes_since(since),
        *lookups.warnings_since(since),
        *lookups.reviews_since(since),
    ]
    rows = {row.stripe_id: row for row in Dispute.objects.filter(stripe_id__in=[fact.id for fact in listed])}
    for fact in listed:
        difference = _differs(fact, rows[fact.id]) if fact.id in rows else _missing_here(fact)
        if difference:
            yield difference
    for row in Dispute.objects.filter(created_at__gte=since).exclude(stripe_id__in=rows):
        yield from _not_listed(row)


def _word(kind: str) -> str:
    return {Kind.WARNING: "warning", Kind.REVIEW: "review"}.get(Kind(kind), "dispute")


def _missing_here(fact: lookups.Concern) -> Difference | None:
    is_known = mirror.known(fact.intent_id, fact.charge_id)
    if not is_known and not is_ours(lookups.metadata_of(intent_id=fact.intent_id, charge_id=fact.charge_id)):
        return None
    text = f"{fact.status} at Stripe"
    return Difference(f"{_word(fact.kind)} missing here", fact.id, text, _mirroring(fact.id))


def _differs(fact: lookups.Concern, row: Dispute) -> Difference | None:
    if row.status != fact.status:
        text = f"{fact.status} at Stripe, {row.status} here"
        return Difference(f"{_word(fact.kind)} status differs", fact.id, text, _mirroring(fact.id))
    if row.amount_minor != fact.amount:
        text = f"{fact.amount} at Stripe, {row.amount_minor} here (minor units)"
        return Difference("dispute amount differs", fact.id, text, _mirroring(fact.id))
    return None


def _not_listed(row: Dispute) -> Iterator[Difference]:
    """Look up what Stripe's lists did not name: a review that has ended, or a thing that is not there."""
    if not exists(lookups.concern, row.stripe_id):
        yield Difference(f"{_word(row.kind)} missing at Stripe", row.stripe_id, f"here it is {row.status}")
    elif row.kind == Kind.REVIEW and (found := _differs(lookups.concern(row.stripe_id), row)):
        yield found


def _mirroring(stripe_id: str) -> Callable[[], object]:
    return lambda: mirror.concern(stripe_id)
