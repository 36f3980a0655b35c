from oscar.apps.basket import apps


class BasketConfig(apps.BasketConfig):
    name = "shop.basket"

    def ready(self) -> None:
        super().ready()
        from shop import personal
        from shop.basket.personal import BasketKeeper

        personal.register(BasketKeeper())
