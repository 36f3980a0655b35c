"""Where tests can reach in: named points in the steps of money, stock and mail, and switches for the guards.

In production both are empty: `reach` calls nothing and every guard is on. Only tests' own settings fill them
(`TEST_HOOK`, `TEST_GUARDS_OFF`). Imports nothing of ours.
"""

from django.conf import settings

#: Every point, in the order an order passes them; a test goes through them all.
POINTS = (
    "pay.frozen",
    "pay.placed",
    "pay.committed",
    "pay.session_created",
    "pay.session_saved",
    "webhook.stored",
    "settle.looked_up",
    "settle.locked",
    "settle.told",
    "settle.committed",
    "webhook.applied",
    "mail.leased",
    "mail.handed_over",
    "ship.sold",
    "ship.committed",
    "refund.written",
    "refund.committed",
    "refund.sent",
)

#: What can be switched off, so that a negative control shows the failure the guard prevents.
GUARDS = (
    "stock",
    "event",
    "forward",
    "basket",
    "refund",
    "voucher",
    "offer",
    "limit",
    "request",
    "invoice",
    "review",
)


def reach(point: str) -> None:
    """Tell a test that `point` is reached; it may sleep, raise or kill here."""
    hook = getattr(settings, "TEST_HOOK", None)
    if hook is not None:
        hook(point)


def is_on(guard: str) -> bool:
    """Whether a guard is on; only a test's settings can switch one off."""
    return guard not in getattr(settings, "TEST_GUARDS_OFF", frozenset())
