"""The house holds: layers, relations, who imports Stripe, money in Decimals, templates, the README's map."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.template import engines
from django.template.base import Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from shop.freshness.models import CatalogueVersion
from shop.storefront.shown import WATCHED
from tests import public_pages
from tests.databases import ROOT

TEMPLATES = ROOT / "templates"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
#: Rooms where a float would lose a penny.
MONEY_ROOMS = ["basket", "checkout", "order", "partner", "payments", "shipping"]


def _sources(folder: str) -> list[Path]:
    return [path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# --- Imports --------------------------------------------------------------------------------------


def test_the_layers_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_only_the_gateway_imports_stripe() -> None:
    found = [
        _name(path)
        for folder in ("shop", "catalogue")
        for path in _sources(folder)
        if "stripe" in _imports(path)
    ]
    assert found == ["shop/payments/gateway.py"]


def _imports(path: Path) -> set[str]:
    """The top-level names of the packages a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def test_the_shop_package_itself_is_empty() -> None:
    assert (ROOT / "shop/__init__.py").read_text() == ""


def test_oscars_admin_modules_are_never_loaded() -> None:
    assert [name for name in sys.modules if re.fullmatch(r"oscar\.apps\..*\.admin", name)] == []


# --- Relations ------------------------------------------------------------------------------------


def _layers() -> dict[str, int]:
    """Each room's height: relations go from a higher number to a lower one."""
    layers: list[str] = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    heights = {
        room.strip(): height for height, layer in enumerate(reversed(layers), 1) for room in layer.split("|")
    }
    return {f"shop.{room}": height for room, height in heights.items()} | {"catalogue": 0, "shop.users": 0}


def test_relations_of_our_models_go_down() -> None:
    heights = _layers()
    ours = [config for config in apps.get_app_configs() if config.name in heights]
    assert len(ours) >= 12
    wrong = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for config in ours
        for model in config.get_models(include_auto_created=True)
        for field in _own_relations(model)
        if heights.get(field.related_model._meta.app_config.name, -1) > heights[config.name]
    ]
    assert wrong == []


def _own_relations(model: Any) -> list[Any]:
    """The relations we wrote: what Oscar's abstract models bring is Oscar's."""
    inherited = {
        f.name for base in model.__mro__ if base.__module__.startswith("oscar.") for f in _fields_of(base)
    }
    fields = [*model._meta.fields, *model._meta.many_to_many]
    return [f for f in fields if f.is_relation and f.related_model and f.name not in inherited]


def _fields_of(base: Any) -> list[Any]:
    return list(base._meta.get_fields()) if hasattr(base, "_meta") else []


# --- Money ----------------------------------------------------------------------------------------


def test_money_is_never_a_float() -> None:
    rooms = [path for room in MONEY_ROOMS for path in _sources(f"shop/{room}")] + [ROOT / "shop/money.py"]
    found = [
        f"{_name(path)}:{node.lineno}"
        for path in rooms
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
    ]
    assert found == []


# --- The README's map -----------------------------------------------------------------------------


def _rooms() -> list[str]:
    """The rooms of the shop: its packages, but for the two folders whose place Django gives."""
    folders = [path for path in (ROOT / "shop").iterdir() if (path / "__init__.py").exists()]
    return sorted(path.name for path in folders if path.name not in ("management", "templatetags"))


def test_every_room_says_its_purpose_and_what_it_may_import() -> None:
    silent = [
        room
        for room in _rooms()
        if not ast.get_docstring(ast.parse((ROOT / "shop" / room / "__init__.py").read_text()))
    ]
    assert silent == []


def test_the_readmes_map_names_every_room() -> None:
    readme = (ROOT / "README.md").read_text()
    missing = [name for name in [*_rooms(), "catalogue", "mockups"] if not re.search(rf"\b{name}\b", readme)]
    assert missing == []


# --- Templates ------------------------------------------------------------------------------------


def _templates() -> list[Path]:
    return [
        path for path in sorted(TEMPLATES.rglob("*.html")) if "admin" not in path.relative_to(TEMPLATES).parts
    ]


def _storefront_templates() -> list[Path]:
    return [path for path in _templates() if path.relative_to(TEMPLATES).parts[0] != "emails"]


def _without_comments(path: Path) -> str:
    text = re.sub(r"\{%\s*comment.*?endcomment\s*%\}", "", path.read_text(), flags=re.DOTALL)
    return re.sub(r"\{#.*?#\}", "", text)


INLINE = {
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "a style element": r"<style\b",
    "an event handler": r"<[^>]*\son[a-z]+\s*=",
    "a script with a body": r"<script\b(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>",
    "a javascript: address": r"javascript:",
}


@pytest.mark.parametrize("what", INLINE)
def test_no_page_has_anything_inline(what: str) -> None:
    found = [
        _name(path)
        for path in _storefront_templates()
        if re.search(INLINE[what], _without_comments(path), re.IGNORECASE)
    ]
    assert found == []


def test_no_page_fetches_from_another_origin() -> None:
    fetched = re.compile(
        r"<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*(?:src|srcset|data)=[\"']?(?:https?:)?//",
        re.I,
    )
    sheets = re.compile(
        r"<link\b[^>]*rel=[\"']?(?:stylesheet|preload|icon)[^>]*href=[\"']?(?:https?:)?//", re.IGNORECASE
    )
    found = [
        _name(path)
        for path in _storefront_templates()
        if fetched.search(_without_comments(path)) or sheets.search(_without_comments(path))
    ]
    assert found == []


def test_templates_compile_and_all_they_use_is_ours() -> None:
    engine = engines["django"].engine
    foreign = []
    for path in _templates():
        template = engine.get_template(path.relative_to(TEMPLATES).as_posix())
        foreign += [f"{_name(path)} → {name}" for name in _used(template) if not (TEMPLATES / name).exists()]
    assert foreign == []


def _used(template: Template) -> list[str]:
    """The templates a template extends or includes by name."""
    return re.findall(r"\{%\s*(?:extends|include)\s+[\"']([^\"']+)[\"']", template.source)


def test_every_block_a_page_fills_is_in_its_frame() -> None:
    """What fills no block of `base.html` is not shown, and nobody is told."""
    name = re.compile(r"\{%\s*block\s+(\w+)")
    frame = set(name.findall((TEMPLATES / "base.html").read_text()))
    pages = [path for path in _templates() if '{% extends "base.html" %}' in path.read_text()]
    assert len(pages) > 40
    assert [
        f"{_name(path)}: {block}"
        for path in pages
        for block in name.findall(path.read_text())
        if block not in frame
    ] == []


#: Served beside the bundles: the back office's, what other sites show, and the bundles themselves.
ALONE = {
    "backoffice.css",
    "embed.css",
    "range-progress.js",
    "rich-text.js",
    "shop-story.js",
    "shop.css",
    "shop.js",
}


@pytest.mark.parametrize("ending", ["css", "js"])
def test_every_file_of_the_pages_is_in_their_bundle_once(ending: str) -> None:
    bundle = (ROOT / f"static/{ending}/shop.{ending}").read_text()
    imported = re.findall(r'^@?import "(?:\./)?([\w.-]+)";$', bundle, re.MULTILINE)
    assert sorted(imported) == sorted({path.name for path in (ROOT / "static" / ending).iterdir()} - ALONE)


def test_no_script_in_the_bundle_is_a_module() -> None:
    """Bundled it stands in a block, which can neither import nor export."""
    scripts = [path for path in sorted((ROOT / "static/js").iterdir()) if path.name not in ALONE]
    assert len(scripts) > 10
    assert [
        _name(path) for path in scripts if re.search(r"^(?:im|ex)port\b", path.read_text(), re.MULTILINE)
    ] == []


def test_no_text_in_a_script_runs_over_lines() -> None:
    """Collected scripts lose the space their lines begin with."""
    scripts = [path for path in sorted((ROOT / "static/js").iterdir()) if path.name not in ALONE]
    assert [
        _name(path) for path in scripts for line in path.read_text().splitlines() if line.count("`") % 2
    ] == []


def test_every_template_a_view_renders_is_ours() -> None:
    rendered = {
        name
        for folder in ("shop", "catalogue")
        for path in _sources(folder)
        for name in re.findall(r"\brender\(\s*\w+,\s*\"([^\"{]+)\"", path.read_text())
    }
    assert {"home.html", "catalogue/product.html", "basket/summary.html"} <= rendered
    assert sorted(name for name in rendered if not (TEMPLATES / name).exists()) == []


def _views(patterns: list[Any]) -> Iterator[Any]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern.callback


#: What is mounted that others wrote: the one admin site, and addresses that only lead elsewhere.
BORROWED = ("django.contrib.", "unfold.", "django.views.generic.base")


def test_every_mounted_view_is_ours_or_the_admins() -> None:
    modules = {view.__module__ for view in _views(get_resolver().url_patterns)}
    assert "shop.storefront.views" in modules
    assert [name for name in sorted(modules) if not name.startswith(("shop.", *BORROWED))] == []


# --- Public pages ---------------------------------------------------------------------------------


def test_every_public_view_has_an_address_to_look_at() -> None:
    mounted = set(public_pages.names()) - public_pages.FILES
    assert sorted(mounted) == sorted(public_pages.ADDRESSES), "give it a line in tests/public_pages.py"


#: What the search engine keeps is written only with an entry, whose table is watched.
ENGINES_OWN = {"modelsearch_indexentry", "modelsearch_indexentry_fts", "search_trigram", "search_word"}


@pytest.mark.django_db
def test_whatever_a_public_page_reads_is_watched() -> None:
    """What is written to a watched table is seen on every page at the next request (`storefront/shown.py`)."""
    paths = public_pages.addresses()
    with CaptureQueriesContext(connection) as asked:
        assert {path: Client().get(path).status_code for path in paths} == dict.fromkeys(paths, 200)
    read = {table for query in asked for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}
    assert len(read) >= 12
    unseen = read - ENGINES_OWN - {watched.table for watched in WATCHED} - {CatalogueVersion._meta.db_table}
    assert sorted(unseen) == [], "a change of it would not be seen: add it to shop/storefront/shown.py"


# --- Calm -----------------------------------------------------------------------------------------

SHOUTING = [
    r"count-?down",
    r"hurry",
    r"only \d+ left",
    r"selling fast",
    r"act now",
    r"last chance",
    r"people are (?:viewing|looking)",
    r"don[’']t miss",
    r"limited time",
]


def test_pages_and_mails_are_calm() -> None:
    words = re.compile("|".join(SHOUTING), re.IGNORECASE)
    texts = [
        *_templates(),
        *TEMPLATES.rglob("*.txt"),
        *(ROOT / "static").rglob("*.js"),
        *(ROOT / "static").rglob("*.css"),
    ]
    assert [f"{_name(path)}: {found[0]}" for path in texts if (found := words.search(path.read_text()))] == []


def test_nothing_is_ticked_before_the_shopper_ticks_it() -> None:
    """A checkbox may only repeat what the shopper said: `checked` stands inside an `if`, never bare."""
    boxes = re.compile(
        r"<input\b(?=[^>]*type=[\"']?checkbox)(?P<tag>(?:\{%.*?%\}|[^>])*)>", re.IGNORECASE | re.DOTALL
    )
    conditional = re.compile(r"\{%\s*if\b.*?\{%\s*endif\s*%\}", re.DOTALL)
    ticked = [
        _name(path)
        for path in _storefront_templates()
        for box in boxes.finditer(_without_comments(path))
        if re.search(r"\bchecked\b", conditional.sub("", box["tag"]))
    ]
    assert ticked == []
