"""Oscar finds our classes and models instead of its own, and the migrations say what the models say."""

import importlib
import inspect
import pkgutil
from types import ModuleType
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from oscar.core.loading import get_class, get_model

FORKS = ["basket", "catalogue", "checkout", "customer", "order", "partner", "reviews", "search", "shipping"]
MODELS = [
    ("basket", "Basket"),
    ("basket", "Line"),
    ("catalogue", "Product"),
    ("catalogue", "ProductImage"),
    ("customer", "ProductAlert"),
    ("order", "Order"),
    ("order", "Line"),
    ("order", "OrderStatusChange"),
    ("partner", "StockRecord"),
    ("reviews", "ProductReview"),
]


def _home(label: str) -> str:
    return "catalogue" if label == "catalogue" else f"shop.{label}"


@pytest.mark.parametrize("label", FORKS)
def test_the_fork_stands_in_the_place_of_oscars_app(label: str) -> None:
    assert apps.get_app_config(label).name == _home(label)
    assert f"oscar.apps.{label}.apps" not in " ".join(settings.INSTALLED_APPS)


@pytest.mark.parametrize(("label", "model"), MODELS)
def test_oscar_finds_our_model(label: str, model: str) -> None:
    assert get_model(label, model).__module__ == f"{_home(label)}.models"


def _overrides() -> list[tuple[str, str, str]]:
    """Every class of a fork's module that Oscar has under the same name in the module of the same name."""
    found = []
    for label in FORKS:
        package = importlib.import_module(_home(label))
        for _, name, _ in pkgutil.iter_modules(package.__path__):
            core = _core(label, name)
            if core is not None and name not in ("models", "apps"):
                ours = importlib.import_module(f"{package.__name__}.{name}")
                found += [(label, name, one) for one in _classes(ours) if hasattr(core, one)]
    return found


def _core(label: str, name: str) -> ModuleType | None:
    if name in ("admin", "migrations"):  # Oscar's admin modules are never loaded
        return None
    try:
        return importlib.import_module(f"oscar.apps.{label}.{name}")
    except ModuleNotFoundError:
        return None


def _classes(module: ModuleType) -> list[str]:
    defined = inspect.getmembers(module, inspect.isclass)
    return [name for name, one in defined if one.__module__ == module.__name__]


def test_oscar_finds_every_class_we_override() -> None:
    overrides = _overrides()
    assert ("partner", "strategy", "Selector") in overrides
    wrong = [
        f"{label}.{module}.{name}"
        for label, module, name in overrides
        if get_class(f"{label}.{module}", name).__module__ != f"{_home(label)}.{module}"
    ]
    assert wrong == []


def test_keys_and_users_are_as_the_first_migration_found_them() -> None:
    assert settings.DEFAULT_AUTO_FIELD == "django.db.models.BigAutoField"
    assert settings.AUTH_USER_MODEL == "users.User"
    assert get_model("order", "Order")._meta.get_field("user").related_model is apps.get_model("users.User")


def test_no_admin_module_is_loaded_by_itself() -> None:
    assert "django.contrib.admin.apps.SimpleAdminConfig" in settings.INSTALLED_APPS
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


@pytest.mark.django_db
def test_migrations_are_complete(capsys: Any) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    assert "No changes detected" in capsys.readouterr().out
