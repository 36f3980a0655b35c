"""A contact sheet of every blank in every sample colour: `python -m catalogue.mockups --out FILE.png`."""

import argparse
from pathlib import Path

from PIL import Image, ImageDraw

from . import BLANKS, render

COLOURS = ("#f4f1ea", "#1c1b1a", "#c8321f", "#55633f", "#2f4a68")


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


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m catalogue.mockups", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="where to write the picture")
    parser.add_argument("--size", type=int, default=480, help="pixels per mockup (480)")
    options = parser.parse_args()
    contact_sheet(options.size).save(options.out)


if __name__ == "__main__":
    main()
