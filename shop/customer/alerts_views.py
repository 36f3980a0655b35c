"""The pages of back-in-stock requests: asking, and the two links in the mails. A GET shows one button, a POST acts."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.basket.origin import is_same_origin, same_origin_post
from shop.client import client_key
from shop.customer import alerts, alerts_selectors
from shop.customer.alerts_forms import AlertForm
from shop.customer.alerts_selectors import Wanted
from shop.customer.entrance import MemberRequest, members_only
from shop.stock import picks
from shop.users.models import User


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take a request for a variant (or a product's, with SKU or colour and size), or show its form."""
    return posted(request, pk) if request.method == "POST" else form(request, pk)


def form(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request)
    empty = AlertForm(initial={"email": member.email if member else ""})
    return _page(request, _wanted(pk, request.GET.get("variant", "")), empty)


def confirm_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what another site's page asks for, with a button of our own."""
    filled = AlertForm(request.POST)
    filled.is_valid()
    return _page(request, _chosen(pk, filled), filled, status=403)


@same_origin_post(otherwise=confirm_ask)
def posted(request: HttpRequest, pk: int) -> HttpResponse:
    filled = AlertForm(request.POST)
    is_valid = filled.is_valid()
    found = _chosen(pk, filled)
    if not is_valid:
        return _page(request, found, filled, status=422)
    try:
        alerts.ask(
            variant=found.variant,
            email=filled.cleaned_data["email"],
            client=client_key(request),
            member=_member(request),
        )
    except alerts.NotWaiting:
        return _see("alerts:ask", found)
    except alerts.TooManyRequests:
        filled.add_error(None, _("That is a lot of requests at once. Please try again in an hour."))
        return _page(request, found, filled, status=429)
    return _see("alerts:asked", found)


@require_safe
def asked(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what happens next, the same whatever is known of the address."""
    return render(request, "alerts/asked.html", {"wanted": _wanted(pk)})


@require_POST
@csrf_exempt
def picked(request: HttpRequest, pk: int) -> HttpResponse:
    """Count that somebody chose a size that is sold out; what no page of ours sent is not counted."""
    filled = AlertForm(request.POST)
    filled.is_valid()
    found = alerts_selectors.wanted(pk, variant=filled.cleaned_data.get("variant", ""))
    if found is not None and is_same_origin(request):
        picks.note(variant=found.variant, client=client_key(request))
    return HttpResponse(status=204)


@members_only
@require_safe
def mine(request: MemberRequest) -> HttpResponse:
    """Show a member what their address waits for."""
    requests = alerts_selectors.open_requests(request.user.email)
    return render(request, "account/alerts.html", {"requests": requests})


@members_only
@require_POST
def stop_mine(request: MemberRequest, pk: int) -> HttpResponse:
    alerts.stop_one(email=request.user.email, pk=pk)
    return redirect("account:alerts")


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Start the requests of the address that was mailed this key."""
    if request.method == "POST" and alerts.confirm(key):
        return redirect("alerts:confirm", key=key)
    return _keyed(request, "alerts/confirm.html", key)


@csrf_exempt  # the key is the right to do it, and a mail program posts without a cookie (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, key: str) -> HttpResponse:
    """Stop one request of the key's address (`only`), or all of them."""
    if request.method == "POST":
        alerts.stop(key, only=_number(request.POST.get("only")))
    return _keyed(request, "alerts/stop.html", key)


def _member(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _number(posted: str | None) -> int | None:
    """Return the key of the row meant: None when none is, 0 (nobody's) for what is no number."""
    if posted is None:
        return None
    return int(posted) if posted.isdecimal() and len(posted) < 19 else 0


def _keyed(request: HttpRequest, template: str, key: str) -> HttpResponse:
    email = alerts.email_of(key)
    if email is None:
        raise Http404
    requests = alerts_selectors.open_requests(email)
    asks = any(one.can_be_confirmed for one, _name in requests)
    response = render(request, template, {"requests": requests, "asks": asks, "key": key})
    response["Referrer-Policy"] = "same-origin"
    return response


def _page(request: HttpRequest, found: Wanted, filled: AlertForm, *, status: int = 200) -> HttpResponse:
    context = {"wanted": found, "form": filled, "is_foreign": status == 403}
    return render(request, "alerts/ask.html", context, status=status)


def _wanted(pk: int, variant: str = "") -> Wanted:
    found = alerts_selectors.wanted(pk, variant=variant)
    if found is None:
        raise Http404
    return found


def _chosen(pk: int, filled: AlertForm) -> Wanted:
    choice = {name: filled.cleaned_data.get(name, "") for name in ("variant", "colour", "size")}
    found = alerts_selectors.wanted(pk, **choice)
    if found is None:
        raise Http404
    return found


def _see(name: str, found: Wanted) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": reverse(name, args=[found.variant.pk])})
