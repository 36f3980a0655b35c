"""What baskets tell about a person, for the export and for erasure."""

from django.utils.translation import gettext_lazy

from shop.basket.owning import leave
from shop.basket.selectors import baskets_of, name_of
from shop.personal import Facts, Keeper, Person


class BasketKeeper(Keeper):
    """Baskets of the account."""

    name = "baskets"
    title = gettext_lazy("Basket")
    models = ("basket.Basket",)

    def export(self, person: Person) -> list[Facts]:
        related = ("lines__product__parent", "lines__product__colour", "lines__product__size")
        return [
            {
                "since": basket.date_created,
                "delivery country": basket.country,
                "gift note": basket.gift_note,
                "pieces": [
                    {"what": name_of(line.product), "pieces": line.quantity} for line in basket.lines.all()
                ],
            }
            for basket in baskets_of(person.user_id).prefetch_related(*related).order_by("pk")
        ]

    def erase(self, person: Person) -> None:
        leave(owner_id=person.user_id)
