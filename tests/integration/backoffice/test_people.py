"""Who sees and may do what in the back office."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from shop.backoffice.site import site
from shop.users.models import User
from tests.integration.backoffice.conftest import a_person

PEOPLE = "/admin/users/user/"
NEW = {
    "email": "new@example.org",
    "first_name": "New",
    "last_name": "Person",
    "password1": "a quite long password",
    "password2": "a quite long password",
}


def lists() -> list[str]:
    return [f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in site._registry]


def test_somebody_who_is_not_staff_is_asked_to_log_in(client: Client, db: None) -> None:
    client.force_login(a_person("reader@example.org"))
    for url in ("/admin/", *lists()):
        assert client.get(url).status_code == 302


def test_a_new_staff_user_sees_nothing(helper: Callable[..., Client]) -> None:
    browser = helper()
    home = browser.get("/admin/")
    assert home.status_code == 200
    page = home.content.decode()
    assert "nothing you may see yet" in page
    for url in lists():
        assert browser.get(url).status_code == 403
        assert url not in page


def test_an_owner_opens_every_list_and_every_form(staff: Client) -> None:
    for url in lists():
        assert staff.get(url).status_code == 200, url
        assert staff.get(f"{url}add/").status_code in (200, 403), url
        assert staff.get(url, {"q": "x"}).status_code == 200, url


def test_the_home_page_takes_few_queries(staff: Client, django_assert_max_num_queries: Callable) -> None:
    staff.get("/admin/")
    with django_assert_max_num_queries(17):
        page = staff.get("/admin/").content.decode()
    assert "Orders to pack" in page
    assert "Last word from Stripe" in page


def test_the_home_page_shows_only_what_one_may_see(helper: Callable[..., Client]) -> None:
    page = helper("partner.view_stockrecord").get("/admin/").content.decode()
    assert "sold out" in page
    assert "Orders to pack" not in page


def test_a_person_is_added_with_a_password_and_logs_in(staff: Client, client: Client) -> None:
    group = Group.objects.create(name="Packers")
    answer = staff.post(f"{PEOPLE}add/", NEW | {"is_staff": "on", "groups": group.pk})
    assert answer.status_code == 302
    person = User.objects.get(email="new@example.org")
    assert (person.is_staff, person.is_superuser) == (True, False)
    assert Client().login(username="new@example.org", password=NEW["password1"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": "OWNER@example.org"}, "account with this address"),
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password2": "another long password"}, "match"),
        ({"email": "no address"}, "valid email"),
    ],
)
def test_a_bad_new_person_is_refused_in_plain_words(
    staff: Client, change: dict[str, str], words: str
) -> None:
    answer = staff.post(f"{PEOPLE}add/", NEW | change)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert User.objects.count() == 1


def test_nobody_gives_themselves_rights_they_do_not_have(helper: Callable[..., Client]) -> None:
    owner = a_person("boss@example.org", is_staff=True, is_superuser=True)
    shopper = a_person("shopper@example.org")
    browser = helper("users.view_user", "users.change_user", "users.add_user")
    taken = {"email": "boss@example.org", "first_name": "Mine", "is_active": "on", "is_superuser": "on"}
    assert browser.post(f"{PEOPLE}{owner.pk}/change/", taken).status_code == 403
    assert browser.post(f"{PEOPLE}{owner.pk}/password/", {"new_password1": "x"}).status_code == 403
    browser.post(
        f"{PEOPLE}{shopper.pk}/change/",
        {"email": "shopper@example.org", "is_active": "on", "is_staff": "on", "is_superuser": "on"},
    )
    browser.post(f"{PEOPLE}add/", NEW | {"is_staff": "on", "is_superuser": "on"})
    for email in ("shopper@example.org", "new@example.org"):
        person = User.objects.get(email=email)
        assert (person.is_staff, person.is_superuser) == (False, False)
    owner.refresh_from_db()
    assert owner.first_name == ""


def test_a_password_is_set_by_an_owner(staff: Client) -> None:
    person = a_person("packer@example.org", is_staff=True)
    url = f"{PEOPLE}{person.pk}/password/"
    assert url in staff.get(f"{PEOPLE}{person.pk}/change/").content.decode()
    answer = staff.post(url, {"new_password1": "12345", "new_password2": "12345"})
    assert answer.status_code == 200
    new = {"new_password1": "another long password", "new_password2": "another long password"}
    assert staff.post(url, new).status_code == 302
    assert Client().login(username="packer@example.org", password="another long password")


def test_accounts_are_not_deleted(staff: Client) -> None:
    person = a_person("gone@example.org")
    assert staff.post(f"{PEOPLE}{person.pk}/delete/", {"post": "yes"}).status_code == 403
    staff.post(PEOPLE, {"action": "delete_selected", "_selected_action": person.pk, "post": "yes"})
    assert User.objects.filter(pk=person.pk).exists()


def test_only_owners_see_groups(helper: Callable[..., Client], staff: Client) -> None:
    assert helper("auth.view_group", "auth.change_group").get("/admin/auth/group/").status_code == 403
    assert staff.get("/admin/auth/group/add/").status_code == 200


def test_the_back_office_has_a_policy_of_its_own_and_public_pages_keep_theirs(staff: Client) -> None:
    for url in ("/admin/", "/admin/login/", "/admin/order/order/"):
        policy = staff.get(url, follow=True).headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "default-src 'self'" in policy
        assert "https:" not in policy
    assert "unsafe" not in Client().get("/").headers["Content-Security-Policy"]


def test_oscars_own_admin_is_not_there(staff: Client) -> None:
    registered = {model._meta.label for model in site._registry}
    assert not {"order.Line", "order.ShippingEvent", "basket.Basket", "payment.Source"} & registered
    assert staff.get("/admin/basket/basket/").status_code == 404
