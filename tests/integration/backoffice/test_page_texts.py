"""Staff write the pages about the store, see them before anybody else does, and take their words back."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from shop.pages.defaults import PAGES, default_text
from shop.pages.models import PageText
from shop.pages.reference import write_reference
from tests.factories import a_staff_user, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.both]

OURS = "We post on Fridays.\n\n# Pigeons\n\n- They are **slow**.\n- They are [kind](/stories/)."


@pytest.fixture(autouse=True)
def staff(client):
    client.force_login(a_staff_user())


def row(page: str = "delivery", language: str = "en-gb") -> PageText:
    return PageText.objects.get(page=page, language=language)


def url(found: PageText, step: str = "change") -> str:
    return f"/admin/pages/pagetext/{found.pk}/{step}/"


def test_every_page_is_listed_in_every_language_and_stays_as_staff_left_it(client):
    PageText.objects.filter(page="about").delete()
    client.post(url(row()), {"text": OURS})
    write_reference()
    assert PageText.objects.count() == 2 * len(PAGES)
    assert row().text == OURS
    text = client.get("/admin/pages/pagetext/").content.decode()
    assert text.count("the default text") == 2 * len(PAGES) - 1
    assert text.count("your own words") == 1


def test_words_are_seen_at_the_next_request_in_their_language_only(client):
    before = client.get("/pages/delivery/")
    french = client.get("/fr/pages/delivery/").content
    assert "Pigeons" not in before.content.decode()
    assert client.post(url(row()), {"text": OURS}).status_code == 302
    after = client.get("/pages/delivery/", headers={"if-none-match": before["ETag"]})
    text = after.content.decode()
    assert after.status_code == 200
    assert "<h2>Pigeons</h2>" in text
    assert '<li>They are <strong>slow</strong>.</li>\n<li>They are <a href="/stories/">kind</a>.</li>' in text
    assert "We pack by hand" not in text
    assert client.get("/fr/pages/delivery/").content == french


def test_the_prices_stand_before_the_first_heading(client):
    client.post(url(row()), {"text": OURS})
    text = client.get("/pages/delivery/").content.decode()
    assert text.index("Fridays") < text.index("Tracked 48") < text.index("Pigeons")
    client.post(url(row()), {"text": "No heading here."})
    text = client.get("/pages/delivery/").content.decode()
    assert text.index("No heading here") < text.index("Tracked 48")


def test_the_form_begins_with_what_stands_there(client):
    assert "We pack by hand" in client.get(url(row())).content.decode()
    assert (
        default_text("delivery", "fr").splitlines()[0]
        in client.get(url(row(language="fr"))).context["adminform"].form.initial["text"]
    )


def test_saving_the_default_as_it_stands_keeps_the_page_on_the_default(client):
    as_a_browser_sends_it = default_text("returns", "en-gb").replace("\n", "\r\n") + "\r\n"
    client.post(url(row("returns")), {"text": as_a_browser_sends_it})
    assert (row("returns").text, row("returns").html) == ("", "")


def test_nothing_in_the_words_can_run_or_lead_astray(client):
    bad = (
        "# <script>alert(1)</script>\n\n<img src=x onerror=alert(1)> [a](javascript:alert(1)) "
        "![b](https://example.com/x.png) [c](data:text/html,x) <b onclick=x>d</b>"
    )
    client.post(url(row()), {"text": bad})
    html = row().html
    assert html.startswith("<h2>&lt;script&gt;alert(1)&lt;/script&gt;</h2>")
    for tag in ("<script", "<img", "<b ", "<a "):
        assert tag not in html.replace('<a href="https://example.com/x.png">', "")
    page = client.get("/pages/delivery/").content.decode()
    assert "<script>alert" not in page
    assert "onerror=alert(1)&gt;" in page


def test_words_are_looked_at_before_they_are_published(client):
    looked = client.post(url(row(language="fr")), {"text": OURS, "_look": ""})
    text = looked.content.decode()
    assert looked.status_code == 200
    assert '<html lang="fr"' in text
    assert "<h1>Livraison</h1>" in text
    assert "<h2>Pigeons</h2>" in text
    assert "Suivi, 48 heures" in text
    assert row(language="fr").text == ""
    assert "Pigeons" not in client.get("/fr/pages/delivery/").content.decode()


def test_back_to_the_default_text(client):
    assert "Back to the default text" not in client.get(url(row())).content.decode()
    client.post(url(row()), {"text": OURS})
    assert "Back to the default text" in client.get(url(row())).content.decode()
    asked = client.get(url(row(), "default")).content.decode()
    assert "are not kept" in asked
    assert row().text == OURS
    assert client.post(url(row(), "default")).status_code == 302
    assert (row().text, row().html) == ("", "")
    assert "We pack by hand" in client.get("/pages/delivery/").content.decode()
    said = LogEntry.objects.order_by("pk").values_list("change_message", flat=True)
    assert said.last() == "Back to the default text"
    assert len(said) == 2


def test_who_may_only_view_changes_nothing(client):
    reader = a_user("reader@example.org", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_pagetext"))
    client.force_login(reader)
    assert client.get(url(row())).status_code == 200
    assert client.post(url(row()), {"text": OURS}).status_code == 403
    assert client.post(url(row()), {"text": OURS, "_look": ""}).status_code == 403
    assert client.post(url(row(), "default")).status_code == 403
    assert row().text == ""


def test_nobody_adds_or_deletes_a_page(client):
    assert client.get("/admin/pages/pagetext/add/").status_code == 403
    assert client.post(url(row(), "delete"), {"post": "yes"}).status_code == 403
    assert row().pk
