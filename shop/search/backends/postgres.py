"""PostgreSQL's full-text search. modelsearch joins two columns, which no index covers; here one holds all words."""

from typing import Any

from django.db.models import F
from modelsearch.backends.database.postgres.postgres import (
    PostgresIndex,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
)


class Compiler(PostgresSearchQueryCompiler):
    def get_index_vectors(self, search_query: Any) -> list[tuple[Any, float]]:
        return [(F("index_entries__body"), 1.0)]


class Index(PostgresIndex):
    def _refresh_title_norms(self, full: bool = False) -> None:
        """Nothing here ranks by them, and working them out reads every row."""


class SearchBackend(PostgresSearchBackend):
    query_compiler_class = Compiler
    index_class = Index
