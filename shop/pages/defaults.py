"""The pages there are, and what each says as long as staff have not written anything else.

The words are in `templates/pages/words/`, in the same plain mark-up that staff write.
"""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Page:
    """A page's name, and the line that machines show below it."""

    title: Any
    line: Any


PAGES = {
    "delivery": Page(_("Delivery"), _("What delivery costs, how long it takes and where we send parcels.")),
    "returns": Page(_("Returns"), _("How to send something back, and what to do when something is wrong.")),
    "privacy": Page(_("Privacy"), _("What this store knows about you, why, and for how long.")),
    "terms": Page(_("Terms of sale"), _("The agreement between you and the store, in plain words.")),
    "accessibility": Page(
        _("Accessibility"), _("How this store is built for everybody, and how to tell us where it fails.")
    ),
    "about": Page(_("About this store"), _("Why a newsroom sells T-shirts, and where the money goes.")),
}


def default_text(page: str, language: str) -> str:
    """Return what a page says by itself, in plain mark-up."""
    with translation.override(language):
        return render_to_string(f"pages/words/{page}.txt").strip()
