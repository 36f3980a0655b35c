import pytest
from oscar.core.loading import get_class, get_model


@pytest.mark.parametrize(
    ("module", "name", "ours"),
    [
        ("partner.strategy", "Selector", "shop.partner.strategy"),
        ("partner.strategy", "Strategy", "shop.partner.strategy"),
        ("basket.middleware", "BasketMiddleware", "shop.basket.middleware"),
    ],
)
def test_oscar_finds_our_classes(module, name, ours):
    assert get_class(module, name).__module__ == ours


@pytest.mark.parametrize(
    ("app", "name", "ours"),
    [("basket", "Basket", "shop.basket.models"), ("basket", "Line", "shop.basket.models")],
)
def test_oscar_finds_our_models(app, name, ours):
    assert get_model(app, name).__module__ == ours
