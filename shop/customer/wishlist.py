"""What people save for later: in the session of a guest, in the account's list (Oscar's) of who is logged in."""

from functools import partial
from typing import Any, Protocol

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.utils.translation import gettext as _
from oscar.apps.wishlists.models import Line, WishList

from catalogue.models import Product
from shop.basket import services as basket_services
from shop.basket.errors import NoSuchLine
from shop.basket.models import Basket
from shop.basket.models import Line as BasketLine
from shop.customer.models import SavedFrom
from shop.partner.strategy import is_sold
from shop.transactions import durably, require_transaction

SESSION_KEY, STORIES_KEY = "wishlist", "wishlist_stories"
#: More than anybody looks through; a script's list must not grow without end.
MOST = 60
_signer = Signer(salt="shop.wishlist")


class CannotSave(Exception):
    """The shopper is told this exception's text; nothing was changed."""


class Wishlist(Protocol):
    """Variants and how many pieces of each; the same for a guest and for an account."""

    def pieces(self) -> dict[int, int]:
        """Return the pieces by the variant's key, what was saved last at the end."""

    def story_of(self, variant_id: int) -> str:
        """Return the key of the story whose reader saved the variant, nothing when there is none."""

    def put(self, variant: Product, quantity: int, story: str = "") -> None:
        """Save at least so many pieces; a second call changes nothing, and the first story stays."""

    def keep(self, variant: Product, quantity: int, story: str = "") -> None:
        """As `put`, but written in the caller's transaction and with it."""

    def take(self, variant_id: int) -> None:
        """Take a variant out; one that is not in it is fine."""


class GuestList:
    """Lives as long as the browser's session does."""

    def __init__(self, session: Any) -> None:
        self.session = session

    def pieces(self) -> dict[int, int]:
        return {int(key): quantity for key, quantity in self.session.get(SESSION_KEY, {}).items()}

    def story_of(self, variant_id: int) -> str:
        return str(self.session.get(STORIES_KEY, {}).get(str(variant_id), ""))

    def put(self, variant: Product, quantity: int, story: str = "") -> None:
        saved = self.session.get(SESSION_KEY, {})
        key = str(variant.pk)
        self.session[SESSION_KEY] = {**saved, key: max(quantity, saved.get(key, 0))}
        if story:
            self.session[STORIES_KEY] = {key: story, **self.session.get(STORIES_KEY, {})}

    def keep(self, variant: Product, quantity: int, story: str = "") -> None:
        require_transaction()
        self.put(variant, quantity, story)
        self.session.save()  # now, not with the answer: sessions are rows of the same database

    def take(self, variant_id: int) -> None:
        for name in (SESSION_KEY, STORIES_KEY):
            kept = self.session.get(name, {})
            if str(variant_id) in kept:
                self.session[name] = {key: value for key, value in kept.items() if key != str(variant_id)}


class AccountList:
    """The lines of all lists the account has; new ones go to the first."""

    def __init__(self, user: Any) -> None:
        self.user = user

    def pieces(self) -> dict[int, int]:
        lines = self._lines().filter(product__isnull=False).order_by("pk")
        return dict(lines.values_list("product_id", "quantity"))

    def story_of(self, variant_id: int) -> str:
        stories = SavedFrom.objects.filter(line__wishlist__owner=self.user, line__product=variant_id)
        return stories.values_list("story", flat=True).first() or ""

    def put(self, variant: Product, quantity: int, story: str = "") -> None:
        durably(partial(self.keep, variant, quantity, story))

    def keep(self, variant: Product, quantity: int, story: str = "") -> None:
        require_transaction()
        line = Line(
            wishlist=_list_of(self.user), product=variant, quantity=quantity, title=variant.get_title()
        )
        # One that is there already stays (the list has each variant once), even when two come at once.
        Line.objects.bulk_create([line], ignore_conflicts=True)
        mine = self._lines().filter(product=variant)
        mine.filter(quantity__lt=quantity).update(quantity=quantity)
        if story:
            stories = [SavedFrom(line_id=pk, story=story) for pk in mine.values_list("pk", flat=True)]
            SavedFrom.objects.bulk_create(stories, ignore_conflicts=True)

    def take(self, variant_id: int) -> None:
        # By its own key: SQLite cannot compare the line's with a number from an address that is too large.
        self._lines().filter(product__in=Product.objects.filter(pk=variant_id)).delete()

    def _lines(self) -> Any:
        return Line.objects.filter(wishlist__owner=self.user)


def wishlist_of(request: HttpRequest) -> Wishlist:
    """Return the list of whoever asks."""
    return AccountList(request.user) if request.user.is_authenticated else GuestList(request.session)


def save(*, wishlist: Wishlist, variant: Product, quantity: int = 1, story: str = "") -> None:
    """Save pieces of a variant for later; again is fine. Raises CannotSave for what is not sold, or a full list."""
    _refuse(wishlist, variant)
    wishlist.put(variant, min(quantity, settings.MAX_OF_ONE_VARIANT), story)


def _refuse(wishlist: Wishlist, variant: Product) -> None:
    if not is_sold(variant):
        raise CannotSave(_("This is not for sale."))
    saved = wishlist.pieces()
    if variant.pk not in saved and len(saved) >= MOST:
        raise CannotSave(_("Your list is full: it holds %(most)d things.") % {"most": MOST})


def save_line(*, wishlist: Wishlist, basket: Basket, line_id: int) -> Product:
    """Move a basket's line to the list, in one transaction, and return its variant.

    Raises CannotSave, NoSuchLine, BasketFrozen (nothing was changed).
    """
    owners = [pk for pk in (basket.pk, basket.meanwhile_id) if pk]
    related = ("product__parent__design", "product__colour", "product__size")
    line = BasketLine.objects.filter(pk=line_id, basket__in=owners).select_related(*related).first()
    if line is None:
        raise NoSuchLine

    def keep(locked: BasketLine) -> None:
        _refuse(wishlist, line.product)
        wishlist.keep(line.product, locked.quantity, locked.story)

    basket_services.move_out(basket=basket, line_id=line_id, to=keep)
    return line.product


def put_back(*, wishlist: Wishlist, basket: Basket, variant: Product) -> basket_services.Put:
    """Move a saved variant to the basket, as many pieces as can be had. Raises what `basket.services.add` does."""
    quantity, story = wishlist.pieces().get(variant.pk, 1), wishlist.story_of(variant.pk)
    done = basket_services.add(basket=basket, product=variant, quantity=quantity, story=story)
    wishlist.take(variant.pk)
    return done


def take_home(*, session: Any, user: Any) -> None:
    """Merge what a guest saved into the account's list when they log in; nothing is lost, nothing doubled."""
    guest = GuestList(session)
    saved = guest.pieces()
    account = AccountList(user)
    variants = Product.objects.filter(pk__in=saved).select_related("parent")
    for variant in sorted(variants, key=lambda one: list(saved).index(one.pk)):
        account.put(variant, saved[variant.pk], guest.story_of(variant.pk))
    for name in (SESSION_KEY, STORIES_KEY):
        session.pop(name, None)


def share(*, user: Any, is_shared: bool) -> None:
    """Let whoever has the link see the account's list, or nobody; a link that was withdrawn stays dead."""
    wishlist = durably(partial(_list_of, user))
    if is_shared:
        WishList.objects.filter(pk=wishlist.pk).update(visibility=WishList.SHARED)
    else:
        WishList.objects.filter(pk=wishlist.pk).update(visibility=WishList.PRIVATE, key=WishList.random_key())


def token_of(user: Any) -> str:
    """Return what the link to the account's list carries, or nothing when it is not shared."""
    shared = WishList.objects.filter(owner=user, visibility=WishList.SHARED).order_by("pk").first()
    return _signer.sign(shared.key) if shared else ""


def shared_by(token: str) -> Wishlist | None:
    """Return the list a link leads to; None for a wrong or withdrawn one."""
    try:
        key = _signer.unsign(token)
    except BadSignature:
        return None
    found = WishList.objects.filter(key=key, visibility=WishList.SHARED).select_related("owner").first()
    return AccountList(found.owner) if found else None


def _list_of(user: Any) -> Any:
    found = WishList.objects.filter(owner=user).order_by("pk").first()
    return found or WishList.objects.create(owner=user)
