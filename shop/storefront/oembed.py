"""The store as an oEmbed provider (oembed.com): a pasted address of a product or a story becomes a card.

The card is plain HTML: a picture, a name and a price, without script, style or cookie. Answers 400 for a question
that cannot be understood, 501 for a format that is none of ours, 404 for an address that is no public page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from catalogue.pictures import FORMATS, rendition_url, widths_up_to
from catalogue.selectors import Picture, ProductPage, Variant, product_page, product_url
from shop.articles import selectors as articles
from shop.money import shown
from shop.storefront.markup import DECLARATION, element, parent
from shop.storefront.public import public
from shop.storefront.structured import absolute

#: How wide a card is when there is room, and how much of its height its words take.
WIDTH, WORDS_HEIGHT = 480, 110
#: A narrower picture than this shows nothing.
LEAST_PICTURE = 60
_LEAST, _MOST = 1, 10_000


@dataclass(frozen=True, slots=True)
class Card:
    """What is told of a page: its name, its own address, a line below the name, and its picture."""

    title: str
    url: str
    line: str
    picture: Picture | None


class _Refused(Exception):
    """The answer is this status with these words."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


@public(params=("url", "format", "maxwidth", "maxheight"))
def oembed(request: HttpRequest) -> HttpResponse:
    try:
        answer = _answer(request)
    except _Refused as refused:
        answer = HttpResponse(str(refused), status=refused.status, content_type="text/plain; charset=utf-8")
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _answer(request: HttpRequest) -> HttpResponse:
    form, url = request.GET.get("format", "json"), request.GET.get("url", "")
    if form not in ("json", "xml"):
        raise _Refused(501, _("The formats are json and xml."))
    if not url:
        raise _Refused(400, _("Please say which page: url=…"))
    most = _number(request, "maxwidth"), _number(request, "maxheight")
    card = _card_of(url)
    if card is None:
        raise _Refused(404, _("This is no product or story of the store."))
    said = _said(card, *most)
    return JsonResponse(said) if form == "json" else _xml(said)


def _number(request: HttpRequest, name: str) -> int:
    """Return a bound in pixels; as good as none when it is not given."""
    text = request.GET.get(name, str(_MOST))
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and int(text) >= _LEAST):
        raise _Refused(400, _("%(name)s must be a number of pixels.") % {"name": name})
    return int(text)


def _card_of(url: str) -> Card | None:
    """Return what is told of a page of ours, in the language of its address; None for any other."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.netloc.lower() != urlsplit(settings.SITE_URL).netloc:
        return None
    language = translation.get_language_from_path(parts.path) or settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            found = resolve(parts.path)
        except Resolver404:
            return None
        return _MADE.get(found.view_name, _none)(parts.query, **found.kwargs)


def _none(query: str, **kwargs: Any) -> Card | None:
    return None


def _product(query: str, *, pk: str, **kwargs: Any) -> Card | None:
    found = product_page(int(pk))
    if found is None:
        return None
    asked = {name: values[0] for name, values in parse_qs(query).items()}
    chosen = found.variant(
        sku=asked.get("variant", ""), colour=asked.get("colour", ""), size=asked.get("size", "")
    )
    is_asked = chosen is not None and asked.get("variant") == chosen.sku
    url = product_url(found.product) + (f"?variant={chosen.sku}" if chosen and is_asked else "")
    return Card(found.product.title, absolute(url), _price(found, chosen), _picture(found, chosen))


def _price(found: ProductPage, chosen: Variant | None) -> str:
    if chosen is None:
        return _("Not on sale yet")
    return (
        _("%(price)s, sold out") % {"price": shown(chosen.price)}
        if found.is_sold_out
        else shown(chosen.price)
    )


def _picture(found: ProductPage, chosen: Variant | None) -> Picture | None:
    colour = chosen.colour.code if chosen else ""
    return next(iter([p for p in found.pictures if p.colour == colour] or found.pictures), None)


def _story(query: str, *, slug: str) -> Card | None:
    """A story that may not sell has no card."""
    story = articles.story(slug)
    if story is None or not story.article.sells_merch:
        return None
    url = absolute(reverse("stories:detail", args=[slug]))
    picture = next((card.picture for card in story.cards if card.picture), None)
    return Card(story.article.title, url, story.article.summary, picture)


_MADE: Mapping[str, Callable[..., Card | None]] = {"catalogue:detail": _product, "stories:detail": _story}


def _said(card: Card, most_width: int, most_height: int) -> dict[str, Any]:
    """Return the answer's fields; neither the card nor its thumbnail is larger than was asked for."""
    width = min(WIDTH, most_width)
    side = min(width, most_height - WORDS_HEIGHT)
    picture = card.picture if side >= LEAST_PICTURE else None
    context = {
        "card": card,
        "shop_name": settings.SHOP_NAME,
        "image": picture and _rendition(picture, WIDTH),
        "alt": picture and picture.alt,
        "width": side,
        "height": picture and _height(picture, side),
    }
    return {
        "version": "1.0",
        "type": "rich",
        "title": card.title,
        "provider_name": settings.SHOP_NAME,
        "provider_url": absolute("/"),
        "cache_age": 3600,
        "html": render_to_string("embed/card.html", context).strip(),
        "width": width,
        "height": min(most_height, WORDS_HEIGHT + (_height(picture, side) if picture else 0)),
        **_thumbnail(card.picture, most_width, most_height),
    }


def _height(picture: Picture, width: int) -> int:
    return round(width * picture.height / picture.width)


def _thumbnail(picture: Picture | None, most_width: int, most_height: int) -> dict[str, Any]:
    """Return the largest rendition within the bounds; nothing when there is none as small."""
    for width in reversed(widths_up_to(picture.width) if picture else []):
        if picture and width <= most_width and _height(picture, width) <= most_height:
            height = _height(picture, width)
            url = absolute(rendition_url(picture.name, width, FORMATS[-1]))
            return {"thumbnail_url": url, "thumbnail_width": width, "thumbnail_height": height}
    return {}


def _rendition(picture: Picture, shown_width: int) -> str:
    """Return the smallest rendition that is as wide as it is shown, or the widest there is."""
    widths = widths_up_to(picture.width)
    width = next((each for each in widths if each >= shown_width), widths[-1])
    return absolute(rendition_url(picture.name, width, FORMATS[-1]))


def _xml(said: dict[str, Any]) -> HttpResponse:
    document = parent("oembed", *(element(name, value) for name, value in said.items()))
    return HttpResponse(DECLARATION + document, content_type="text/xml; charset=utf-8")
