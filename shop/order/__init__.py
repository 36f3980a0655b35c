"""Placed orders, their statuses, parcels and mails (Oscar's order, forked); owns the order's status.

May import payments and what is below it."""
