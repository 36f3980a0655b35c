"""Look at the mockups: `python -m catalogue.mockups --out FILE.png`, or `--time` for what one costs.

The contact sheet has a row for every blank and a column for every sample colour.
"""

import argparse
import time
from pathlib import Path

from PIL import Image, ImageDraw

from . import BLANKS, render, renditions
from .picture import forget_maps

COLOURS = ("#f4f1ea", "#1c1b1a", "#c8321f", "#55633f", "#2f4a68")
#: Pixels of the widest rendition, at which a picture's time is taken.
FULL = 1600


def test_artwork() -> Image.Image:
    """Stripes and a disc: straight lines show the folds, the edges show the ink."""
    art = Image.new("RGBA", (900, 900), (0, 0, 0, 0))
    draw = ImageDraw.Draw(art)
    for left in range(0, 900, 120):
        draw.rectangle((left, 0, left + 59, 899), fill="#e3a52b")
    draw.ellipse((250, 250, 649, 649), fill="#8fbcd6")
    return art


def contact_sheet(size: int) -> Image.Image:
    sheet = Image.new("RGB", (size * len(COLOURS), size * len(BLANKS)))
    for row, blank in enumerate(BLANKS):
        for column, colour in enumerate(COLOURS):
            picture = render(blank=blank, colour=colour, artwork=test_artwork(), size=size)
            sheet.paste(picture, (column * size, row * size))
    return sheet


def seconds(blank: str) -> float:
    """CPU seconds of one mockup with all its renditions in a process that has drawn none before."""
    artwork = test_artwork()
    forget_maps()
    started = time.process_time()
    list(renditions(render(blank=blank, colour=COLOURS[-1], artwork=artwork, size=FULL)))
    return time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m catalogue.mockups", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--out", type=Path, help="write the contact sheet here")
    what.add_argument("--time", action="store_true", help="print the CPU seconds of one mockup of each blank")
    parser.add_argument("--size", type=int, default=480, help="pixels per mockup on the sheet (480)")
    options = parser.parse_args()
    if options.out:
        contact_sheet(options.size).save(options.out)
    else:
        for blank in BLANKS:
            print(f"{blank}: {seconds(blank):.2f} s of CPU, {FULL} px and all renditions")


if __name__ == "__main__":
    main()
