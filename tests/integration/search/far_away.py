"""A search engine that stands for a server: it is told after the commit, and may be out of reach."""

from typing import Any, ClassVar

from modelsearch.backends.base import BaseIndex, BaseSearchBackend


class Index(BaseIndex):
    def add_items(self, model: Any, objs: Any) -> None:
        SearchBackend.reach()
        SearchBackend.keys |= {entry.key for entry in objs}

    def delete_item(self, item: Any) -> None:
        SearchBackend.reach()
        SearchBackend.keys.discard(item.key)


class SearchBackend(BaseSearchBackend):
    index_class = Index
    catch_indexing_errors = True
    keys: ClassVar[set[str]] = set()
    is_down: ClassVar[bool] = False

    @classmethod
    def reach(cls) -> None:
        if cls.is_down:
            raise ConnectionError("nobody answers")
