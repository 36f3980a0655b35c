"""Blank + artwork -> product picture.

Plain Pillow: imports nothing of ours, knows no Django model. Garments are drawn by code, not photographed,
and every picture is the same bytes for the same input.
"""

from .blanks import BLANKS, GARMENTS, Blank, views_of
from .card import CARD_SIZE, card
from .picture import render
from .renditions import OPTIONS, WIDTHS, Rendition, renditions

__all__ = [
    "BLANKS",
    "CARD_SIZE",
    "GARMENTS",
    "OPTIONS",
    "WIDTHS",
    "Blank",
    "Rendition",
    "card",
    "render",
    "renditions",
    "views_of",
]
