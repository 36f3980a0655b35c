"""The account's own pages: orders, addresses, details. Whoever is not logged in is led to the door and back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from shop.client import client_key
from shop.customer import accounts, accounts_addresses
from shop.customer.accounts_forms import EmailForm, NameForm, PasswordForm, PersonForm
from shop.customer.accounts_selectors import addresses_of, orders_of, waiting_for
from shop.customer.accounts_views import too_many
from shop.customer.entrance import MemberRequest, members_only
from shop.limits.services import Limit, take
from shop.order.models import Order

PAGE_SIZE = 10
FORMS: dict[str, type[PersonForm]] = {"name": NameForm, "email": EmailForm, "password": PasswordForm}


@members_only
@require_safe
def overview(request: MemberRequest) -> HttpResponse:
    person = request.user
    context = {"person": person, "orders": orders_of(person)[:3], "requests": waiting_for(person)}
    return render(request, "account/overview.html", context)


@members_only
@require_safe
def orders(request: MemberRequest) -> HttpResponse:
    page = _page(request)
    here = reverse("account:orders")
    context = {
        "page": page,
        "previous": f"{here}?page={page.number - 1}" if page.has_previous() else "",
        "next": f"{here}?page={page.number + 1}" if page.has_next() else "",
    }
    return render(request, "account/orders.html", context)


def _page(request: MemberRequest) -> Page[Order]:
    try:
        return Paginator(orders_of(request.user), PAGE_SIZE).page(request.GET.get("page", "1"))
    except InvalidPage as error:
        raise Http404(_("There is no such page.")) from error


@members_only
@require_safe
def addresses(request: MemberRequest) -> HttpResponse:
    return render(request, "account/addresses.html", {"addresses": addresses_of(request.user)})


@members_only
@require_POST
def address_remove(request: MemberRequest, key: str) -> HttpResponse:
    done = accounts_addresses.forget(user=request.user, key=key)
    if done:
        words = ngettext(
            "The address is taken off %(count)d order.", "The address is taken off %(count)d orders.", done
        )
        messages.success(request, words % {"count": done})
    else:
        messages.warning(request, _("Nothing was taken off: an order that is not finished still needs it."))
    return redirect("account:addresses")


@members_only
@require_safe
def details(request: MemberRequest) -> HttpResponse:
    return _details(request)


@sensitive_post_parameters()
@members_only
@require_POST
def change_name(request: MemberRequest) -> HttpResponse:
    form = _form(request, "name")
    if not form.is_valid():
        return _details(request, name=form)
    accounts.rename(user=form.user, name=form.cleaned_data["name"])
    messages.success(request, _("Your name is changed."))
    return redirect("account:details")


@sensitive_post_parameters()
@members_only
@require_POST
def change_email(request: MemberRequest) -> HttpResponse:
    form = _form(request, "email")
    if not may_check_password(request):
        return too_many(request)
    if not form.is_valid():
        return _details(request, email=form)
    try:
        accounts.ask_for_email(user=form.user, email=form.cleaned_data["email"], client=client_key(request))
    except accounts.TooMany:
        return too_many(request)
    messages.success(
        request, _("We have mailed the new address a link. Your account changes when you have opened it.")
    )
    return redirect("account:details")


@sensitive_post_parameters()
@members_only
@require_POST
def change_password(request: MemberRequest) -> HttpResponse:
    form = _form(request, "password")
    if not may_check_password(request):
        return too_many(request)
    if not form.is_valid():
        return _details(request, password=form)
    accounts.change_password(user=form.user, password=form.cleaned_data["new_password"])
    update_session_auth_hash(request, form.user)
    messages.success(request, _("Your password is changed. Every other device was logged out."))
    return redirect("account:details")


#: An open browser is no place to guess its account's password.
_CHECKS = Limit("password-check", most=10, within=accounts.ASKING_BY_CLIENT.within)


def may_check_password(request: MemberRequest) -> bool:
    """Count one more time that somebody logged in gives their password."""
    return take(_CHECKS, str(request.user.pk))


def _form(request: MemberRequest, which: str) -> PersonForm:
    return FORMS[which](request.POST, user=request.user, auto_id=f"{which}-%s")


def _details(request: MemberRequest, **refused: PersonForm) -> HttpResponse:
    """Show the three forms; one that was refused with what was typed, the others as the account is."""
    person: Any = request.user
    if refused:  # a form that was refused has touched nothing, but the page greets by what is stored
        person.refresh_from_db()
    initial = {"name": person.get_full_name()}
    forms = {
        f"{which}_form": refused.get(which) or form(user=person, initial=initial, auto_id=f"{which}-%s")
        for which, form in FORMS.items()
    }
    wrong = next(iter(refused.values()), None)
    context = {"person": person, "wrong": wrong, **forms}
    return render(request, "account/details.html", context, status=422 if refused else 200)
