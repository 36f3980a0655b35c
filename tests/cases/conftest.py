"""The cases of the fault and abuse plan: `test_C01_…` to `test_P04_…`, a file for each of its groups."""

from collections.abc import Iterator

import pytest
from django.test import Client

from shop.basket.models import Basket
from shop.basket.selectors import COOKIE, sign
from tests.databases import Database
from tests.factories import MadeProduct, a_basket_with, a_product
from tests.processes import Store, running
from tests.till import fake, stand_in  # noqa: F401  (fixtures)


@pytest.fixture
def product() -> MadeProduct:
    """Five pieces of each variant, £25 each."""
    return a_product(stock=5)


@pytest.fixture
def basket(product: MadeProduct) -> Basket:
    return a_basket_with((product.first, 2))


@pytest.fixture
def shopper(client: Client, basket: Basket) -> Client:
    """The browser that holds the basket."""
    client.cookies[COOKIE] = sign(basket)
    return client


@pytest.fixture(scope="module")
def store(live_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A whole store in its own processes, for what only real parallel connections show."""
    with running(live_database, tmp_path_factory.mktemp("store")) as store:
        yield store
