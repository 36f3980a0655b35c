"""People who come back: accounts, back-in-stock requests, wishlists (Oscar's customer, forked).

May import order and what is below it; not checkout, search or studio."""
