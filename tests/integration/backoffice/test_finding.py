"""What staff save is found by shoppers at once; what they hide, retract or delete is not found any more."""

from typing import Any

import pytest
from django.db import transaction
from django.forms.models import model_to_dict
from django.test import Client

from catalogue.models import Design, Product
from shop.articles.models import Article, ArticleDesign
from shop.backoffice.finding import TELLS, TellsSearch
from shop.backoffice.site import site
from shop.search import selectors, services
from shop.search.models import Entry, Synonyms
from tests.factories import MadeProduct, a_design, a_product, an_article


@pytest.fixture
def owl(db: None) -> MadeProduct:
    """A product in the index."""
    product = a_product(design=a_design("Night Owl"))
    with transaction.atomic():
        services.refresh(products=[product.parent.pk])
    return product


def found(text: str) -> list[str]:
    answer = selectors.find(text, exactly=True)
    return [entry.key for entry in answer.products[:9]] + [f"story:{number}" for number in answer.stories]


def no_rows(*prefixes: str) -> dict[str, int]:
    return {f"{prefix}-{which}_FORMS": 0 for prefix in prefixes for which in ("TOTAL", "INITIAL")}


def posted(form: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in form.items() if value is not None}


def save_story(staff: Client, story: Article, **changes: Any) -> None:
    fields = ["title", "slug", "url", "summary", "authors", "state"]
    form = model_to_dict(story, fields) | {"published_at_0": "2026-01-02", "published_at_1": "09:00"}
    answer = staff.post(f"/admin/articles/article/{story.pk}/change/", form | no_rows("links") | changes)
    assert answer.status_code == 302, answer.context["errors"]


def test_every_model_that_shoppers_find_things_by_tells_the_index():
    assert {model for model, admin in site._registry.items() if isinstance(admin, TellsSearch)} == set(TELLS)


def test_a_design_that_is_renamed_or_hidden(staff: Client, owl: MadeProduct) -> None:
    design = Design.objects.get()
    form = posted(model_to_dict(design, ["title", "slug", "code", "position", "story"]))
    path = f"/admin/catalogue/design/{design.pk}/change/"
    assert staff.post(path, form | {"title": "Early Lark", "is_public": "on"}).status_code == 302
    assert (found("lark"), found("early")) == ([f"product:{owl.parent.pk}"],) * 2
    assert staff.post(path, form | {"title": "Early Lark"}).status_code == 302
    assert (found("lark"), Entry.objects.count()) == ([], 0)


def test_a_product_that_is_hidden(staff: Client, owl: MadeProduct) -> None:
    form = posted(model_to_dict(owl.parent, ["title", "slug", "priority"])) | no_rows("images")
    path = f"/admin/catalogue/product/{owl.parent.pk}/change/"
    assert staff.post(path, form).status_code == 302
    assert not Product.objects.get(pk=owl.parent.pk).is_public
    assert found("owl") == []


def test_a_story_that_is_retracted_and_put_back(staff: Client, owl: MadeProduct) -> None:
    story = an_article(title="Floodlights")
    ArticleDesign.objects.create(article=story, design=owl.parent.design)
    link = ArticleDesign.objects.get()
    rows = {
        "links-TOTAL_FORMS": 1,
        "links-INITIAL_FORMS": 1,
        "links-0-id": link.pk,
        "links-0-article": story.pk,
    }
    rows |= {"links-0-design": link.design_id, "links-0-position": 0, "links-0-note": "by floodlight"}
    save_story(staff, story, **rows)
    assert found("floodlight") == [f"product:{owl.parent.pk}", f"story:{story.pk}"]
    save_story(staff, story, **rows, state="retracted")
    assert found("floodlight") == []
    save_story(staff, story, **rows)
    assert len(found("floodlight")) == 2
    save_story(staff, story, **rows, **{"links-0-DELETE": "on"})
    assert found("floodlight") == [f"story:{story.pk}"]


@pytest.mark.parametrize("at_once", [True, False])
def test_a_story_that_is_deleted(staff: Client, owl: MadeProduct, at_once: bool) -> None:
    story = an_article(owl.parent.design, title="Floodlights")
    save_story(staff, story)
    with transaction.atomic():
        services.refresh(stories=[story.pk])
    if at_once:
        staff.post(f"/admin/articles/article/{story.pk}/delete/", {"post": "yes"})
    else:
        action = {"action": "delete_selected", "_selected_action": [story.pk], "post": "yes"}
        staff.post("/admin/articles/article/", action)
    assert Article.objects.count() == 0
    assert (found("floodlight"), found("owl")) == ([], [f"product:{owl.parent.pk}"])


def test_words_that_mean_the_same_are_left_to_the_worker(staff: Client, owl: MadeProduct) -> None:
    assert staff.post("/admin/search/synonyms/add/", {"words": "owl, uhu"}).status_code == 302
    assert found("uhu") == []
    assert services.work() == 1
    assert found("uhu") == [f"product:{owl.parent.pk}"]
    assert Synonyms.objects.filter(words="owl, uhu").exists()


def test_a_garment_that_is_renamed_is_left_to_the_worker(staff: Client, owl: MadeProduct) -> None:
    assert owl.parent.garment is not None
    garment = owl.parent.garment
    form = posted(model_to_dict(garment)) | {
        "name": "Jersey",
        "colours": [c.pk for c in garment.colours.all()],
    }
    form |= no_rows("sizes")
    answer = staff.post(f"/admin/catalogue/garment/{garment.pk}/change/", form)
    assert answer.status_code == 302
    assert services.work() == 1
    assert found("jersey") == [f"product:{owl.parent.pk}"]
