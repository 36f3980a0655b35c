"""The card a link to a product unfolds into: poster type on paper, and the product's picture."""

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

CARD_SIZE = (1200, 630)
PAPER, INK, SIGNAL, GREY = "#f3ede1", "#16120f", "#c8190a", "#5c5349"
MARGIN = 56
#: The words' column; the picture takes the rest, as high as the card.
COLUMN = CARD_SIZE[0] - CARD_SIZE[1] - 2 * MARGIN
#: Poster type is drawn wide and pressed together to this part of its width.
CONDENSED = 0.74
TITLE_SIZES = range(132, 43, -8)
TITLE_HEIGHT = 350


def card(picture: Image.Image, *, title: str, garment: str, shop_name: str) -> Image.Image:
    """An RGB picture of CARD_SIZE; `picture` is cut to a square, long words are set smaller or cut short."""
    sheet = Image.new("RGB", CARD_SIZE, PAPER)
    side = CARD_SIZE[1]
    sheet.paste(_square(picture, side), (CARD_SIZE[0] - side, 0))
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((MARGIN, MARGIN, MARGIN + COLUMN - 1, MARGIN + 11), fill=INK)
    below = _set_title(sheet, title.upper())
    _set_line(sheet, _fitted(garment.upper(), 46), (MARGIN, below + 14), 46, SIGNAL)
    _set_line(sheet, _fitted(shop_name, 34), (MARGIN, CARD_SIZE[1] - MARGIN - 34), 34, GREY)
    return sheet


def _square(picture: Image.Image, side: int) -> Image.Image:
    least = min(picture.size)
    left, top = (picture.width - least) // 2, (picture.height - least) // 2
    cut = picture.convert("RGB").crop((left, top, left + least, top + least))
    return cut.resize((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _set_title(sheet: Image.Image, title: str) -> int:
    """Set the title as large as its column takes it; return where it ends."""
    size, lines = _title_lines(title)
    step = round(size * 0.88)
    for number, line in enumerate(lines):
        _set_line(sheet, line, (MARGIN - 2, MARGIN + 42 + number * step), size, INK)
    return MARGIN + 42 + len(lines) * step


def _title_lines(title: str) -> tuple[int, list[str]]:
    for size in TITLE_SIZES:
        lines = _wrapped(title, size)
        if len(lines) * size * 0.88 <= TITLE_HEIGHT and all(_width(line, size) <= COLUMN for line in lines):
            return size, lines
    room = int(TITLE_HEIGHT // (size * 0.88))
    return size, [_fitted(line, size) for line in lines[:room]]


def _wrapped(words: str, size: int) -> list[str]:
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if _width(longer, size) <= COLUMN or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _fitted(line: str, size: int) -> str:
    """The line, cut short where it would leave its column."""
    return next(cut for cut in _cuts(line) if not cut or _width(cut, size) <= COLUMN)


def _cuts(line: str) -> Iterator[str]:
    yield line
    for length in range(len(line) - 1, 0, -1):
        yield f"{line[:length].rstrip()}…"
    yield ""


def _width(line: str, size: int) -> float:
    return _font(size).getlength(line) * CONDENSED


def _set_line(sheet: Image.Image, line: str, corner: tuple[int, int], size: int, ink: str) -> None:
    """Set one line of condensed capitals with its upper left corner here; an empty one sets nothing."""
    if not line:
        return
    page = Image.new("L", (round(_font(size).getlength(line)) + size, size * 2), 0)
    ImageDraw.Draw(page).text((0, size), line, font=_font(size), fill=255, anchor="lm")
    width = max(1, round(page.width * CONDENSED))
    pressed = page.resize((width, page.height), Image.Resampling.LANCZOS)
    sheet.paste(ink, (corner[0], corner[1] - size // 2), pressed)


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    with files("font_source_sans_pro").joinpath("files", "SourceSansPro-Black.ttf").open("rb") as source:
        return ImageFont.truetype(BytesIO(source.read()), size, layout_engine=ImageFont.Layout.BASIC)
