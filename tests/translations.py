"""The words of the store and their translations; needs no gettext on the machine.

    python -m tests.translations    # write shop/locale/<language>/LC_MESSAGES/django.po and .mo anew

What shoppers read is translated; the back office, its steps and the commands speak English.
"""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

_HEADER = "# The store's words and their translations, written by `python -m tests.translations`."
#: The same words give the same bytes.
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
ROOT = Path(__file__).resolve().parent.parent
#: Functions whose first arguments are words: how many of them, and whether a context comes first.
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
#: What only staff, commands and tests read.
_STAFF = (
    "admin",
    "apps.py",
    "backoffice",
    "board.py",
    "buying.py",
    "checks.py",
    "demo",
    "environment.py",
    "fake_stripe",
    "management",
    "migrations",
    "models.py",
    "studio",
    "uploads.py",
    "worker",
)


def languages() -> list[str]:
    return [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def po_path(language: str) -> Path:
    return ROOT / "shop" / "locale" / language / "LC_MESSAGES" / "django.po"


def sources() -> Iterator[Path]:
    """Every file whose words shoppers may read, in a fixed order."""
    found = [
        *(ROOT / "templates").rglob("*"),
        *(ROOT / "shop").rglob("*.py"),
        *(ROOT / "catalogue").rglob("*.py"),
    ]
    for path in sorted(found):
        parts = path.relative_to(ROOT).parts
        if path.suffix in (".html", ".txt", ".py") and not any(part.startswith(_STAFF) for part in parts):
            yield path


def extracted() -> Catalog:
    """Return the store's words as they stand in the sources; a plural has both its forms."""
    words = Catalog(charset="utf-8")
    for path in sources():
        for _line, name, found, _comments in extract_python(_code(path), KEYWORDS, [], {}):
            _add(words, name, found, str(path.relative_to(ROOT)))
    return words


def _code(path: Path) -> io.BytesIO:
    """Return a file as Python; a template as the calls that Django makes of it, one below the other."""
    text = path.read_text()
    if path.suffix != ".py":
        text = "\n".join(line.strip() for line in templatize(text).splitlines())
    return io.BytesIO(text.encode())


def _add(words: Catalog, name: str, found: str | tuple[str, ...], place: str) -> None:
    """Add one call's words, unless they are not written out in the call."""
    texts: list[str | None] = [found] if isinstance(found, str) else [*found]
    context = texts.pop(0) if name.startswith(("p", "np")) else None
    texts = texts[: 2 if "ngettext" in name or name == "npgettext" else 1]
    if all(isinstance(text, str) and text for text in texts):
        words.add(tuple(texts) if len(texts) == 2 else texts[0], locations=[(place, None)], context=context)


def translated(language: str) -> Catalog:
    """Return the translations as they are kept; an empty catalogue for a new language."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def compiled(words: Catalog) -> bytes:
    """Return the bytes Django reads."""
    file = io.BytesIO()
    write_mo(file, words)
    return file.getvalue()


def renew(language: str) -> None:
    """Bring the language's words up to date and compile them; what is new is empty, what is gone is dropped."""
    words = translated(language)
    words.update(extracted(), no_fuzzy_matching=True)
    words.obsolete.clear()
    path = po_path(language)
    words.header_comment, words.project, words.version, words.fuzzy = _HEADER, "store", "1", False
    words.creation_date = words.revision_date = _NO_DATE
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, words, width=0, omit_header=False, sort_by_file=True, ignore_obsolete=True)
    path.with_suffix(".mo").write_bytes(compiled(words))
    missing = [message for message in words if message.id and not message.string]
    print(f"{language}: {len(words)} texts, {len(missing)} without a translation")


if __name__ == "__main__":
    import django

    django.setup()
    for code in languages():
        renew(code)
    sys.exit()
