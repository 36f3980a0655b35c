"""Static files have their hashed names once they are collected, and their plain ones before."""

import pytest
from django.core.files.base import ContentFile

from shop.staticfiles import HashedStaticFiles


@pytest.fixture
def collected(tmp_path):
    """A folder into which one stylesheet has been collected."""
    storage = HashedStaticFiles(location=tmp_path, base_url="/static/")
    storage.save("old.css", ContentFile(b"a { color: red }"))
    list(storage.post_process({"old.css": (storage, "old.css")}))
    return storage


def test_a_collected_file_has_its_hash_in_its_name(collected):
    assert collected.url("old.css").startswith("/static/old.")
    assert collected.url("old.css") != "/static/old.css"


def test_a_file_that_came_after_collecting_is_served_by_its_plain_name(collected):
    assert collected.url("new.css") == "/static/new.css"
