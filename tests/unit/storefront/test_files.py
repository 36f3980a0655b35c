"""Which stored files everybody may have."""

from pathlib import Path

import pytest

from tests.settings import MEDIA_ROOT


@pytest.mark.parametrize("name", ["products/a.jpg", "cards/a.jpg", "stories/a.png"])
def test_pictures_of_products_stories_and_the_cards_of_links_are_served(client, name):
    file = Path(MEDIA_ROOT) / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"picture")
    response = client.get(f"/media/{name}")
    assert (response.status_code, b"".join(response.streaming_content)) == (200, b"picture")
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("name", ["artwork/a.png", "print/a.png", "secret.txt", "products/../artwork/a.png"])
def test_what_we_print_and_anything_else_is_not(client, name):
    (Path(MEDIA_ROOT) / "artwork").mkdir(parents=True, exist_ok=True)
    (Path(MEDIA_ROOT) / "artwork/a.png").write_bytes(b"ours")
    assert client.get(f"/media/{name}").status_code == 404
