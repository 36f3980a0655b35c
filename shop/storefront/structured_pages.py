"""What machines read of the store itself, its lists and its stories (a product's things are in `structured`)."""

from collections.abc import Sequence
from itertools import count

from django.conf import settings
from django.core.files.storage import default_storage
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from catalogue.selectors import Card, DesignPage
from shop.articles.models import Article
from shop.articles.selectors import Story
from shop.storefront.structured import Thing, absolute, breadcrumbs, graph


def home() -> Thing:
    """Who we are, and which site this is."""
    return graph(organization(), _website())


def organization() -> Thing:
    return {
        "@type": "OnlineStore",
        "@id": _organization_id(),
        "name": settings.SHOP_NAME,
        "url": absolute("/"),
        "logo": absolute(static("img/icon.svg")),
    }


def _website() -> Thing:
    return {
        "@type": "WebSite",
        "@id": f"{absolute('/')}#site",
        "name": settings.SHOP_NAME,
        "url": absolute(reverse("home")),
        "publisher": {"@id": _organization_id()},
    }


def _organization_id() -> str:
    return f"{absolute('/')}#organization"


def product_list(name: str, path: str, cards: Sequence[Card], *, first: int) -> Thing:
    """A page of the list: the way to it, `name` being what is chosen, and its products, the first of them `first`."""
    steps = [(_("Shop"), reverse("catalogue:index")), *([(name, path)] if name else [])]
    return graph(breadcrumbs(*steps), item_list([card.url for card in cards], first=first))


def item_list(paths: Sequence[str], *, first: int = 1) -> Thing | None:
    if not paths:
        return None
    elements = zip(count(first), paths, strict=False)
    return {
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "url": absolute(path)} for place, path in elements
        ],
    }


def design(found: DesignPage) -> Thing:
    """A design's page: the way to it, and what it is printed on."""
    title, path = found.design.title, reverse("design", args=[found.design.slug])
    steps = breadcrumbs((_("Shop"), reverse("catalogue:index")), (title, path))
    return graph(steps, item_list([card.url for card in found.cards]))


def story_list(stories: Sequence[Story], *, first: int) -> Thing:
    paths = [reverse("stories:detail", args=[story.article.slug]) for story in stories]
    return graph(
        breadcrumbs((_("Stories"), reverse("stories:list"))),
        item_list(paths, first=first),
    )


def story(article: Article) -> Thing:
    """A story's page: the way to it, and the article of the publication that it is about."""
    path = reverse("stories:detail", args=[article.slug])
    return graph(
        breadcrumbs((_("Stories"), reverse("stories:list")), (article.title, path)), _article(article, path)
    )


def _article(article: Article, path: str) -> Thing:
    written: Thing = {
        "@type": "Article",
        "@id": f"{absolute(path)}#article",
        "headline": article.title,
        "description": article.summary,
        "url": article.url,
        "datePublished": article.published_at.isoformat(timespec="seconds"),
        "publisher": {"@type": "Organization", "@id": _organization_id(), "name": settings.SHOP_NAME},
    }
    if article.authors:
        written["author"] = {"@type": "Person", "name": article.authors}
    if article.image:
        written["image"] = absolute(default_storage.url(article.image.name))
    return written
