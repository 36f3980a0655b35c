"""Pages of long lists."""

from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404
from django.utils.translation import gettext as _

PAGE_SIZE = 24


def page_of(items: Any, number: str) -> Page[Any]:
    """Return that page of `items`; a number that is none or out of range is a page that does not exist."""
    try:
        return Paginator(items, PAGE_SIZE).page(number)
    except InvalidPage as error:
        raise Http404(_("There is no such page.")) from error
