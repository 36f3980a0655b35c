"""Walks through every page and state of the store, each as somebody who has a reason to be there.

A walk is a generator: it brings a page into a state and yields its name; who walks along looks at the page as it
stands (`inspecting`, `screenshots`) and goes on. A new page gets its line in one of the walks.
"""

from collections.abc import Callable, Iterator

from playwright.sync_api import Page

from tests.e2e.walks import donor, member, shopper, staff, trouble, visitor
from tests.processes import Store

Walk = Callable[[Page, Store], Iterator[str]]
WALKS: dict[str, Walk] = {
    "visitor": visitor.walk,
    "shopper": shopper.walk,
    "donor": donor.walk,
    "member": member.walk,
    "trouble": trouble.walk,
    "staff": staff.walk,
}

#: The routes each walk comes by. A new page is written down here and gets its lines in that walk.
COMES_BY = {
    "visitor": {
        "home", "page", "design", "buy", "catalogue:index", "catalogue:detail", "catalogue:size",
        "catalogue:delivery", "search:results", "stories:list", "stories:detail", "donations:page", "alerts:ask",
    },
    "shopper": {
        "basket:summary", "wishlist:page", "checkout:pay", "checkout:return", "orders:detail", "orders:find",
    },
    "donor": {"donations:page", "donations:thanks", "donations:cancelled", "donations:manage"},
    "member": {
        "account:log_in", "account:new", "account:sent", "account:make", "account:overview", "account:orders",
        "account:addresses", "account:alerts", "account:details", "account:data", "account:forgotten",
        "account:choose_password", "account:confirm_email", "account:erase", "account:erase_now",
        "alerts:asked", "alerts:confirm", "alerts:stop", "reviews:write", "reviews:mine", "wishlist:shared",
    },
    "trouble": {"embed", "checkout:pay", "basket:add", "basket:voucher", "wishlist:save", "buy"},
}  # fmt: skip
#: What programs ask for, and what only a button sends: no page of its own comes of it.
NO_PAGES = {
    "healthz", "readyz", "media", "merchant_feed", "new_feed", "oembed", "payments:webhook", "robots",
    "search:suggest", "shop_story", "sitemap", "sitemap_part", "account:data_html", "account:data_json",
    "account:address_remove", "account:alert_stop", "account:change_email", "account:change_name",
    "account:change_password", "account:log_out", "alerts:picked", "basket:delivery", "basket:extras",
    "basket:line", "basket:voucher_remove", "checkout:cancelled", "checkout:change", "donations:to_stripe",
    "orders:again", "orders:keep", "wishlist:from_basket", "wishlist:remove", "wishlist:share",
    "wishlist:to_basket",
}  # fmt: skip
