"""What a process remembers: read once for each version, language and arguments, and never too old."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from catalogue.models import Colour
from shop.freshness import memory
from shop.freshness.memory import as_of, once_a_version
from shop.freshness.selectors import catalogue_version
from tests.factories import a_colour

pytestmark = [pytest.mark.django_db, pytest.mark.both]


class Reader:
    """Reads the colours' names, and counts how often it was called with what."""

    __name__ = "reader"

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []

    def __call__(self, *codes: str) -> list[str]:
        self.calls.append(codes)
        return list(Colour.objects.filter(code__in=codes).values_list("name", flat=True))


@pytest.fixture
def reader() -> Reader:
    a_colour("white")
    return Reader()


def test_it_is_read_once_until_something_public_changes(reader: Reader) -> None:
    names = once_a_version(reader)
    assert [names("white"), names("white")] == [["White"], ["White"]]
    assert reader.calls == [("white",)]
    Colour.objects.update(name="Snow")
    assert names("white") == ["Snow"]
    assert len(reader.calls) == 2


def test_other_arguments_and_languages_are_read_for_themselves(reader: Reader) -> None:
    names = once_a_version(reader)
    names("white")
    names("white", "black")
    with translation.override("fr"):
        names("white")
    assert reader.calls == [("white",), ("white", "black"), ("white",)]


def test_a_page_that_knows_its_version_asks_nothing_again(reader: Reader) -> None:
    names = once_a_version(reader)
    with as_of(catalogue_version()):
        names("white")
        with CaptureQueriesContext(connection) as asked:
            assert names("white") == ["White"]
    assert len(asked) == 0
    with CaptureQueriesContext(connection) as asked:
        names("white")
    assert len(asked) == 1


def test_it_remembers_no_more_than_so_many_results(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST_RESULTS", 2)
    names = once_a_version(reader)
    for code in ("white", "black", "red", "white"):
        names(code)
    assert reader.calls == [("white",), ("black",), ("red",), ("white",)]


def test_an_error_is_not_remembered(reader: Reader) -> None:
    answers = iter([ValueError("not now"), "read"])

    @once_a_version
    def read() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(ValueError, match="not now"):
        read()
    assert read() == "read"


def test_of_many_threads_one_reads() -> None:
    gate, calls = threading.Barrier(8), []
    read = once_a_version(lambda: calls.append(threading.get_ident()))

    def ask() -> None:
        gate.wait(10)
        with as_of("a version"):
            read()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: ask(), range(8)))
    assert len(calls) == 1
