"""What staff do to an order, each by a button: a form page of its own, one service call, one message."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from oscar.core.loading import get_model

from shop.admin import Step
from shop.money import from_minor, shown
from shop.order import services
from shop.order.forms import NoteForm, ReasonForm, ShipForm
from shop.order.models import Order
from shop.order.selectors import payments_of
from shop.order.statuses import HOLDS_STOCK, PACKABLE, Status
from shop.payments import gateway, refunds, settlement
from shop.payments.models import Payment
from shop.stock.services import InsufficientStock

HOLDABLE = (Status.PROCESSING_PAYMENT, Status.PAID, Status.PART_SHIPPED, Status.SHIPPED)


class OrderStep(Step):
    """A step of one order; what refuses it becomes a message."""

    model = Order
    permission = "order.change_order"
    refusals = (
        services.NotPossible,
        Order.DoesNotExist,
        refunds.TooMuch,
        gateway.GatewayError,
        InsufficientStock,
    )

    def words(self, error: Exception) -> str:
        match error:
            case gateway.NotConfigured():
                return _("The store has no Stripe key, so Stripe cannot be asked. Nothing was changed.")
            case gateway.Unavailable():
                return _("Stripe does not answer, so nothing was changed. Try again in a minute.")
            case gateway.Refused():
                return _("Stripe refused: %(reason)s") % {"reason": error}
            case InsufficientStock():
                return _(
                    "The stock of this order is not allocated, so nothing was shipped. Check the ledger."
                )
        return str(error)


class Ship(OrderStep):
    name, label, tone = "ship", gettext_lazy("Ship"), "main"
    form_class = ShipForm

    @classmethod
    def is_possible(cls, obj: Order) -> bool:
        return obj.status in PACKABLE

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"order": self.object}

    def get_initial(self) -> dict[str, Any]:
        return {"parcels_before": self.object.parcels.count()}

    def form_valid(self, form: ShipForm) -> Any:
        self.quantities = form.quantities
        return super().form_valid(form)

    def explain(self) -> list[str]:
        return [_("The pieces leave the stock, and the shopper gets a mail with the tracking.")]

    def act(self, data: dict[str, Any]) -> str:
        parcel = services.ship(
            number=self.object.number,
            by=self.by,
            parcels_before=data["parcels_before"],
            quantities=self.quantities,
            **{key: data[key] for key in ("carrier", "tracking", "tracking_url")},
        )
        pieces = sum(self.quantities.values())
        words = ngettext(
            "Parcel %(parcel)s with %(pieces)s piece is on its way.",
            "Parcel %(parcel)s with %(pieces)s pieces is on its way.",
            pieces,
        )
        return words % {"parcel": parcel, "pieces": pieces}


class Cancel(OrderStep):
    name, label, tone = "cancel", gettext_lazy("Cancel order"), "danger"
    form_class = ReasonForm

    @classmethod
    def is_possible(cls, obj: Order) -> bool:
        return obj.may_become(Status.CANCELLED) and not obj.parcels.exists()

    def explain(self) -> list[str]:
        said = [
            _("%(amount)s is refunded to the shopper.") % {"amount": shown(left, payment.taken_currency)}
            for payment in payments_of(self.object)
            if (left := from_minor(refunds.refundable_minor(payment), payment.taken_currency))
        ]
        if payments_of(self.object).filter(state=Payment.State.REVIEW).exists():
            said.append(_("What Stripe took by the payment that needs a look is refunded too."))
        if self.object.status in HOLDS_STOCK:
            said.append(_("The stock it holds becomes available again."))
        return [*said, _("Vouchers it used can be used again. The shopper gets a mail.")]

    def act(self, data: dict[str, Any]) -> str:
        services.cancel(number=self.object.number, reason=data["reason"], by=self.by)
        return _("The order is cancelled. What was paid is on its way back.")


class Hold(OrderStep):
    name, label = "hold", gettext_lazy("Hold")
    form_class = ReasonForm

    @classmethod
    def is_possible(cls, obj: Order) -> bool:
        return obj.status in HOLDABLE

    def explain(self) -> list[str]:
        return [_("Nothing is shipped until somebody releases the order.")]

    def act(self, data: dict[str, Any]) -> str:
        services.hold(number=self.object.number, reason=data["reason"], by=self.by)
        return _("The order is on hold.")


class Release(OrderStep):
    name, label, is_direct = "release", gettext_lazy("Release"), True

    @classmethod
    def is_possible(cls, obj: Order) -> bool:
        return obj.status == Status.ON_HOLD and obj.held_from != Status.CANCELLED

    def explain(self) -> list[str]:
        return [_("The order goes back to where it was before the hold.")]

    def act(self, data: dict[str, Any]) -> str:
        services.release_hold(number=self.object.number, by=self.by)
        self.object.refresh_from_db()
        return _("The order is released: %(status)s.") % {"status": self.object.get_status_display()}


class Recheck(OrderStep):
    name, label, is_direct = "recheck", gettext_lazy("Check again at Stripe"), True

    @classmethod
    def is_possible(cls, obj: Order) -> bool:
        return payments_of(obj).exists()

    def explain(self) -> list[str]:
        return [_("Every payment of this order is looked up at Stripe.")]

    def act(self, data: dict[str, Any]) -> str:
        services.recheck(number=self.object.number)
        self.object.refresh_from_db()
        return _("Checked at Stripe. The order is: %(status)s.") % {
            "status": self.object.get_status_display()
        }


class Accept(OrderStep):
    name, label = "accept", gettext_lazy("Accept payment")

    @classmethod
    def is_possible(cls, obj: Order) -> bool:
        return payments_of(obj).filter(state=Payment.State.REVIEW).exists()

    def explain(self) -> list[str]:
        problems = (
            payments_of(self.object).filter(state=Payment.State.REVIEW).values_list("problem", flat=True)
        )
        return [*problems, _("Accepting counts the order as paid. It stays on hold until you release it.")]

    def act(self, data: dict[str, Any]) -> str:
        for payment in payments_of(self.object).filter(state=Payment.State.REVIEW):
            settlement.accept(payment.pk, now=timezone.now())
        return _("The payment is accepted. Release the order when it may be packed.")


class Note(OrderStep):
    name, label = "note", gettext_lazy("Add a note")
    form_class = NoteForm

    def explain(self) -> list[str]:
        return [_("Only staff see notes.")]

    def act(self, data: dict[str, Any]) -> str:
        kinds = get_model("order", "OrderNote")
        self.object.notes.create(user=self.request.user, note_type=kinds.INFO, message=data["message"])
        return _("The note is saved.")


STEPS = (Ship, Release, Accept, Hold, Recheck, Note, Cancel)
