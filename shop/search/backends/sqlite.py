"""SQLite FTS5. modelsearch ranks every hit by a search of its own; here one search ranks them all, by column."""

from typing import Any

from django.db.models import FloatField, Func, QuerySet
from modelsearch.backends.database.sqlite.query import MatchExpression, normalize
from modelsearch.backends.database.sqlite.sqlite import (
    SQLiteAutocompleteQueryCompiler,
    SQLiteIndex,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
    SQLiteSearchResults,
)
from modelsearch.models import IndexEntry, SQLiteFTSIndexEntry

from shop.search.backends.hits import in_order

#: How well a row answers, the best the least: a word counts most in the title, then among the labels.
#: The numbers stand in the order of the table's columns: autocomplete, body, title.
RANK = Func(template=f"bm25({SQLiteFTSIndexEntry._meta.db_table}, 3.0, 1.0, 8.0)", output_field=FloatField())


class Matching:
    """Mixin of the compilers: the rows of the full-text table that answer, without any join."""

    def rows(self: Any, config: Any) -> QuerySet[Any]:
        query = self.build_search_query(normalize(self.query), config=config)
        return SQLiteFTSIndexEntry.objects.filter(MatchExpression(self.FTS_TABLE_FIELDS, query))


class Compiler(Matching, SQLiteSearchQueryCompiler):
    FTS_TABLE_FIELDS = ["autocomplete", "body", "title"]


class AutocompleteCompiler(Matching, SQLiteAutocompleteQueryCompiler):
    pass


class Results(SQLiteSearchResults):
    """Counts in one query; finds a page of hits in two, and reads them in one more, however many there are."""

    def _rows(self) -> QuerySet[Any]:
        return self.query_compiler.rows(self.query_compiler.get_config(self.backend))

    def _do_count(self) -> int:
        return self._rows().count()

    def _do_search(self) -> list[Any]:
        ranked = self._rows().order_by(RANK, "-pk").values_list("pk", flat=True)[self.start : self.stop]
        numbers = list(ranked)
        if not numbers:
            return []
        keys = dict(IndexEntry.objects.filter(pk__in=numbers).values_list("pk", "object_id"))
        return in_order(self.query_compiler.queryset, [keys[number] for number in numbers if number in keys])


class Index(SQLiteIndex):
    def _refresh_title_norms(self, full: bool = False) -> None:
        """Nothing here ranks by them, and working them out reads every row."""


class SearchBackend(SQLiteSearchBackend):
    query_compiler_class = Compiler
    autocomplete_query_compiler_class = AutocompleteCompiler
    results_class = Results
    index_class = Index
