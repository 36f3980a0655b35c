"""Pages for when something is wrong: they say what happened and touch nothing."""

import pytest
from django.test import RequestFactory

from shop.storefront import errors, public


def test_the_page_for_our_own_fault_needs_no_database():
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "That is our fault" in response.content.decode()


@pytest.mark.django_db
def test_a_refused_form_says_that_nothing_changed(settings):
    response = errors.csrf_failure(RequestFactory().post("/basket/lines/1/"))
    assert response.status_code == 403
    assert "Nothing was changed" in response.content.decode()


@pytest.mark.parametrize("name", public.PERSONAL)
def test_a_public_view_that_looks_at_the_person_fails(name):
    def view(request):
        return bool(getattr(request, name))

    request = RequestFactory().get("/")
    public.PublicPages(view).process_view(request, public.public(view), (), {})
    with pytest.raises(public.TouchedPersonalData, match=name):
        view(request)
