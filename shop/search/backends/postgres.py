"""PostgreSQL's full-text search. modelsearch joins two columns, which no index covers; here one holds all words."""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db.models import F, QuerySet
from modelsearch.backends.database.postgres.postgres import (
    PostgresAutocompleteQueryCompiler,
    PostgresIndex,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
    PostgresSearchResults,
)
from modelsearch.models import IndexEntry
from modelsearch.query import Or, PlainText

from shop.search.backends.hits import in_order


class Matching:
    """Mixin of the compilers: the rows of the index that answer, without any join."""

    column = "body"

    def rows(self: Any, config: Any) -> QuerySet[Any]:
        return IndexEntry.objects.filter(**{self.column: self.build_tsquery(self.query, config=config)})

    def rank(self: Any, config: Any) -> SearchRank:
        """How well a row answers: what each of the words weighs in it, wherever they stand."""
        any_word = self.build_tsquery(Or([PlainText(word) for word in _words(self.query)]), config=config)
        return SearchRank(F(self.column), any_word, weights=self.sql_weights)


class Compiler(Matching, PostgresSearchQueryCompiler):
    pass


class AutocompleteCompiler(Matching, PostgresAutocompleteQueryCompiler):
    column = "autocomplete"


class Results(PostgresSearchResults):
    """Counts in one query; finds a page of hits in one, and reads them in one more, however many there are."""

    def _config(self) -> Any:
        return self.query_compiler.get_config(self.backend)

    def _do_count(self) -> int:
        return self.query_compiler.rows(self._config()).count()

    def _do_search(self) -> list[Any]:
        rows = self.query_compiler.rows(self._config())
        ranked = rows.order_by(self.query_compiler.rank(self._config()).desc(), "-pk")
        keys = ranked.values_list("object_id", flat=True)[self.start : self.stop]
        return in_order(self.query_compiler.queryset, list(keys))


class Index(PostgresIndex):
    def _refresh_title_norms(self, full: bool = False) -> None:
        """Nothing here ranks by them, and working them out reads every row."""

    def refresh(self) -> None:
        """Tell the planner how many rows there are now: without that it reads them all after a big load."""
        with self.write_connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {IndexEntry._meta.db_table}")


class SearchBackend(PostgresSearchBackend):
    query_compiler_class = Compiler
    autocomplete_query_compiler_class = AutocompleteCompiler
    results_class = Results
    index_class = Index


def _words(query: Any) -> Iterator[str]:
    """Yield every word of a query made of words, `and` and `or`."""
    if isinstance(query, PlainText):
        yield from query.query_string.split()
    else:
        for part in query.subqueries:
            yield from _words(part)
