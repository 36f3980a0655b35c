"""With a search server, the store tells it after the commit, and goes on when it does not answer."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from catalogue.models import Design
from shop.search import services
from shop.search.models import Entry
from tests.factories import a_product
from tests.integration.search.far_away import SearchBackend

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def server(settings) -> Iterator[type[SearchBackend]]:
    settings.MODELSEARCH_BACKENDS = {"default": {"BACKEND": "tests.integration.search.far_away"}}
    SearchBackend.keys, SearchBackend.is_down = set(), False
    yield SearchBackend
    SearchBackend.keys, SearchBackend.is_down = set(), False


def test_it_hears_of_a_change_after_the_commit_only(server, django_capture_on_commit_callbacks):
    product = a_product().parent
    with django_capture_on_commit_callbacks() as told, transaction.atomic():
        services.refresh(products=[product.pk])
    assert (server.keys, Entry.objects.count()) == (set(), 1)
    for tell in told:
        tell()
    assert server.keys == {f"product:{product.pk}"}
    Design.objects.update(is_public=False)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        services.refresh(products=[product.pk])
    assert (server.keys, Entry.objects.count()) == (set(), 0)


def test_when_it_is_out_of_reach_the_change_stands_and_is_sent_again(
    server, django_capture_on_commit_callbacks
):
    product = a_product().parent
    server.is_down = True
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        services.refresh(products=[product.pk])
    assert (server.keys, Entry.objects.filter(is_stale=True).count()) == (set(), 1)
    server.is_down = False
    with django_capture_on_commit_callbacks(execute=True):
        assert services.work() == 1
    assert (server.keys, Entry.objects.filter(is_stale=True).count()) == ({f"product:{product.pk}"}, 0)
