"""Maps, cloth and print put together."""

from collections.abc import Callable
from functools import lru_cache

from PIL import Image

from . import cushion, tshirt
from .blanks import BLANKS
from .cloth import dyed, parsed, set_floor
from .maps import Maps
from .printing import printed

DRAWN_BY: dict[str, Callable[[int], Maps]] = {"tshirt": tshirt.maps, "cushion": cushion.maps}


def render(*, blank: str, colour: str, artwork: Image.Image | None, size: int = 1200) -> Image.Image:
    """The product picture, RGB, `size` pixels square. The same input gives the same bytes.

    The first picture of a blank and size in a process also makes its maps; later ones cost a fraction.
    KeyError for an unknown blank, ValueError for a colour that is not one.
    """
    maps, floor = _prepared(blank, size)
    cloth = dyed(maps.shade, parsed(colour))
    if artwork is not None:
        cloth = printed(cloth, artwork, BLANKS[blank], maps)
    return Image.composite(cloth, floor, maps.mask)


@lru_cache(maxsize=8)
def _prepared(blank: str, size: int) -> tuple[Maps, Image.Image]:
    maps = DRAWN_BY[blank](size)
    return maps, set_floor(size, maps.shadow)
