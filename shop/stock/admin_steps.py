"""What staff do to the stock of a variant; every change of a number is a movement."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.admin import Step
from shop.money import shown
from shop.partner.models import StockRecord
from shop.partner.services import set_price
from shop.stock import services
from shop.stock.forms import CorrectForm, PriceForm, ReceiveForm, ThresholdForm
from shop.transactions import durably


class StockStep(Step):
    model = StockRecord
    permission = "partner.change_stockrecord"
    refusals = (services.InsufficientStock, StockRecord.DoesNotExist)

    def words(self, error: Exception) -> str:
        return _("Nothing was changed: of the pieces on hand, %(allocated)s are allocated to orders.") % {
            "allocated": self.object.num_allocated
        }

    def now_on_hand(self) -> str:
        self.object.refresh_from_db()
        return _("Now %(hand)s on hand, %(available)s available.") % {
            "hand": self.object.num_in_stock,
            "available": self.object.available,
        }


class Move(StockStep):
    """A change of what is on hand by one movement; its reference is the form's, so that sent twice it counts once."""

    move: ClassVar[Callable[..., Any]]

    def act(self, data: dict[str, Any]) -> str:
        durably(
            partial(
                self.move,
                stockrecord_id=self.object.pk,
                quantity=data["quantity"],
                reference=f"{self.name}:{data['token']}",
                reason=data["reason"],
                by=self.request.user,
            )
        )
        return self.now_on_hand()


class Receive(Move):
    name, label, tone = "receive", gettext_lazy("Receive"), "main"
    form_class = ReceiveForm
    move = staticmethod(services.receive)


class Correct(Move):
    name, label = "correct", gettext_lazy("Correct")
    form_class = CorrectForm
    move = staticmethod(services.correct)

    def explain(self) -> list[str]:
        return [
            _("The store counts %(hand)s on hand, %(allocated)s of them allocated to orders.")
            % {"hand": self.object.num_in_stock, "allocated": self.object.num_allocated}
        ]


class Price(StockStep):
    name, label = "price", gettext_lazy("Change price")
    form_class = PriceForm

    def get_initial(self) -> dict[str, Any]:
        return {"price": self.object.price}

    def act(self, data: dict[str, Any]) -> str:
        durably(partial(set_price, stockrecord=self.object, price=data["price"], by=self.request.user))
        return _("The price is %(price)s.") % {"price": shown(data["price"], self.object.price_currency)}


class Threshold(StockStep):
    name, label = "threshold", gettext_lazy("Change warning")
    form_class = ThresholdForm

    def get_initial(self) -> dict[str, Any]:
        return {"low_stock_threshold": self.object.low_stock_threshold}

    def act(self, data: dict[str, Any]) -> str:
        StockRecord.objects.filter(pk=self.object.pk).update(low_stock_threshold=data["low_stock_threshold"])
        return _("Saved.")


STEPS = (Receive, Correct, Price, Threshold)
