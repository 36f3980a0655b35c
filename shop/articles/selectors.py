"""What pages read of stories: published ones only, and merch only beside those that may sell."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from catalogue.models import Design
from catalogue.selectors import Card, cards_by_design
from shop.articles.models import Article, ArticleDesign


@dataclass(frozen=True, slots=True)
class Merch:
    """A design that belongs to a story: the note why, and its products."""

    design: Design
    note: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A story and what it sells; empty when its state forbids merch."""

    article: Article
    merch: tuple[Merch, ...]

    @property
    def cards(self) -> tuple[Card, ...]:
        """The first product of each design, in staff's order."""
        return tuple(merch.cards[0] for merch in self.merch)


def published() -> QuerySet[Article]:
    """Return the stories whose time has come, the newest first, whatever their state."""
    return Article.objects.filter(published_at__lte=timezone.now())


def next_published(now: datetime) -> datetime | None:
    """Return when the next story that is written already will be published, None when there is none."""
    return Article.objects.filter(published_at__gt=now).aggregate(next=Min("published_at"))["next"]


def listed() -> QuerySet[Article]:
    """Return the stories that lists show: published ones that may sell."""
    return published().filter(state__in=Article.SELLING)


def withheld_designs() -> QuerySet[ArticleDesign, Any]:
    """Return the designs that nothing may advertise, for a subquery: those of a story that may not sell."""
    return ArticleDesign.objects.exclude(article__state__in=Article.SELLING).values("design")


def with_merch(articles: Iterable[Article] | QuerySet[Article]) -> list[Story]:
    """Return each story with its merch (five queries, however many stories)."""
    found = list(articles)
    links = _links(found)
    cards = cards_by_design({link.design_id for link in links})
    return [Story(article, _merch(article, links, cards)) for article in found]


def story(slug: str) -> Story | None:
    """Return the published story at that address, or None."""
    found = with_merch(published().filter(slug=slug))
    return found[0] if found else None


def selling_at(url: str) -> Story | None:
    """Return the story at that address of the publication when it has merch and may sell it, else None.

    What trackers add to an address, and a slash at its end, make no other story of it.
    """
    plain = url.partition("#")[0].partition("?")[0].rstrip("/")
    if not plain:
        return None
    found = with_merch(listed().filter(url__in=[url, plain, f"{plain}/"])[:1])
    return found[0] if found and found[0].merch else None


def stories_behind(design_id: int) -> list[ArticleDesign]:
    """Return a design's links to the stories that lists show, with their stories; the newest first."""
    links = ArticleDesign.objects.filter(design=design_id, article__in=listed()).select_related("article")
    return list(links.order_by("-article__published_at"))


def designs_told() -> frozenset[int]:
    """Return the designs that stand behind a story that lists show (one query)."""
    links = ArticleDesign.objects.filter(article__in=listed())
    return frozenset(links.values_list("design_id", flat=True))


@dataclass(frozen=True, slots=True)
class Source:
    """A story that lists can be filtered by, and the designs that belong to it."""

    slug: str
    title: str
    design_ids: tuple[int, ...]


def sources(slugs: Collection[str], *, newest: int) -> list[Source]:
    """Return the newest stories that lists show, and those of `slugs` among the older ones (one query)."""
    links = ArticleDesign.objects.filter(article__in=listed(), design__is_public=True)
    recent = listed().order_by("-published_at", "-pk").values("pk")[:newest]
    rows = (
        links.filter(Q(article__in=recent) | Q(article__slug__in=list(slugs)))
        .order_by("-article__published_at", "-article_id")
        .values_list("article__slug", "article__title", "design_id")
    )
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for slug, title, design_id in rows:
        found[slug, title].append(design_id)
    return [Source(*story, tuple(designs)) for story, designs in found.items()]


def _links(articles: Iterable[Article]) -> list[ArticleDesign]:
    keys = [article.pk for article in articles if article.sells_merch]
    return list(
        ArticleDesign.objects.filter(article__in=keys, design__is_public=True).select_related("design")
    )


def _merch(
    article: Article, links: Iterable[ArticleDesign], cards: dict[int, list[Card]]
) -> tuple[Merch, ...]:
    return tuple(
        Merch(
            link.design, link.note, tuple(replace(card, story=article.pk) for card in cards[link.design_id])
        )
        for link in links
        if link.article_id == article.pk and link.design_id in cards
    )
