"""Over a hundred hostile and odd files: each is refused or made harmless, in words, with little memory."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.databases import ROOT
from tests.hostile import Hostile, files

PEAK_MB = 300


@pytest.fixture(scope="module")
def hostile() -> list[Hostile]:
    return files()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def outcome(hostile: list[Hostile], folder: Path) -> dict[str, Any]:
    """Upload all of them in a process of its own."""
    for number, file in enumerate(hostile):
        (folder / str(number)).write_bytes(file.content)
    (folder / "list.json").write_text(json.dumps([(file.name, file.type) for file in hostile]))
    command = [sys.executable, "-m", "tests.hostile_child", str(folder), str(folder / "media")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    answers: dict[str, Any] = json.loads(done.stdout)
    return answers


def test_there_are_more_than_a_hundred_different_files(hostile: list[Hostile]) -> None:
    assert len({file.content for file in hostile}) == len(hostile) > 150


def test_every_file_gets_its_answer(hostile: list[Hostile], outcome: dict[str, Any]) -> None:
    wrong = [
        (file.name, answer)
        for file, answer in zip(hostile, outcome["answers"], strict=True)
        if not _is_answered(file, answer)
    ]
    assert wrong == []


def _is_answered(file: Hostile, answer: dict[str, Any]) -> bool:
    if file.refused:
        return file.refused in answer.get("refused", "")
    notes = answer.get("notes", ["refused"])
    return len(notes) == len(file.notes) and all(
        words in note for words, note in zip(file.notes, notes, strict=True)
    )


def test_the_memory_stays_below_300_mb(outcome: dict[str, Any]) -> None:
    assert outcome["peak_mb"] < PEAK_MB


def test_nothing_is_written_but_pictures_in_the_media_folder(outcome: dict[str, Any], folder: Path) -> None:
    media = folder / "media"
    kept = {str(media / answer["kept"]) for answer in outcome["answers"] if "kept" in answer}
    assert {path for path in outcome["written"] if Path(path) not in (media, media / "artwork")} == kept
    assert {str(path) for path in media.rglob("*.*")} == kept


def test_what_is_kept_is_nothing_but_a_plain_picture(outcome: dict[str, Any], folder: Path) -> None:
    for answer in outcome["answers"]:
        if "kept" in answer:
            path = folder / "media" / answer["kept"]
            assert not [
                word for word in (b"script", b"<?php", b"evil", b"PK\x03\x04") if word in path.read_bytes()
            ]
            with Image.open(path) as picture:
                assert picture.format == {".png": "PNG", ".jpg": "JPEG"}[path.suffix]
                assert picture.mode in ("RGB", "RGBA")
                assert not {"icc_profile", "exif", "comment"} & picture.info.keys()
