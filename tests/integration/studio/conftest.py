"""An artwork, a garment or two, and a browser of somebody who may make ranges."""

import io
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image, ImageDraw

from catalogue.models import Design, Garment
from shop.studio import pictures, services
from shop.studio.drawing import desk
from shop.studio.models import RangeDraft
from shop.studio.services import Chosen
from shop.users.models import User
from tests.factories import a_design, a_garment, a_staff_user


def an_artwork(size: tuple[int, int] = (600, 800)) -> ContentFile:
    """Return a red disc on transparent ground."""
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((4, 4, size[0] - 5, size[1] - 5), fill="#b3202a")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return ContentFile(file.getvalue(), "disc.png")


@pytest.fixture
def small_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw the smallest mockups there are: the tests look at rows, not at cloth."""
    monkeypatch.setattr(pictures, "SIZE", 320)
    monkeypatch.setattr(services, "SIZE", 320)


@pytest.fixture(autouse=True)
def _no_processes_left(small_pictures: None) -> Iterator[None]:
    yield
    desk.clear()


@pytest.fixture
def design(db: None) -> Design:
    return a_design("Read Slowly", code="SNAIL", artwork=an_artwork())


@pytest.fixture
def shirt(db: None) -> Garment:
    return a_garment("tshirt", name="T-shirt", sizes=("S", "M"), colours=("white", "black"))


@pytest.fixture
def person(db: None) -> User:
    return a_staff_user()


@pytest.fixture
def staff(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


def a_draft(
    design: Design, garment: Garment, by: User, *, price: str = "25.00", pieces: int = 4
) -> RangeDraft:
    """Return an unsaved draft of everything the garment has."""
    from decimal import Decimal

    chosen = Chosen(garment, list(garment.colours.all()), list(garment.sizes.all()), Decimal(price))
    return services.make_draft(design=design, chosen=[chosen], pieces=pieces, by=by)


def finished(draft: RangeDraft, rounds: int = 60) -> RangeDraft:
    """Let the worker go on until the draft is done or stopped."""
    for _round in range(rounds):
        services.work()
        draft.refresh_from_db()
        if draft.state != RangeDraft.State.DRAWING:
            return draft
    raise AssertionError(f"not finished: {draft.pictures}")


def permitted(*names: str) -> Client:
    """Return a browser of a staff user who has just these permissions."""
    user = User.objects.create_user(f"helper{User.objects.count()}@example.org", "a long test password")
    User.objects.filter(pk=user.pk).update(is_staff=True)
    for name in names:
        app, codename = name.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    client = Client()
    client.force_login(user)
    return client
