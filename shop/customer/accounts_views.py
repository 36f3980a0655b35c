"""The doors of an account: logging in and out, and the pages of the links in its mails."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.client import client_key
from shop.customer import accounts, entrance
from shop.customer import accounts_links as links
from shop.customer.accounts_forms import AddressForm, ChooseForm, LogInForm, MakeForm
from shop.users.models import User

form_page = require_http_methods(["GET", "HEAD", "POST"])


@sensitive_post_parameters()
@form_page
def log_in(request: HttpRequest) -> HttpResponse:
    back = request.GET.get("next", "")
    if request.user.is_authenticated:
        return redirect(entrance.way_back(back))
    if request.method != "POST":
        return _log_in_page(request, LogInForm(initial={"next": back}))
    form = LogInForm(request.POST)
    if not form.is_valid():
        return _log_in_page(request, form, status=422)
    data = form.cleaned_data
    try:
        user = entrance.find(
            request, email=data["email"], password=data["password"], client=client_key(request)
        )
    except accounts.TooMany:
        form.add_error(
            None, _("That was tried too often. Please wait a quarter of an hour, or choose a new password.")
        )
        return _log_in_page(request, form, status=429)
    if user is None:
        form.add_error(None, _("E-mail and password do not belong together."))
        return _log_in_page(request, form, status=422)
    return _entered(request, user, to=entrance.way_back(data["next"]))


def _log_in_page(request: HttpRequest, form: Form, status: int = 200) -> HttpResponse:
    return render(request, "account/log_in.html", {"form": form}, status=status)


def _entered(request: HttpRequest, user: User, *, to: str) -> HttpResponse:
    left_out = entrance.enter(request, user)
    if left_out:
        words = ngettext(
            "%(count)d piece of your older basket did not fit into one order.",
            "%(count)d pieces of your older basket did not fit into one order.",
            left_out,
        )
        messages.warning(request, words % {"count": left_out})
    return entrance.tell_browser(redirect(to), signed_in=True)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    entrance.leave(request)
    messages.success(request, _("You are logged out."))
    return entrance.tell_browser(redirect("account:log_in"), signed_in=False)


@form_page
def new(request: HttpRequest) -> HttpResponse:
    """Ask for an account: the answer is the same whether the address has one."""
    return _ask(request, "account/new.html", accounts.ask_for_account)


@form_page
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a new password: the answer is the same whether there is an account."""
    return _ask(request, "account/forgotten.html", accounts.ask_for_password)


def _ask(request: HttpRequest, template: str, ask: Any) -> HttpResponse:
    form = AddressForm(request.POST) if request.method == "POST" else AddressForm()
    if not form.is_bound:
        return render(request, template, {"form": form})
    if not form.is_valid():
        return render(request, template, {"form": form}, status=422)
    try:
        ask(email=form.cleaned_data["email"], client=client_key(request))
    except accounts.TooMany:
        return too_many(request)
    return redirect("account:sent")


def too_many(request: HttpRequest) -> HttpResponse:
    """Say that enough was tried from here for a while."""
    return render(request, "errors/429.html", status=429)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "account/sent.html")


@sensitive_post_parameters()
@form_page
def make(request: HttpRequest, token: str) -> HttpResponse:
    """Make the account whose address this link has proved, and log in."""
    email = links.address_of(token)
    if email is None:
        return _link_over(request)
    if User.objects.with_address(email).exists():
        return _already_there(request)
    form = MakeForm(request.POST if request.method == "POST" else None, user=User(email=email))
    if not form.is_valid():
        return _with_token(request, "account/make.html", {"form": form, "email": email})
    data = form.cleaned_data
    try:
        user = accounts.make(token=token, name=data["name"], password=data["new_password"])
    except accounts.AlreadyThere:
        return _already_there(request)
    messages.success(request, _("Your account is ready."))
    return _entered(request, user, to=entrance.way_back(""))


@sensitive_post_parameters()
@form_page
def choose_password(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Choose a new password by a mailed link, and log in."""
    user = links.person_of(uid, token)
    if user is None:
        return _link_over(request)
    form = ChooseForm(request.POST if request.method == "POST" else None, user=user)
    if not form.is_valid():
        return _with_token(request, "account/choose_password.html", {"form": form, "email": user.email})
    try:
        user = accounts.choose_password(uid=uid, token=token, password=form.cleaned_data["new_password"])
    except accounts.LinkOver:
        return _link_over(request)
    messages.success(request, _("Your new password is set. Every other device was logged out."))
    return _entered(request, user, to=entrance.way_back(""))


@form_page
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button (mail programs open links by themselves); pressing it changes the account's address."""
    found = links.change_of(token)
    if found is None:
        return _link_over(request)
    if request.method != "POST":
        return _with_token(request, "account/confirm_email.html", {"email": found[1]})
    try:
        accounts.change_email(token=token)
    except accounts.AlreadyThere:
        messages.error(request, _("That address has an account of its own by now, so nothing was changed."))
    except accounts.LinkOver:
        return _link_over(request)
    else:
        messages.success(request, _("Your account uses the new address from now on."))
    return redirect("account:overview")


def _with_token(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Show a page whose address is a secret: no other site is told it."""
    is_refused = request.method == "POST"
    response = render(request, template, context, status=422 if is_refused else 200)
    response["Referrer-Policy"] = "same-origin"
    return response


def _link_over(request: HttpRequest) -> HttpResponse:
    return render(request, "account/link_over.html", status=410)


def _already_there(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("There is an account with this address: please log in."))
    return redirect("account:log_in")
