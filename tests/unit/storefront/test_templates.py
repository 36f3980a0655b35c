"""Rules every template keeps: depth two, explicit components, nothing inline, nothing pushy."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "templates"
PAGES = [
    path
    for path in sorted(TEMPLATES.rglob("*.html"))
    if path.relative_to(TEMPLATES).parts[0] not in ("emails", "admin", "unfold")
]
COMPONENTS = [path for path in PAGES if path.parent.name == "components"]


def name_of(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


@pytest.mark.parametrize("path", COMPONENTS, ids=name_of)
def test_a_component_says_what_it_accepts(path):
    assert path.read_text().startswith("{# Accepts: ")


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_template_keeps_the_house_rules(path):
    text = path.read_text()
    assert all(parent == "base.html" for parent in re.findall(r'{% extends "([^"]+)"', text))
    assert all(tag.endswith("only %}") for tag in re.findall(r"{% include [^%]*%}", text))
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_nothing_hurries_or_ticks_for_the_shopper(path):
    text = path.read_text().lower()
    for words in ("countdown", "hurry", "last chance", "selling fast", "people are looking"):
        assert words not in text
    for box in re.findall(r"<input[^>]*checkbox.*?>", text):
        assert " checked" not in re.sub(r"{% if .*?{% endif %}", "", box)
