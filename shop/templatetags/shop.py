"""Tags and filters every template has without loading them (see TEMPLATES in settings)."""

import json
from collections.abc import Hashable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from catalogue import pictures
from catalogue.selectors import Card, Picture
from shop import language
from shop import money as _money

register = template.Library()

#: What `<img>` itself falls back to; the other formats are offered before it.
*_OFFERED, _FALLBACK = pictures.FORMATS
#: In two columns of a phone whose screen is three times as fine, nobody sees more than twice as fine: half the bytes.
DENSE = "(min-resolution: 2.5dppx) and (max-width: 48rem) calc(33vw - 1rem), "
#: Where `narrow` counts.
_PHONE = "(max-width: 30rem)"
#: What could end a script early, written as JSON allows.
_ESCAPED = [(letter, f"\\u{ord(letter):04x}") for letter in "<>&\u2028\u2029"]


@register.filter
def money(amount: Decimal | None, currency: str = "") -> str:
    """Write an amount as people read it; nothing at all for None."""
    return "" if amount is None else _money.shown(amount, currency)


@register.filter
def short_money(amount: Decimal) -> str:
    """Write an amount without pence when there are none."""
    return _money.shown(amount) if amount % 1 else _money.shown_whole(amount)


@register.simple_tag
def html_language() -> str:
    """The page's language as `<html lang>` wants it."""
    return language.tag()


@register.simple_tag
def alternates(address: str) -> list[language.Alternate]:
    """Where the page at that address is found in each language; nowhere when it has none of its own."""
    return language.alternates(address) if address else []


@register.filter
def at(said: dict[str, list[Any]], place: Any) -> list[Any]:
    """What is to be said at one place of a page (`storefront.basket`)."""
    return said.get(str(place), [])


@register.filter
def centimetres(millimetres: int | None) -> str:
    return "" if millimetres is None else _short(Decimal(millimetres) / 10)


@register.filter
def inches(millimetres: int | None) -> str:
    return "" if millimetres is None else _short(Decimal(millimetres) / Decimal("25.4"))


@register.filter
def size_of(number: int) -> int:
    """A number without its sign."""
    return abs(number)


@register.simple_tag
def picture(
    image: Any,
    *,
    sizes: str = "100vw",
    loading: str = "lazy",
    priority: str = "",
    alt: str | None = None,
    largest: int = pictures.WIDTHS[-1],
    narrow: int = 0,
) -> SafeString:
    """Draw a product's picture in every format and width there is; nothing when there is no picture.

    `image` has name, alt, width and height (`catalogue.selectors.Picture`); `sizes` is how wide it is shown,
    `largest` the widest rendition worth offering there, `narrow` the widest on a phone (three dots a pixel show
    no more of a shirt than two do, and weigh twice as much).
    """
    if not image:
        return SafeString("")
    widths = pictures.widths_up_to(image.width, largest=largest)
    start, sizes = escape(pictures.renditions_url(image.name)), escape(sizes)
    sources = _sources(start, widths, sizes)
    if narrow:
        few = pictures.widths_up_to(image.width, largest=narrow)
        sources = _sources(start, few, sizes, media=f' media="{_PHONE}"') + sources
    urgency = f' fetchpriority="{escape(priority)}"' if priority else ""
    return mark_safe(  # noqa: S308  (a list has two dozen of these: all that is not ours is escaped by hand)
        f'<picture>{sources}<img src="{start}-{min(640, widths[-1])}.{_FALLBACK}"'
        f' srcset="{_srcset(start, widths, _FALLBACK)}" sizes="{sizes}"'
        f' alt="{escape(image.alt if alt is None else alt)}" width="{int(image.width)}" height="{int(image.height)}"'
        f' loading="{escape(loading)}"{urgency}></picture>'
    )


def _sources(start: str, widths: Sequence[int], sizes: str, media: str = "") -> str:
    return "".join(
        f'<source type="image/{kind}"{media} srcset="{_srcset(start, widths, kind)}" sizes="{sizes}">'
        for kind in _OFFERED
    )


def _srcset(start: str, widths: Sequence[int], extension: str) -> str:
    return ", ".join(f"{start}-{width}.{extension} {width}w" for width in widths)


@register.simple_tag
def product_cards(cards: Sequence[Card], *, sizes: str, eager: int = 0) -> SafeString:
    """Draw products as the items of a list; `sizes` is how wide their pictures are shown.

    The pictures of the first `eager` cards are asked for at once and first, the others as they come near.
    """
    sizes, urgently = DENSE + sizes, {"loading": "eager", "priority": "high"}
    drawn = (
        drawn_once("components/card.html", card=card, sizes=sizes, **(urgently if place < eager else {}))
        for place, card in enumerate(cards)
    )
    return mark_safe("".join(f"<li>{card}</li>" for card in drawn))  # noqa: S308  (each is a rendered template)


@register.simple_tag
def drawn_once(component: str, **said: Hashable) -> SafeString:
    """Draw a component that is remembered for as long as it would be the same.

    All it shows is in its arguments, which are values: no row of a table, whose fields may change while it stays equal
    to itself. So a page that has changed draws only what has.
    """
    draw = _drawn.__wrapped__ if settings.DEBUG else _drawn
    return draw(component, tuple(said.items()), get_language() or "", settings.MEDIA_URL)


@lru_cache(maxsize=4096)
def _drawn(component: str, said: tuple[tuple[str, Hashable], ...], language: str, media: str) -> SafeString:
    rows = [name for name, value in said if isinstance(value, Model)]
    if rows:
        raise TypeError(f"{component} would not see a change of {', '.join(rows)}")
    return render_to_string(component, dict(said))


@register.filter
def line_picture(line: Any) -> Picture | None:
    """The picture of a basket's line (`checkout.quote.QuoteLine`), for the `picture` tag."""
    if not line.image:
        return None
    return Picture(line.image, line.image_alt, line.image_width, line.image_height, "", False)


@register.simple_tag
def media_url(name: str) -> str:
    """The address of a stored file."""
    return default_storage.url(name)


@register.simple_tag
def absolute_media(name: str) -> str:
    """The whole address of a stored file, for machines."""
    return _absolute(default_storage.url(name))


@register.simple_tag
def absolute_picture(image: Any) -> str:
    """The whole address of a picture's largest JPEG, for machines that read `og:image`."""
    return _absolute(pictures.largest_url(image.name, image.width))


@register.simple_tag
def largest_picture(image: Any) -> str:
    """The address of a picture's largest JPEG, for a link to it."""
    return pictures.largest_url(image.name, image.width)


@register.simple_tag
def small_picture(image: Any) -> str:
    """The address of a picture as a card shows it, for a script; nothing when there is none."""
    if not image:
        return ""
    return pictures.rendition_url(image.name, pictures.widths_up_to(image.width, largest=640)[-1], "webp")


@register.simple_tag
def product_card(image: Any, title: str, garment: str) -> str:
    """The whole address of a product's card, drawn with its first picture; nothing when there is none yet."""
    if not image:
        return ""
    return _absolute(
        pictures.card_url(image.name, title=title, garment=garment, shop_name=settings.SHOP_NAME)
    )


@register.simple_tag
def site_name() -> str:
    return settings.SHOP_NAME


@register.simple_tag
def oembed_url(path: str, form: str) -> str:
    """The whole address at which a page of ours is told as a card (`storefront.oembed`)."""
    asked = urlencode({"url": f"{settings.SITE_URL}{path}", "format": form})
    return f"{settings.SITE_URL}{reverse('oembed')}?{asked}"


@register.simple_tag
def json_ld(data: Any) -> SafeString:
    """Write what machines read as a script that no browser runs; nothing in it can end the script."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for letter, escaped in _ESCAPED:
        text = text.replace(letter, escaped)
    return SafeString(f'<script type="application/ld+json">{text}</script>')


def _short(number: Decimal) -> str:
    """One decimal place, none for a whole number, with the language's own decimal sign."""
    tenths = number.quantize(Decimal("0.1"))
    return number_format(tenths, 0 if tenths == tenths.to_integral() else 1)


def _absolute(url: str) -> str:
    return url if not url or "//" in url else f"{settings.SITE_URL}{url}"
