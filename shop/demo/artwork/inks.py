"""The inks: one set for light cloth and one for dark."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Inks:
    """`main` carries the drawing; `pen` marks it up; the others are the same hues, lighter on dark cloth."""

    main: str
    red: str
    gold: str
    blue: str
    green: str
    pink: str
    pen: str


LIGHT = Inks("#1f1d1b", "#cf3a24", "#e3a52b", "#2f5377", "#55693f", "#e99c86", "#cf3a24")
DARK = Inks("#f5eddc", "#f27a5c", "#f2bb45", "#8fbcd6", "#adc088", "#f8cdbd", "#f2bb45")


def inks(*, dark: bool) -> Inks:
    return DARK if dark else LIGHT
