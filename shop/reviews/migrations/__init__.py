"""Ours stand beside Oscar's own, which are used where they lie: Oscar is pinned, and its names must not change."""

from oscar.apps.catalogue.reviews import migrations as _core

__path__ += _core.__path__  # type: ignore[name-defined]
