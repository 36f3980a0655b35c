from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from tests.bench.bare.models import Thing

CARDS = 24
SUMMARY = "Words about a thing, as many as a card has. " * 8
SHARED = {"title": "Things", "colours": ("red", "ink", "paper")}
#: Rows that need no database.
MADE = [
    Thing(pk=n, title=f"Thing {n}", slug=f"thing-{n}", summary=SUMMARY, price=20 + n % 9)
    for n in range(1, CARDS + 1)
]


def without_queries(request: HttpRequest) -> HttpResponse:
    return render(request, "things.html", SHARED | {"things": MADE})


def with_queries(request: HttpRequest) -> HttpResponse:
    """One list and four single rows."""
    things = Thing.objects.order_by("-pk")[:CARDS]
    others = [Thing.objects.get(pk=number) for number in range(1, 5)]
    return render(request, "things.html", SHARED | {"things": things, "others": others})


def kept(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_kept())


def kept_with_a_query(request: HttpRequest) -> HttpResponse:
    """Kept under what one SELECT says, as the store keeps pages under the catalogue version."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT title FROM bare_thing WHERE id = 1")
        return HttpResponse(_kept(cursor.fetchone()[0]))


def _kept(version: str = "") -> bytes:
    body = cache.get(f"page {version}".replace(" ", "-"))
    if body is None:
        body = without_queries(HttpRequest()).content
        cache.set(f"page {version}".replace(" ", "-"), body)
    return bytes(body)


urlpatterns = [
    path("things/<slug:slug>_<int:pk>/", without_queries, name="thing"),
    path("0/", without_queries),
    path("5/", with_queries),
    path("kept/0/", kept),
    path("kept/1/", kept_with_a_query),
]
