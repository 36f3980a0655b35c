"""A working local Stripe for development and tests, run as its own process; no money moves.

`python -m shop.fake_stripe --port P` serves the part of Stripe's API (version 2026-10-28.endive) that the
store can tell from the real one: Checkout Sessions in payment mode with their hosted page, PaymentIntents,
Charges, Refunds, Events and webhook endpoints, with Stripe's errors, idempotency keys, lists, expansion and
signed, retried webhooks. Time is one controllable clock; `/_control/` (loopback only) moves it and causes
faults.

It imports nothing of ours and no Django, and nothing of ours imports it: the store meets it over HTTP only.

Flow of a call: `server` (HTTP) -> `api` (key, route, idempotency, faults, log) -> a resource module
(`sessions`, `payments`, `refunds`, `events`, `webhooks`) -> `store` (state, lock, clock). The hosted page
goes `server` -> `pages` -> `checkout`, which alone decides paid, declined or expired, under the store's lock.

What it does not do, and says so in an error where it is asked: subscriptions and set-up mode, products and
prices by id, coupons, automatic tax, shipping rates, manual capture, Connect, customers (`customer` stays
null, also for sessions of amount 0), balance transactions (null on charges), rate limits of its own. Its
account is one: every `sk_test_` key sees the same data. Message texts are Stripe's where they are known,
otherwise plain English. Webhook signatures carry the machine's time, not the controllable clock's, because
their receiver checks its own.

Not verified against Stripe itself: the smallest amounts, the retry intervals, the ten seconds that the
redirect waits, the test accounts of Bacs, that an expiring session cancels its intent, and messages not
quoted in its docs.
"""
