"""How every test gets its database: a copy of a migrated template, rolled back after the test.

`TEST_DATABASE=postgres pytest -m both` runs the tests marked `both` again on PostgreSQL. A test that needs
real commits asks for `transactional_db`, and a new copy is made after it.
"""

import os
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker

from tests import databases
from tests.settings import WORKER

ON_POSTGRES = os.environ.get("TEST_DATABASE") == "postgres"


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL in the first process of a run, so that it outlives the workers."""
    if ON_POSTGRES and "PYTEST_XDIST_WORKER" not in os.environ:
        databases.postgres()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest test, so that no process is left alone with it at the end of a run."""
    items.sort(key=lambda item: "tests/machine/" not in item.nodeid)


def _database() -> databases.Database:
    return databases.postgres() if ON_POSTGRES else databases.sqlite()


@pytest.fixture(autouse=True)
def _no_kept_pages() -> None:
    """A page that another test's settings rendered is not this test's."""
    caches["pages"].clear()


@pytest.fixture(scope="module")
def live_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[databases.Database]:
    """The database live stores get copies of; this process may use them while a module runs."""
    with django_db_blocker.unblock():
        yield _database()
        _renew()


@pytest.fixture(scope="session")
def django_db_setup() -> Iterator[None]:
    """Give this process its own copy of the template."""
    _renew()
    yield
    connection.close()


def _renew(*_: object) -> None:
    database = _database()
    connection.close()
    database.fresh(WORKER)
    database.use(WORKER)


# Emptying 150 tables takes a second and would take the reference data too.
TransactionTestCase._fixture_teardown = _renew  # type: ignore[method-assign]
