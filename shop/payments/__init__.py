"""The till: payments, refunds, Stripe's events; owns the states of all three.

Knows nothing of orders or gifts: it is handed a Payable and tells the outcome to the handler registered for its kind.
Only gateway.py imports stripe. May import basket, shipping, articles and what is below them."""
