"""The sample's pictures: drawn by two processes, stored once, and found again by what they were drawn from.

A recipe is the hash of the drawing code and of what is drawn; beside the pictures lies one small file a
recipe, which names them, so that a second load draws nothing.
"""

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image
from PIL import __version__ as pillow_version

import catalogue
from catalogue.mockups import GARMENTS, render
from catalogue.pictures import Encoded, encode, store
from shop.demo.artwork import ARTWORKS, CLOTH, PRINT_WIDTH, draw, needs_dark
from shop.studio.drawing import settle_in

PROCESSES = 2
#: Pixels of a mockup's side when none is asked for.
SIZE = 1200

Say = Callable[[str], None]


@dataclass(frozen=True)
class Drawn:
    """The stored pictures of one design: its prints, and its mockups by template and colour's code."""

    artwork: str
    artwork_dark: str
    mockups: Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class _Files:
    """What a drawing process hands back: prints as PNG, mockups as encoded pictures."""

    artwork: bytes
    artwork_dark: bytes
    mockups: Mapping[tuple[str, str], Encoded]


def draw_designs(slugs: Sequence[str], *, size: int = SIZE, say: Say = lambda line: None) -> dict[str, Drawn]:
    """Return the pictures of these designs, drawing those that are not stored yet; `say` tells progress."""
    found = {slug: drawn for slug in slugs if (drawn := _stored(slug, size))}
    missing = [(slug, size) for slug in slugs if slug not in found]
    for number, ((slug, _), files) in enumerate(_in_processes(draw_files, missing), start=1):
        found[slug] = _store(slug, size, files)
        say(f"  pictures {number}/{len(missing)}: {ARTWORKS[slug].title}")
    return {slug: found[slug] for slug in slugs}


def shared_pictures(*, size: int = SIZE) -> dict[tuple[str, str], str]:
    """Return a stored picture for each template and colour's code: the sample's, or plain ones instead."""
    sample = [_stored(slug, size) for slug in ARTWORKS]
    if not all(sample):
        return _draw_plain(size)
    return {key: name for drawn in sample if drawn for key, name in drawn.mockups.items()}


def _draw_plain(size: int) -> dict[tuple[str, str], str]:
    """Return the stored pictures of the unprinted garments, drawing those that are missing."""
    recipes = {
        (blank, colour, size): _note_name("plain", blank, colour, size)
        for blank in GARMENTS
        for colour in CLOTH
    }
    found = {
        job: name for job, note in recipes.items() if (name := _noted(note)) and default_storage.exists(name)
    }
    for job, picture in _in_processes(draw_blank, [job for job in recipes if job not in found]):
        found[job] = store(picture)
        _note(recipes[job], found[job])
    return {(blank, colour): found[blank, colour, size] for blank, colour, size in recipes}


def _in_processes(draw: Callable[..., Any], jobs: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Any, Any]]:
    """Yield each job (the arguments of `draw`) and its result, as they are ready."""
    if not jobs:
        return
    context = get_context("spawn")
    with ProcessPoolExecutor(min(PROCESSES, len(jobs)), context, initializer=settle_in) as pool:
        running = {pool.submit(draw, *job): job for job in jobs}
        try:
            for done in as_completed(running):
                yield running[done], done.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


#: The second picture of each garment's first colour.
SECOND = {"tshirt": "tshirt-folded", "cushion": "cushion-angle"}


def draw_files(slug: str, size: int) -> _Files:
    """Draw everything of one design; needs neither settings nor storage."""
    prints = {dark: draw(slug, dark=dark) for dark in (False, True)}
    mockups = {
        (blank, colour): encode(
            render(blank=blank, colour=CLOTH[colour], artwork=prints[needs_dark(colour)], size=size)
        )
        for blank, colour in combinations(slug)
    }
    return _Files(_png(prints[False]), _png(prints[True]), mockups)


def draw_blank(blank: str, colour: str, size: int) -> Encoded:
    """Draw one unprinted garment; needs neither settings nor storage."""
    return encode(render(blank=blank, colour=CLOTH[colour], artwork=None, size=size))


def combinations(slug: str) -> list[tuple[str, str]]:
    """Return the mockup templates and cloth colours a sample design is shown in: fronts, then second pictures."""
    garments = ARTWORKS[slug].garments
    fronts = [(blank, colour) for blank, colours in garments.items() for colour in colours]
    return fronts + [(SECOND[blank], colours[0]) for blank, colours in garments.items()]


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def _store(slug: str, size: int, files: _Files) -> Drawn:
    drawn = Drawn(
        store_file(f"artwork/{slug}", "png", files.artwork),
        store_file(f"artwork/{slug}-dark", "png", files.artwork_dark),
        {key: store(picture) for key, picture in files.mockups.items()},
    )
    mockups = [[blank, colour, name] for (blank, colour), name in drawn.mockups.items()]
    _note(
        _design_note(slug, size),
        {"artwork": drawn.artwork, "artwork_dark": drawn.artwork_dark, "mockups": mockups},
    )
    return drawn


def _stored(slug: str, size: int) -> Drawn | None:
    """Return what the recipe's note names, if all of it is still there."""
    note = _noted(_design_note(slug, size))
    if note is None:
        return None
    mockups = {(blank, colour): name for blank, colour, name in note["mockups"]}
    drawn = Drawn(note["artwork"], note["artwork_dark"], mockups)
    names = [drawn.artwork, drawn.artwork_dark, *mockups.values()]
    return drawn if all(map(default_storage.exists, names)) else None


def _design_note(slug: str, size: int) -> str:
    return _note_name(slug, size, PRINT_WIDTH, ARTWORKS[slug].garments, CLOTH)


def _note_name(*recipe: object) -> str:
    return f"sample/{hashlib.sha256(repr((_code(), recipe)).encode()).hexdigest()[:24]}.json"


def _note(name: str, content: object) -> None:
    default_storage.delete(name)
    default_storage.save(name, ContentFile(json.dumps(content).encode()))


def _noted(name: str) -> Any:
    """Return what was noted under the name, or None."""
    if not default_storage.exists(name):
        return None
    with default_storage.open(name) as file:
        return json.load(file)


def store_named(name: str, make: Callable[[], bytes]) -> str:
    """Store what `make` returns under the name, unless there is such a file; return the name."""
    return name if default_storage.exists(name) else default_storage.save(name, ContentFile(make()))


def store_file(stem: str, ending: str, data: bytes) -> str:
    """Store bytes under a name that ends in their hash, unless they are there; return the name."""
    return store_named(f"{stem}-{hashlib.sha256(data).hexdigest()[:16]}.{ending}", lambda: data)


@cache
def _code() -> str:
    """Return the hash of everything that decides how a picture looks."""
    here, rooms = Path(__file__).parent, Path(catalogue.__file__).parent
    sources = [*(here / "artwork").glob("*.py"), *(rooms / "mockups").glob("*.py"), rooms / "pictures.py"]
    digest = hashlib.sha256(pillow_version.encode())
    for source in sorted(sources):
        digest.update(source.read_bytes())
    return digest.hexdigest()
