"""Where pictures wait until their range is written: a folder a draft, nothing of which any page shows."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from django.core.files.storage import default_storage

from catalogue.pictures import FORMATS, WIDTHS, Encoded, rendition_name, store

FINAL = "products"


def folder(draft_id: int) -> str:
    """Return the name of a draft's folder."""
    return f"studio/{draft_id}"


def keep(picture: Encoded) -> str:
    """Keep a drawn picture with its renditions and return its staged name."""
    return store(picture)


def publish(staged: Iterable[str]) -> dict[str, str]:
    """Copy staged pictures to where pages look for them; return the final names by the staged ones.

    Names come from the content, so a picture that is there already is left alone, and repeating is safe.
    """
    return {name: _publish(name) for name in staged}


def _publish(name: str) -> str:
    final = _final(name)
    if not default_storage.exists(final):
        renditions = [rendition_name(name, width, format) for width in WIDTHS for format in FORMATS]
        files = {_final(source): _read(source) for source in renditions if default_storage.exists(source)}
        store(Encoded(final, files | {final: _read(name)}))
    return final


def _final(name: str) -> str:
    return f"{FINAL}/{PurePosixPath(name).name}"


def _read(name: str) -> bytes:
    with default_storage.open(name) as file:
        return bytes(file.read())


def clear(draft_id: int) -> None:
    """Empty a draft's folder and take it away."""
    name = folder(draft_id)
    if default_storage.exists(name):
        for file in default_storage.listdir(name)[1]:
            default_storage.delete(f"{name}/{file}")
        default_storage.delete(name)
