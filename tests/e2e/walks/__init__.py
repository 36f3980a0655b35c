"""Walks through every page and state of the store, each as somebody who has a reason to be there.

A walk is a generator: it brings a page into a state and yields its name; who walks along looks at the page as it
stands (`inspecting`, `screenshots`) and goes on. A new page gets its line in one of the walks.
"""

from collections.abc import Callable, Iterator

from playwright.sync_api import Page

from tests.processes import Store

Walk = Callable[[Page, Store], Iterator[str]]
