"""What staff save is found, and what they hide or delete is not, from the same transaction on."""

from collections.abc import Callable, Collection
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from catalogue.models import Category, Colour, Design, Garment, Product
from shop.articles.models import Article
from shop.search import services as search
from shop.search.models import Synonyms

Tell = Callable[[Collection[int]], None]
#: One design, product or story is written at once; what changes many products is left to the worker.
TELLS: dict[type[Model], Tell] = {
    Design: lambda keys: search.refresh(designs=keys),
    Product: lambda keys: search.refresh(products=keys),
    Article: lambda keys: search.refresh(stories=keys),
    Garment: lambda keys: search.refresh_later(Product.objects.filter(garment__in=keys)),
    Colour: lambda keys: search.refresh_later(Product.objects.filter(children__colour__in=keys)),
    Category: lambda keys: search.refresh_later(Product.objects.filter(design__themes__in=keys)),
    Synonyms: lambda keys: search.refresh_later(),
}


class TellsSearch:
    """Mixin: tells the search index when all of a save, or a delete, is written."""

    model: type[Model]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        TELLS[self.model]([form.instance.pk])

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        keys = [obj.pk]
        super().delete_model(request, obj)
        TELLS[self.model](keys)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        keys = list(queryset.values_list("pk", flat=True))
        with transaction.atomic():
            super().delete_queryset(request, queryset)
            TELLS[self.model](keys)


def telling_search(model: type[Model], model_admin: Any) -> Any:
    """Return the ModelAdmin, telling the index of what it saves when shoppers can find it by that."""
    if model not in TELLS:
        return model_admin
    return type(model_admin.__name__, (TellsSearch, model_admin), {"__module__": model_admin.__module__})
