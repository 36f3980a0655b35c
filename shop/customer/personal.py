"""What this room and Oscar's apps about people tell of a person, for the export and for erasure."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy
from oscar.apps.wishlists.models import WishList

from shop.customer.models import FormerAddress, ProductAlert
from shop.personal import Facts, Keeper, Person


class AlertKeeper(Keeper):
    """Back-in-stock requests of the account and of its addresses."""

    name = "back-in-stock requests"
    title = gettext_lazy("Back-in-stock requests")
    models = ("customer.ProductAlert",)

    def export(self, person: Person) -> list[Facts]:
        mine = _alerts_of(person).select_related("product__parent")
        return [
            {
                "asked": request.date_created,
                "product": request.product.get_title(),
                "state": str(request.get_status_display()),
                "confirmed": request.date_confirmed,
                "told": request.date_closed,
            }
            for request in mine.order_by("pk")
        ]

    def erase(self, person: Person) -> None:
        _alerts_of(person).delete()


def _alerts_of(person: Person) -> QuerySet[ProductAlert]:
    mine = Q(user=person.user_id) | person.wrote("email", "date_created")
    return ProductAlert.objects.filter(mine)


class FormerAddressKeeper(Keeper):
    """Addresses the account had before."""

    name = "former addresses"
    title = gettext_lazy("Former e-mail addresses")
    models = ("customer.FormerAddress",)

    def export(self, person: Person) -> list[Facts]:
        mine = FormerAddress.objects.filter(user=person.user_id).order_by("pk")
        return [{"e-mail": former.email, "until": former.until} for former in mine]

    def erase(self, person: Person) -> None:
        FormerAddress.objects.filter(user=person.user_id).delete()


class WishListKeeper(Keeper):
    """Wish lists of the account."""

    name = "wish lists"
    title = gettext_lazy("Wish lists")
    models = ("wishlists.WishList", "wishlists.WishListSharedEmail")

    def export(self, person: Person) -> list[Facts]:
        mine = WishList.objects.filter(owner=person.user_id).prefetch_related("lines__product__parent")
        return [
            {
                "made": wish_list.date_created,
                "products": [line.get_title() for line in wish_list.lines.all()],
            }
            for wish_list in mine.order_by("pk")
        ]

    def erase(self, person: Person) -> None:
        WishList.objects.filter(owner=person.user_id).delete()
