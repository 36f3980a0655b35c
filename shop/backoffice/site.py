"""The one admin site and the explicit list of what it shows."""

from typing import Any

from csp.decorators import csp_replace
from unfold.sites import UnfoldAdminSite


class Backoffice(UnfoldAdminSite):
    """The store's back office at /admin/."""


site = Backoffice(name="admin")
