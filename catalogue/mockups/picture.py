"""Maps, cloth and print put together."""

from collections.abc import Callable
from functools import lru_cache

from PIL import Image

from . import cushion, tshirt, tshirt_back, tshirt_folded
from .blanks import BLANKS
from .cloth import dyed, edge_light, parsed, set_floor
from .maps import Maps, lit_edge, plus
from .printing import printed

DRAWN_BY: dict[str, Callable[[int], Maps]] = {
    "tshirt": tshirt.maps,
    "tshirt-back": tshirt_back.maps,
    "tshirt-folded": tshirt_folded.maps,
    "cushion": cushion.maps,
    "cushion-angle": cushion.angle_maps,
}


def render(*, blank: str, colour: str, artwork: Image.Image | None, size: int = 1200) -> Image.Image:
    """The product picture, RGB, `size` pixels square. The same input gives the same bytes.

    The first picture of a blank and size in a process also makes its maps; later ones cost a fraction.
    KeyError for an unknown blank, ValueError for a colour that is not one.
    """
    maps, floor = _prepared(blank, size)
    dye = parsed(colour)
    shade = plus(maps.shade, lit_edge(maps.mask, maps.lift * edge_light(dye)))
    cloth = dyed(shade, dye)
    if artwork is not None:
        cloth = printed(cloth, artwork, BLANKS[blank], maps)
    return Image.composite(cloth, floor, maps.mask)


@lru_cache(maxsize=10)
def _prepared(blank: str, size: int) -> tuple[Maps, Image.Image]:
    maps = DRAWN_BY[blank](size)
    return maps, set_floor(size, maps.shadow, maps.horizon)


def forget_maps() -> None:
    """Make the next picture of each blank pay for its maps again."""
    for made in (_prepared, tshirt.body_relief, tshirt_folded.relief, cushion.relief):
        made.cache_clear()
