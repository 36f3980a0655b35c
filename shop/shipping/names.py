"""What a new store's zones and methods are called in the page's language; a name of staff's own stands as it is."""

from django.utils.translation import pgettext, pgettext_lazy

#: The names of `reference`, which a test compares with these.
KNOWN = (
    pgettext_lazy("delivery", "United Kingdom and Isle of Man"),
    pgettext_lazy("delivery", "Channel Islands"),
    pgettext_lazy("delivery", "European Union"),
    pgettext_lazy("delivery", "Rest of the world"),
    pgettext_lazy("delivery", "Tracked 48"),
    pgettext_lazy("delivery", "Express"),
    pgettext_lazy("delivery", "Tracked"),
    pgettext_lazy("delivery", "Tracked to Europe"),
    pgettext_lazy("delivery", "Tracked worldwide"),
)


def shown(name: str) -> str:
    """Return the name in the active language, itself when nothing is known of it."""
    return pgettext("delivery", name) if name else ""
