"""Addresses of the API and what answers them."""

import re
from collections.abc import Callable
from typing import Any

from .store import Document, Store
from .validation import Rule

Run = Callable[..., Document]
Check = Callable[[Store, dict[str, Any]], None]


class Route:
    """One endpoint: the names it takes, a check of them together (neither writes), and the work itself.

    `run(store, parameters, *ids)` is called inside the store's transaction and returns the object shown.
    """

    def __init__(
        self,
        method: str,
        path: str,
        rules: dict[str, Rule],
        run: Run,
        *,
        required: tuple[str, ...] = (),
        check: Check | None = None,
    ) -> None:
        self.method, self.path, self.rules, self.run = method, path, rules, run
        self.required, self.check = required, check
        self._pattern = re.compile(re.sub(r"\{id\}", "([^/]+)", path) + r"\Z")

    def match(self, method: str, path: str) -> tuple[str, ...] | None:
        """Return the ids in `path`, or None when this is not its endpoint."""
        found = self._pattern.match(path)
        return found.groups() if found and method == self.method else None
