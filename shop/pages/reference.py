"""A row for each page in each language, so that staff find all of them in one list."""

from django.conf import settings

from shop.pages.defaults import PAGES
from shop.pages.models import PageText


def write_reference() -> None:
    """Write the rows that are missing; what staff wrote stays. A second run reads one small table."""
    there = set(PageText.objects.values_list("page", "language"))
    wanted = [(page, code) for page in PAGES for code, _name in settings.LANGUAGES]
    PageText.objects.bulk_create(
        PageText(page=page, language=code) for page, code in wanted if (page, code) not in there
    )
