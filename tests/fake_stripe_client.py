"""Run `shop.fake_stripe` as its own process and steer it through its control API.

    with running(tmp_path) as fake:
        client = fake.stripe_client()
        session = client.v1.checkout.sessions.create(…)
        fake.pay(session.id)

Every answer of the control API is plain JSON. At the end of a run `stripe_types.assert_conforms(fake.log())`
checks all that was said.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.fake_stripe_process import API_KEY, ROOT, ControlError, FakeStripeProcess

__all__ = ["API_KEY", "ROOT", "ControlError", "FakeStripe", "running"]


class FakeStripe(FakeStripeProcess):
    """A running stand-in, with a method for each thing a shopper, a bank, time or the network may do."""

    # -- shoppers and banks

    def pay(self, session_id: str, **typed: Any) -> dict[str, Any]:
        """Pay as the page would; waits for the answer to checkout.session.completed unless `wait=False`.

        `typed` may have email, name, line1, line2, city, state, postal_code, country, phone, method, card,
        expiry, cvc, sort_code, account_number. Returns outcome (paid, no_payment_required, processing,
        declined, authenticate, invalid, expired, complete), redirect_url, message, decline_code, errors,
        session.
        """
        found: dict[str, Any] = self.control("POST", f"sessions/{session_id}/pay", **typed)
        return found

    def decline(self, session_id: str, **typed: Any) -> dict[str, Any]:
        """Try a card that is declined; the session stays open."""
        found: dict[str, Any] = self.control("POST", f"sessions/{session_id}/decline", **typed)
        return found

    def confirm(self, session_id: str, confirmed: bool = True) -> dict[str, Any]:
        """Answer the bank's 3-D Secure question."""
        found: dict[str, Any] = self.control("POST", f"sessions/{session_id}/confirm", confirmed=confirmed)
        return found

    def expire(self, session_id: str) -> dict[str, Any]:
        """End an open session now; return it."""
        found: dict[str, Any] = self.control("POST", f"sessions/{session_id}/expire")
        return found

    def settle(self, session_id: str, good: bool = True) -> dict[str, Any]:
        """Decide a delayed payment now; return the session."""
        found: dict[str, Any] = self.control("POST", f"sessions/{session_id}/settle", good=good)
        return found

    def move_refund(self, refund_id: str, status: str) -> dict[str, Any]:
        """Give a refund another status, with its events; return it."""
        found: dict[str, Any] = self.control("POST", f"refunds/{refund_id}", status=status)
        return found

    # -- what becomes of a payment; `payment_id` is the id of a session, payment intent or charge

    def refund(self, payment_id: str, amount: int | None = None, reason: str | None = None) -> dict[str, Any]:
        """Refund in Stripe's dashboard, all that is left or `amount`; nothing of ours is in it."""
        found: dict[str, Any] = self.control(
            "POST", f"payments/{payment_id}/refund", amount=amount, reason=reason
        )
        return found

    def dispute(
        self,
        payment_id: str,
        reason: str = "fraudulent",
        status: str = "needs_response",
        *,
        amount: int | None = None,
        due_by: int | None = None,
    ) -> dict[str, Any]:
        """Dispute a payment with charge.dispute.created, and funds_withdrawn unless it is an inquiry.

        `status` may be any, also warning_needs_response (an inquiry); `amount` is the part disputed, in minor
        units; `due_by` is when the answer is due (seconds since 1970). Return the dispute.
        """
        fields = {"reason": reason, "status": status, "amount": amount, "due_by": due_by}
        found: dict[str, Any] = self.control("POST", f"payments/{payment_id}/dispute", **fields)
        return found

    def move_dispute(self, dispute_id: str, status: str) -> dict[str, Any]:
        """Give a dispute any status, also an unknown one, with its money and events; return it.

        won, warning_closed and prevented give the money back if it was taken; needs_response, under_review
        and lost take it if it was not. won, lost, warning_closed and prevented are told as closed.
        """
        found: dict[str, Any] = self.control("POST", f"disputes/{dispute_id}", status=status)
        return found

    def warn_of_fraud(self, payment_id: str, fraud_type: str = "made_with_stolen_card") -> dict[str, Any]:
        """Send an early fraud warning of a payment; return it."""
        found: dict[str, Any] = self.control("POST", f"payments/{payment_id}/warning", fraud_type=fraud_type)
        return found

    def review(self, payment_id: str, reason: str = "rule") -> dict[str, Any]:
        """Put a payment under review (`rule` or `manual`); return the review."""
        found: dict[str, Any] = self.control("POST", f"payments/{payment_id}/review", reason=reason)
        return found

    def close_review(self, review_id: str, reason: str = "approved") -> dict[str, Any]:
        """End a review as approved, refunded, refunded_as_fraud, disputed …; return it.

        The two refunds and the dispute are made with it.
        """
        found: dict[str, Any] = self.control("POST", f"reviews/{review_id}", reason=reason)
        return found

    def change_card(self, subscription_id: str, card: str) -> dict[str, Any]:
        """Let another test card, also one that is declined, pay for a subscription from now on; return it."""
        found: dict[str, Any] = self.control("POST", f"subscriptions/{subscription_id}/card", card=card)
        return found

    # -- time, faults, webhooks

    def advance(self, seconds: float) -> float:
        """Move the clock on; what becomes due happens. Returns the new time."""
        return float(self.control("POST", "clock", advance=seconds)["now"])

    def now(self) -> float:
        """Return the clock's time."""
        return float(self.control("GET", "clock")["now"])

    def reset_clock(self) -> None:
        """Let the clock be the machine's again."""
        self.control("POST", "clock", offset=0)

    def fault(self, **fields: Any) -> dict[str, Any]:
        """Make the next matching call go wrong; see `shop.fake_stripe.faults.Fault` for the fields."""
        found: dict[str, Any] = self.control("POST", "faults", **fields)
        return found

    def clear_faults(self) -> None:
        """Forget the faults still to come."""
        self.control("DELETE", "faults")

    def hold(self) -> None:
        """Keep webhooks back."""
        self.control("POST", "webhooks/hold")

    def release(self) -> None:
        """Let webhooks go."""
        self.control("POST", "webhooks/release")

    def flush(self, order: list[str] | None = None) -> list[dict[str, Any]]:
        """Try undelivered webhooks now, also while they are held; return how each fared.

        All in parallel; or only those of the event types or ids in `order`, in this order, one after another.
        """
        found: list[dict[str, Any]] = self.control("POST", "webhooks/flush", order=order)
        return found

    def webhook_fault(self, type: str = "*", **fields: Any) -> dict[str, Any]:
        """Spoil the next delivery of an event type (may end in `*`); see `shop.fake_stripe.webhook_faults`.

        `fields`: count; drop, delay (seconds by the clock), times with parallel, twin, reorder;
        wrong_signature, secret, age (seconds), api_version, without (dotted names), livemode, change.
        """
        found: dict[str, Any] = self.control("POST", "webhooks/faults", type=type, **fields)
        return found

    def clear_webhook_faults(self) -> None:
        """Forget the webhook faults still to come."""
        self.control("DELETE", "webhooks/faults")

    def roll_secret(self, *, keep_old: bool = True) -> str:
        """Give the newest webhook endpoint a new secret and return it; the old one may go on signing too.

        A restart gives it back the secret of its options.
        """
        endpoint = self.stripe_client().v1.webhook_endpoints.list().data[0]
        answer = self.control("POST", f"webhook_endpoints/{endpoint.id}/roll", keep_old=keep_old)
        return str(answer["secret"])

    def redeliver(self, event_id: str, times: int = 1, *, parallel: bool = False) -> list[int]:
        """Send an event again; return the statuses answered (0: no answer)."""
        answer = self.control("POST", f"events/{event_id}/redeliver", times=times, parallel=parallel)
        found: list[int] = answer["statuses"]
        return found

    def deliveries(self) -> list[dict[str, Any]]:
        """Return every delivery: event, type, endpoint, state, attempts, status.

        A state is pending, delivered, failed (after three days) or dropped (by a fault).
        """
        found: list[dict[str, Any]] = self.control("GET", "webhooks")["deliveries"]
        return found

    def wait_until_delivered(self, seconds: float = 10) -> None:
        """Wait until no webhook is waiting for its first attempt; not for those a fault keeps back."""
        end = time.monotonic() + seconds
        soon = self.now() + 1
        while any(_waits(item, soon) for item in self.deliveries()):
            assert time.monotonic() < end, "webhooks were not tried in time"
            time.sleep(0.02)

    def split_paying(self, seconds: float) -> None:
        """Negative control: let paying check first and write so many seconds later, without the lock.

        Then a session may be both paid and expired, or paid twice; 0 ends it.
        """
        self.control("POST", "split", seconds=seconds)

    def reset(self) -> None:
        """Forget everything but the webhook endpoints, also faults and clock."""
        self.control("POST", "reset")

    # -- what was seen

    def log(self) -> dict[str, Any]:
        """Return all requests with their answers, and all events, in order."""
        found: dict[str, Any] = self.control("GET", "log")
        return found

    def requests(self, method: str = "", path: str = "") -> list[dict[str, Any]]:
        """Return the requests seen: method, path, params, idempotency_key, status (0: cut), replayed."""
        found: list[dict[str, Any]] = self.control("GET", "requests")
        return [seen for seen in found if method in ("", seen["method"]) and seen["path"].startswith(path)]

    def events(self, kind: str = "") -> list[dict[str, Any]]:
        """Return the events, in order, of one type or all."""
        return [event for event in self.log()["events"] if kind in ("", event["type"])]


def _waits(delivery: dict[str, Any], soon: float) -> bool:
    due = delivery["_due"]
    return delivery["state"] == "pending" and not delivery["attempts"] and due is not None and due <= soon


@contextmanager
def running(folder: Path, webhooks: dict[str, str] | None = None, *, event: str = "") -> Iterator[FakeStripe]:
    """Run one on a free port with its state in `folder`, and end it."""
    fake = FakeStripe(folder / "fake_stripe.sqlite3", webhooks, event=event).start()
    try:
        yield fake
    finally:
        fake.stop()
