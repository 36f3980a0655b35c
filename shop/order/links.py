"""A new link for whoever has lost theirs: mailed to the order's own address, never shown."""

from django.db import transaction
from django.utils.crypto import constant_time_compare

from shop.order import mails
from shop.order.models import Order


def send_link(*, number: str, email: str) -> None:
    """Queue a mail with the order's link, if number and address belong together; else nothing happens.

    Nothing is returned, so that no page can tell a wrong number from a wrong address.
    """
    order = Order.objects.filter(number=number.strip().upper()).first()
    if order is None or not order.guest_email:
        return
    if constant_time_compare(order.guest_email.strip().lower(), email.strip().lower()):
        with transaction.atomic():
            mails.link(order)
