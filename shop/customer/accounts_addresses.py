"""Taking an address off the orders it was used for."""

from shop.customer.accounts_selectors import key_of, lines_of, with_address
from shop.order.erasing import forget_address, is_open, lock_with_payments
from shop.transactions import durably
from shop.users.models import User


def forget(*, user: User, key: str) -> int:
    """Take the address of that key off the account's finished orders; return how many. Open ones still need it."""
    return durably(lambda: _forget(user, key))


def _forget(user: User, key: str) -> int:
    chosen = [order.number for order in with_address(user) if key_of(lines_of(order)) == key]
    done = 0
    for number in chosen:
        order = lock_with_payments(number)
        if not is_open(order):
            forget_address(order)
            done += 1
    return done
