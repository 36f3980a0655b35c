"""The page to give: the same for everybody, with a form that carries no token."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from shop.donations import selectors, views
from shop.donations.forms import DonateForm
from shop.storefront.public import public


@public
@csrf_exempt
def donate(request: HttpRequest) -> HttpResponseBase:
    """Show the form; what is posted to the same address is for the room itself, which looks where it comes from."""
    if request.method == "POST":
        return views.give(request)
    return render(request, "donate/page.html", selectors.page(DonateForm()))
