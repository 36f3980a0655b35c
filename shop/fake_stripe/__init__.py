"""A working local Stripe for development and tests, run as its own process; no money moves.

`python -m shop.fake_stripe --port P` serves the part of Stripe's API (version 2026-10-28.endive) that the
store can tell from the real one: Checkout Sessions with their hosted page, PaymentIntents, Charges, Refunds,
Disputes, early fraud warnings, Radar reviews, balance transactions, Customers, Subscriptions, Invoices, the
billing portal, Events and webhook endpoints, with Stripe's errors, idempotency keys, lists, expansion and
signed, retried webhooks. Time is one controllable clock; `/_control/` (loopback only) moves it, plays the bank
and the dashboard, and causes faults of the API (`faults`) and of webhooks (`webhook_faults`).

It imports nothing of ours and no Django, and nothing of ours imports it: the store meets it over HTTP only.

Flow of a call: `server` (HTTP) -> `api` (key, route, idempotency, faults, log) -> a resource module
(`sessions`, `payments`, `refunds`, `dispute_api`, `subscription_api`, `invoices` …) -> `store` (state, lock,
clock). The hosted page goes `server` -> `pages` -> `checkout`, which alone decides paid, declined or expired,
under the store's lock; `aftermath` does what a test card brings next. What happened is written by `events`,
sent by `delivery` and `sending`. What becomes due by the clock is in `timers`.

What it does not do, and says so in an error where it is asked:
- set-up mode, embedded pages, products and prices by id, coupons, automatic tax, shipping rates, manual
  capture, Connect, files, recovery links, adaptive pricing, rate limits of its own;
- subscriptions that are free, on trial, prorated, paused, changed in price, paid by direct debit, or made
  without a session; in the portal anything but cancelling and going on after all.

What it does more simply than Stripe:
- its account is one: every `sk_test_` key sees the same data;
- a dispute whose due date has passed only becomes `past_due`, and evidence is decided at once when it is one
  of Stripe's test texts, otherwise when the control API says so; the fee of a dispute is never given back;
- invoices are final at once (no hour as a draft); a declined one is tried again after 3, 5 and 7 days, then
  the subscription is cancelled; several disputes of one charge are halves of it;
- the refunds of the test cards are decided after ten minutes of the clock;
- webhook signatures carry the machine's time, not the controllable clock's, because their receiver checks its
  own; a webhook that a fault delays or drops does not hold the shopper's redirect;
- message texts are Stripe's where they are known, otherwise plain English.

Not verified against Stripe itself: the smallest amounts, the retry intervals, the ten seconds that the
redirect waits, the test accounts of Bacs, the card that brings a review, that an expiring session cancels its
intent, that a closed review stays on its payment, which dispute statuses allow a refund, what `prevented`
does to the money, the fees, the order of a subscription's first events, and messages not quoted in its docs.
"""
