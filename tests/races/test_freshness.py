"""The catalogue version under parallel connections: changes never wait for each other, pages are rendered once."""

import threading
from functools import partial

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.signals import template_rendered

from catalogue.models import Colour
from shop.freshness.models import CatalogueVersion
from shop.freshness.selectors import catalogue_version
from tests.conftest import ON_POSTGRES
from tests.factories import a_colour, a_product
from tests.races.parallel import at_once

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]

AT_ONCE = 6


def _rename(code: str, meet: threading.Barrier | None = None) -> str:
    with transaction.atomic():
        Colour.objects.filter(code=code).update(name=f"{code} again")
        if meet is not None:
            meet.wait(10)
    return catalogue_version()


def test_every_change_makes_a_version_nobody_has_seen() -> None:
    codes = [a_colour(code).code for code in ("white", "black", "red", "blue", "green", "grey")]
    before = catalogue_version()
    seen = at_once([partial(_rename, code) for code in codes])
    assert all(isinstance(version, str) and version != before for version in seen)
    assert catalogue_version() in seen


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite has one writer at a time")
def test_open_changes_do_not_wait_for_each_other() -> None:
    """All of them stand inside their transactions, the version raised, at the same moment."""
    codes = [a_colour(code).code for code in ("white", "black", "red", "blue", "green", "grey")]
    meet = threading.Barrier(AT_ONCE)
    seen = at_once([partial(_rename, code, meet) for code in codes])
    assert [type(version) for version in seen] == [str] * AT_ONCE
    assert 1 <= CatalogueVersion.objects.count() <= AT_ONCE


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite has one writer at a time")
def test_with_one_row_that_all_must_lock_they_would_wait() -> None:
    """The negative control: what `SKIP LOCKED` in the trigger spares."""
    a_colour("white")
    row = CatalogueVersion.objects.get()

    def lock(meet: threading.Barrier) -> str:
        with transaction.atomic():
            CatalogueVersion.objects.select_for_update().get(pk=row.pk)
            meet.wait(1)
        return "met"

    meet = threading.Barrier(2)
    assert [type(each) for each in at_once([partial(lock, meet)] * 2)] == [threading.BrokenBarrierError] * 2


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite has no server that could go away")
def test_a_connection_that_was_cut_is_made_again() -> None:
    before = catalogue_version()
    mine = connection.connection.info.backend_pid

    def cut() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [mine])

    assert at_once([cut]) == [None]
    assert catalogue_version() == before
    assert connection.connection.info.backend_pid != mine


def test_fifty_first_requests_render_a_page_once() -> None:
    a_product()
    rendered: list[str] = []
    note = lambda sender, template, **_: rendered.append(template.name)  # noqa: E731
    template_rendered.connect(note)
    try:
        answers = at_once([lambda: Client().get("/catalogue/").content] * 50)
    finally:
        template_rendered.disconnect(note)
    assert len(set(answers)) == 1
    assert rendered.count("catalogue/list.html") == 1
