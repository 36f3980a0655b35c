"""Background work without a broker, and the store's health: mail, sweeps, heartbeat, /healthz and /readyz.

May import storefront and what is below it.
"""
