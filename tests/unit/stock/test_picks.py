"""Picks of what is sold out: one number per variant and day, and nothing about who picked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shop.limits.services import Limit
from shop.stock import picks
from shop.stock.models import SoldOutPick
from tests.factories import a_product

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def counted() -> list[tuple[int, int]]:
    return list(SoldOutPick.objects.order_by("pk").values_list("stockrecord__product", "picks"))


def test_every_client_counts_once_a_day_for_a_variant():
    shirt = a_product(stock=0).first
    assert [picks.note(variant=shirt, client=client) for client in ("ann", "ann", "bob")] == [
        True,
        False,
        True,
    ]
    assert counted() == [(shirt.pk, 2)]
    assert SoldOutPick.objects.get().day == timezone.localdate()


def test_what_is_in_stock_is_no_sold_out_pick():
    shirt = a_product(stock=1).first
    assert not picks.note(variant=shirt, client="ann")
    assert counted() == []


def test_one_client_cannot_run_through_the_whole_shop(monkeypatch):
    monkeypatch.setattr(picks, "PER_CLIENT", Limit("sold-out-picks", 2, timedelta(hours=1)))
    made = a_product(stock=0)
    variants = list(made.variants.values())[:3]
    assert [picks.note(variant=one, client="ann") for one in variants] == [True, True, False]
    assert counted() == [(variants[0].pk, 1), (variants[1].pk, 1)]


def test_the_model_keeps_nothing_of_who_picked():
    names = {field.name for field in SoldOutPick._meta.get_fields()}
    assert names == {"id", "stockrecord", "day", "picks"}
