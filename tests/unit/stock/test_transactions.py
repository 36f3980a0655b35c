import pytest

from shop.stock import services
from shop.stock.services import Step


def test_without_a_use_case_s_transaction_nothing_is_done(db):
    with pytest.raises(RuntimeError):
        services.allocate(steps=[Step(1, 1, "line:1/payment:a")])
