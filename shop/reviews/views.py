"""Write about a product, and find again what one wrote: private pages, by a signed link and without a log-in."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalogue.models import Garment, Product
from catalogue.selectors import public_products
from shop.client import client_key
from shop.limits.services import Limit, take
from shop.order.models import Line
from shop.order.selectors import order_for_link
from shop.reviews import selectors, services
from shop.reviews.forms import ReviewForm

REVIEWS_A_DAY = Limit("review", most=5, within=timedelta(days=1))


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a review of a product, and keep it; the link of an order in the address proves a buyer."""
    product = public_products().filter(pk=pk).first()
    if product is None or product.garment is None:
        raise Http404(_("There is no such product."))
    line = _line(request, product)
    form = ReviewForm(request.POST or None, is_worn=product.garment.kind == Garment.Kind.TSHIRT)
    if request.method == "POST" and form.is_valid():
        return _keep(request, product, form, line)
    return _page(request, product, form, line, status=422 if form.errors else 200)


def _keep(request: HttpRequest, product: Product, form: ReviewForm, line: Line | None) -> HttpResponse:
    if not take(REVIEWS_A_DAY, client_key(request)):
        form.add_error(None, _("That is a lot of reviews for one day. Please come back tomorrow."))
        return _page(request, product, form, line, status=429)
    try:
        review = services.write(product=product, words=form.words, line=line)
    except services.NotReviewable as error:
        form.add_error(None, str(error))
        return _page(request, product, form, line, status=409)
    return redirect("reviews:mine", key=selectors.key_of(review))


def _line(request: HttpRequest, product: Product) -> Line | None:
    """Return the line that proves a buyer; a link that is wrong or has run out proves nothing."""
    order = order_for_link(request.GET.get("order", ""), request.GET.get("token", ""))
    return selectors.line_of(order, product.pk) if order else None


def _page(
    request: HttpRequest, product: Product, form: ReviewForm, line: Line | None, *, status: int
) -> HttpResponse:
    is_done = line is not None and selectors.is_reviewed(line, product.pk)
    context = {"product": product, "form": form, "line": line, "is_done": is_done}
    response = render(request, "reviews/write.html", context, status=status)
    response["Referrer-Policy"] = "same-origin"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, key: str) -> HttpResponse:
    """Show a review to its writer, with a button that deletes it."""
    review = selectors.review_of(key)
    if review is None:
        raise Http404(_("There is no such review."))
    product = review.product
    is_deleted = request.method == "POST"
    if is_deleted:
        services.erase(review_id=review.pk)
    context = {"review": review, "product": product, "is_deleted": is_deleted}
    response = render(request, "reviews/mine.html", context)
    response["Referrer-Policy"] = "same-origin"
    return response
