"""Pages for when something is wrong: they say what happened and touch nothing."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from shop.storefront import errors, public
from shop.storefront.middleware import SecurityHeaders
from tests.factories import a_product, a_user


def test_the_page_for_our_own_fault_needs_no_database():
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "That is our fault" in response.content.decode()


@pytest.mark.django_db
def test_what_is_not_there_can_be_looked_for(client):
    response = client.get("/no-such-page/")
    text = response.content.decode()
    assert response.status_code == 404
    assert text.count('role="search"') == 2
    assert 'role="search" aria-label="Search the store" method="get" action="/search/"' in text
    for way in ("/catalogue/", "/stories/", "/orders/find/"):
        assert f'class="button{" button--main" if way == "/catalogue/" else ""}" href="{way}"' in text


@pytest.mark.django_db
def test_a_refused_form_says_that_nothing_changed(settings):
    response = errors.csrf_failure(RequestFactory().post("/basket/lines/1/"))
    assert response.status_code == 403
    assert "Nothing was changed" in response.content.decode()


def test_what_cannot_be_read_is_answered_by_a_page_of_ours(client):
    for odd in ({"data": {str(n): n for n in range(2000)}}, {"headers": {"host": "elsewhere.example"}}):
        response = client.post("/basket/add/1/", **odd)
        assert response.status_code == 400
        assert "We could not read that" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.both
@pytest.mark.parametrize(
    "path",
    [
        "/alerts/confirm/%00/",
        "/alerts/stop/a%00/",
        "/orders/%00/?token=x",
        "/alerts/1/?variant=%00",
        "/catalogue/?colour=%00",
        "/search/?q=%00",
        "/checkout/return/?session_id=%00",
        "/orders/X/?token=%00",
        "/account/forgotten/MQ/%00/",
    ],
)
def test_an_address_with_a_nul_cannot_be_read(client, path):
    client.force_login(a_user())
    response = client.get(path)
    assert response.status_code == 400
    assert "We could not read that" in response.content.decode()
    assert response["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.both
def test_a_nul_in_a_parameter_no_public_page_reads_is_ignored_too(client):
    assert client.get("/pages/returns/?utm_source=%00").status_code == 200


@pytest.mark.django_db
@pytest.mark.both
def test_a_form_with_a_nul_does_nothing(client):
    product, same = a_product(), {"Sec-Fetch-Site": "same-origin"}
    picked = client.post(f"/alerts/{product.parent.pk}/picked/", {"variant": "a\0"}, headers=same)
    assert picked.status_code == 204
    client.post(f"/basket/add/{product.first.pk}/", {"quantity": "1"}, headers=same)
    removed = client.post("/basket/voucher/remove/", {"code": "a\0"})
    assert (removed.status_code, removed["Location"]) == (303, "/basket/#at-voucher")


def test_whoever_may_not_do_something_is_told_so_on_a_page_of_ours():
    response = errors.forbidden(RequestFactory().get("/admin/"), PermissionDenied())
    assert response.status_code == 403
    assert "Nothing was changed" in response.content.decode()


def test_reloading_the_answer_to_a_form_is_told_that_nothing_is_there(client):
    for path in ("/checkout/pay/", "/checkout/change/", "/basket/add/1/", "/basket/voucher/"):
        response = client.get(path)
        assert (response.status_code, response["Allow"]) == (405, "POST")
        assert "Nothing to see at this address" in response.content.decode()
        assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("said", "told"), [({}, "900"), ({"Retry-After": "3600"}, "3600")])
def test_whoever_was_too_fast_learns_when_to_return(said, told):
    answer = SecurityHeaders(lambda request: HttpResponse(status=429, headers=said))(
        RequestFactory().get("/")
    )
    assert answer["Retry-After"] == told
    sound = SecurityHeaders(lambda request: HttpResponse())(RequestFactory().get("/"))
    assert "Retry-After" not in sound


@pytest.mark.parametrize("name", public.PERSONAL)
def test_a_public_view_that_looks_at_the_person_fails(name):
    def view(request):
        return bool(getattr(request, name))

    request = RequestFactory().get("/")
    public.PublicPages(view).process_view(request, public.public(view), (), {})
    with pytest.raises(public.TouchedPersonalData, match=name):
        view(request)
