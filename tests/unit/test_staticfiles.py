"""Static files have hashed names once they are collected; those of the release before stay for a day."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.utils import timezone
from whitenoise import WhiteNoise

from shop.staticfiles import KEPT, LEFT, HashedStaticFiles, bundled


def collect(folder: Path, text: str) -> HashedStaticFiles:
    """Collect one stylesheet, as a release does in a process of its own."""
    storage = HashedStaticFiles(location=folder, base_url="/static/")
    storage.delete("look.css")
    storage.save("look.css", ContentFile(text.encode()))
    list(storage.post_process({"look.css": (storage, "look.css")}))
    return storage


@pytest.fixture
def collected(tmp_path):
    return collect(tmp_path, "a { color: red }" + " " * 500)


def file_of(storage: HashedStaticFiles) -> Path:
    return Path(storage.path(storage.stored_name("look.css")))


def a_day_passes(folder: Path) -> None:
    left = json.loads((folder / LEFT).read_text())
    long_ago = (timezone.now() - KEPT - timedelta(minutes=1)).isoformat()
    (folder / LEFT).write_text(json.dumps(dict.fromkeys(left, long_ago)))


def test_a_collected_file_has_its_hash_in_its_name(collected):
    assert collected.url("look.css").startswith("/static/look.")
    assert collected.url("look.css") != "/static/look.css"


def test_a_file_that_came_after_collecting_is_served_by_its_plain_name(collected):
    assert collected.url("new.css") == "/static/new.css"


def test_an_address_follows_the_file_when_it_is_collected_again(collected, tmp_path):
    before = collected.url("look.css")
    collected.delete("look.css")
    collected.save("look.css", ContentFile(b"a { color: blue }"))
    list(collected.post_process({"look.css": (collected, "look.css")}))
    assert collected.url("look.css") != before


def test_the_file_of_the_release_before_is_served_for_a_day(collected, tmp_path):
    old = file_of(collected)
    new = file_of(collect(tmp_path, "a { color: blue }"))
    served = WhiteNoise(None, root=tmp_path, prefix="/static/").files
    assert {f"/static/{old.name}", f"/static/{new.name}"} <= served.keys()
    assert list(json.loads((tmp_path / LEFT).read_text())) == [old.name]
    collect(tmp_path, "a { color: blue }")
    assert old.exists()


def test_after_a_day_it_goes_with_what_was_compressed(collected, tmp_path):
    old = file_of(collected)
    collect(tmp_path, "a { color: blue }")
    assert {path.name for path in tmp_path.glob(f"{old.name}*")} == {
        old.name, f"{old.name}.gz", f"{old.name}.br"
    }  # fmt: skip
    a_day_passes(tmp_path)
    new = file_of(collect(tmp_path, "a { color: blue }"))
    assert list(tmp_path.glob(f"{old.name}*")) == []
    assert new.exists()
    assert json.loads((tmp_path / LEFT).read_text()) == {}


def test_a_file_that_came_back_stays(collected, tmp_path):
    old = file_of(collected)
    collect(tmp_path, "a { color: blue }")
    a_day_passes(tmp_path)
    assert file_of(collect(tmp_path, "a { color: red }" + " " * 500)) == old
    assert old.exists()


def test_files_of_pages_nobody_can_open_are_not_collected():
    found = {path.split("/")[0] for finder in finders.get_finders() for path, _ in finder.list([])}
    assert {"admin", "unfold", "css", "js"} <= found
    assert found & {"oscar", "django_tables2", "treebeard"} == set()


def sources(tmp_path: Path, **texts: str) -> FileSystemStorage:
    for name, text in texts.items():
        path = tmp_path / "sources" / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return FileSystemStorage(tmp_path / "sources")


def test_a_stylesheet_holds_those_it_imports_in_their_order(tmp_path):
    found = bundled(
        sources(
            tmp_path,
            css__shop_css='/* All. */\n@import "a.css";\n@import "b.css";\n\np { top: 0 }\n',
            css__a_css="a { color: red }\n",
            css__b_css='@import "c.css";\nb { color: red }\n',
            css__c_css="i { color: red }\n",
        ),
        "css/shop.css",
    )
    assert found == (
        "/* All. */\na { color: red }\ni { color: red }\nb { color: red }\n\np { top: 0 }\n"
    )  # fmt: skip


def test_a_script_keeps_its_names_to_itself(tmp_path):
    found = bundled(
        sources(tmp_path, js__shop_js='import "./a.js";\n', js__a_js="const MOST = 4;\n"), "js/shop.js"
    )
    assert found == "{\nconst MOST = 4;\n}\n"


def collected_bundle(folder: Path, name: str, **texts: str) -> tuple[str, str]:
    """Collect one bundle and return its name and its text."""
    files = sources(folder, **texts)
    storage = HashedStaticFiles(location=folder / "collected", base_url="/static/")
    found = {str(path.relative_to(folder / "sources")) for path in (folder / "sources").rglob("*.*")}
    for each in found:
        with files.open(each) as file:
            storage.save(each, file)
    list(storage.post_process({each: (files, each) for each in found}))
    stored = storage.stored_name(name)
    return stored, Path(storage.path(stored)).read_text()


def test_a_collected_bundle_is_one_file_with_the_hash_of_all(tmp_path):
    texts = {colour: f"a {{ color: {colour} }}\n" for colour in ("red", "blue")}
    red, blue = (
        collected_bundle(
            tmp_path / colour, "css/shop.css", css__shop_css='@import "a.css";\n', css__a_css=texts[colour]
        )
        for colour in texts
    )
    assert (red[1], blue[1]) == ("a{color: red}", "a{color: blue}")
    assert red[0] != blue[0]


def test_a_collected_stylesheet_is_without_what_only_people_read(tmp_path):
    written = """/* Look. */
@layer a, b;

@media (min-width: 30rem) and (min-height: 20rem) {
  .a > .b, .c + .d { margin: calc(1rem + 2px) 0; /* why */ content: "; /* {"; }
}
"""
    assert collected_bundle(tmp_path, "css/shop.css", css__shop_css=written)[1] == (
        "@layer a,b;@media (min-width: 30rem) and (min-height: 20rem){"
        '.a > .b,.c + .d{margin: calc(1rem + 2px) 0;content: "; /* {";}}'
    )


def test_a_collected_script_keeps_its_lines(tmp_path):
    written = """// What it does.
class A {
  // Why.
  at = "https://example.org"

  go() {
    return this.at // here
  }
}
"""
    assert collected_bundle(tmp_path, "js/shop.js", js__shop_js=written)[1] == (
        'class A {\nat = "https://example.org"\ngo() {\nreturn this.at // here\n}\n}\n'
    )
