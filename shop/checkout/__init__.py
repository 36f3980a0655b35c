"""From basket to pending order to Stripe's page and back (Oscar's checkout, forked).

May import order and what is below it."""
