"""What a test asked for on purpose that Stripe's types do not know; whoever checks the log is told."""

from collections.abc import Collection

from .store import Store

_KIND = "deviation"


def allow(store: Store, value: str, known: Collection[str]) -> None:
    """Remember a value that is not among the `known` ones; needs the store's transaction."""
    if value not in known:
        store.put(_KIND, {"id": f"deviation:{value}", "value": value})


def allowed(store: Store) -> list[str]:
    """Return the values asked for so far."""
    return [found["value"] for found in store.newest(_KIND)]
