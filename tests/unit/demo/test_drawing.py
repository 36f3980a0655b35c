import io

from django.core.files.storage import default_storage
from PIL import Image

from catalogue.pictures import rendition_name, save_picture
from shop.demo.drawing import draw_designs
from shop.demo.stories import STORIES, draw_stories


def test_a_design_is_drawn_once_and_found_again(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    said: list[str] = []
    first = draw_designs(["corrections-welcome"], size=320, say=said.append)
    assert said == ["  pictures 1/1: Corrections Welcome"]
    assert draw_designs(["corrections-welcome"], size=320, say=said.append) == first
    assert len(said) == 1
    for name in first["corrections-welcome"].mockups.values():
        assert all(
            default_storage.exists(rendition_name(name, 320, ending)) for ending in ("avif", "webp", "jpg")
        )


def test_a_lost_file_is_drawn_again(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    first = draw_designs(["corrections-welcome"], size=320)
    lost = next(iter(first["corrections-welcome"].mockups.values()))
    default_storage.delete(lost)
    assert draw_designs(["corrections-welcome"], size=320) == first
    assert default_storage.exists(lost)


def test_the_same_picture_is_one_file_that_is_never_rewritten(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    picture = Image.new("RGB", (330, 330), "#c8321f")
    name = save_picture(picture)
    files = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")}
    assert save_picture(picture.copy()) == name
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")} == files
    assert len(files) == 4


def test_every_story_has_a_picture_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    names = draw_stories()
    assert len(set(names.values())) == len(STORIES) == 6
    with default_storage.open(next(iter(names.values()))) as file:
        assert Image.open(io.BytesIO(file.read())).size == (1200, 675)
