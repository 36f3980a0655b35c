"""The index says what the store shows: told in the transaction of a change, and mended by the worker."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from modelsearch.models import IndexEntry

from catalogue.models import Category, Colour, Design, Garment, Product
from shop.articles.models import Article, ArticleDesign
from shop.search import selectors, services
from shop.search.models import Entry, Synonyms, Trigram, Word
from tests.factories import MadeProduct, a_colour, a_design, a_product, an_article

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both,
    # Oscar's own receiver of a saved category calls treebeard the old way.
    pytest.mark.filterwarnings("ignore:Using Category.get_tree:DeprecationWarning"),
]


def a_theme(**values: bool) -> Category:
    return Category.objects.add_root(instance=Category(name="Birds", slug="birds", **values))


def refresh(**things: list[int]) -> None:
    with transaction.atomic():
        services.refresh(**things)


def found(text: str) -> list[tuple[str, int]]:
    """Return what has exactly these words: products, then stories."""
    answer = selectors.find(text, exactly=True)
    if answer.is_loose:
        return []
    stories = [("story", number) for number in answer.stories]
    return [(entry.kind, entry.number) for entry in answer.products[:50]] + stories


def a_findable_product(title: str = "Night Owl", **values: str) -> MadeProduct:
    product = a_product(design=a_design(title, **values))
    refresh(products=[product.parent.pk])
    return product


def test_outside_a_transaction_nothing_is_written():
    with pytest.raises(RuntimeError):
        services.refresh(products=[a_product().parent.pk])
    assert Entry.objects.count() == 0


def test_a_product_is_found_by_all_it_says():
    theme = a_theme()
    product = a_product(
        design=a_design("Night Owl", summary="Awake at noon", story="<p>A <b>lantern</b></p>")
    )
    product.parent.design.themes.add(theme)
    refresh(products=[product.parent.pk])
    hit = [("product", product.parent.pk)]
    for text in ["night owls", "awake", "lanterns", "bird", "black", "M", "tshirt", "tee night"]:
        assert found(text) == hit, text
    assert found("b") == []


def test_writing_it_again_changes_nothing():
    product = a_findable_product()
    rows = list(Entry.objects.values()), list(IndexEntry.objects.values()), set(Word.objects.values_list())
    refresh(products=[product.parent.pk], designs=[product.parent.design_id])
    assert rows == (
        list(Entry.objects.values()),
        list(IndexEntry.objects.values()),
        set(Word.objects.values_list()),
    )


def test_a_new_name_is_found_and_the_old_one_is_not():
    product = a_findable_product("Night Owl")
    Design.objects.update(title="Early Lark")
    Product.objects.filter(pk=product.parent.pk).update(title="Early Lark Tshirt")
    refresh(designs=[product.parent.design_id])
    assert (found("owl"), found("lark")) == ([], [("product", product.parent.pk)])


@pytest.mark.parametrize("hide", ["product", "design"])
def test_what_is_hidden_is_not_found(hide):
    product = a_findable_product()
    (Product if hide == "product" else Design).objects.update(is_public=False)
    refresh(designs=[product.parent.design_id])
    assert (found("owl"), Entry.objects.count(), IndexEntry.objects.count()) == ([], 0, 0)


@pytest.mark.parametrize("state", ["retracted", "sensitive"])
def test_the_editorial_switch_takes_the_storys_words_off_its_merch(state):
    product = a_findable_product()
    story = an_article(product.parent.design, title="Floodlights", summary="An evening match")
    refresh(stories=[story.pk])
    assert set(found("floodlight")) == {("product", product.parent.pk), ("story", story.pk)}
    Article.objects.update(state=state)
    refresh(stories=[story.pk])
    assert (found("floodlight"), found("owl")) == ([], [("product", product.parent.pk)])


def test_a_link_that_is_taken_away_takes_the_storys_words_with_it():
    product = a_findable_product()
    story = an_article(product.parent.design, title="Floodlights")
    refresh(stories=[story.pk])
    ArticleDesign.objects.all().delete()
    refresh(stories=[story.pk])
    assert found("floodlight") == [("story", story.pk)]


def test_a_story_that_is_deleted_is_gone_from_the_index_and_from_its_merch():
    product = a_findable_product()
    story = an_article(product.parent.design, title="Floodlights")
    refresh(stories=[story.pk])
    number = story.pk
    story.delete()
    refresh(stories=[number])
    assert found("floodlight") == []
    assert found("owl") == [("product", product.parent.pk)]


def test_a_hidden_theme_names_nothing():
    product = a_findable_product()
    product.parent.design.themes.add(a_theme(is_public=False))
    refresh(products=[product.parent.pk])
    assert found("bird") == []


def test_what_changes_many_products_is_written_by_the_worker():
    product, other = a_findable_product(), a_findable_product("Early Lark")
    Garment.objects.update(name="Jersey")
    services.refresh_later(Product.objects.filter(garment__in=Garment.objects.all()))
    assert found("jersey") == []
    assert services.work() == 2
    assert {number for _, number in found("jersey")} == {product.parent.pk, other.parent.pk}
    assert services.work() == 0


def test_words_that_mean_the_same_find_each_other_once_the_worker_has_passed():
    product = a_findable_product()
    Synonyms.objects.create(words="owl, wise bird")
    services.refresh_later()
    services.work()
    assert found("wise birds") == [("product", product.parent.pk)]
    assert found("bird wise") == [("product", product.parent.pk)]


def test_a_story_is_found_when_its_hour_has_come():
    later = timezone.now() + timedelta(hours=1)
    story = an_article(title="Floodlights", published_at=later)
    refresh(stories=[story.pk])
    assert (found("floodlight"), services.follow()) == ([], 0)
    Article.objects.update(published_at=timezone.now() - timedelta(seconds=1))
    assert (services.follow(), found("floodlight")) == (1, [("story", story.pk)])


def test_the_worker_finds_what_nobody_told_and_drops_what_nobody_took_away():
    gone, unknown = a_findable_product("Night Owl"), a_product(design=a_design("Early Lark"))
    Product.objects.filter(pk=gone.parent.pk).update(is_public=False)
    assert services.follow() == 2
    assert (found("owl"), found("lark")) == ([], [("product", unknown.parent.pk)])


def test_repair_writes_only_what_differs():
    product = a_findable_product()
    a_findable_product("Early Lark")
    Colour.objects.filter(code="white").update(name="Chalk")
    Product.objects.filter(colour=a_colour("white")).exclude(parent=product.parent.pk).update(is_public=False)
    Entry.objects.filter(number=product.parent.pk).update(text="nonsense")
    assert (services.repair(), services.repair()) == (2, 0)
    assert found("chalk") == [("product", product.parent.pk)]
    assert found("nonsense") == []


def test_rebuilding_makes_all_of_it_anew_and_twice_is_the_same(capsys):
    product = a_product(design=a_design("Night Owl"))
    Entry.objects.create(key="product:0", kind="product", number=0, slug="x", name="Ghost")
    Word.objects.create(text="ghost", stem="ghost")
    call_command("rebuild_search")
    assert "2 entries written; shoppers can find 1." in capsys.readouterr().out
    rows = list(Entry.objects.values()), set(Word.objects.values_list()), Trigram.objects.count()
    call_command("rebuild_search")
    assert "1 entries written; shoppers can find 1." in capsys.readouterr().out
    assert rows == (list(Entry.objects.values()), set(Word.objects.values_list()), Trigram.objects.count())
    assert (found("owl"), found("ghost")) == ([("product", product.parent.pk)], [])
    assert not Word.objects.filter(text="ghost").exists()


def test_rebuilding_brings_back_an_engine_that_lost_its_rows():
    product = a_findable_product()
    IndexEntry.objects.all().delete()
    assert found("owl") == []
    services.rebuild()
    assert found("owl") == [("product", product.parent.pk)]
