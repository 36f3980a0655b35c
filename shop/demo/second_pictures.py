"""The sample products' second pictures: a shirt folded, a cushion from the side, each in its first colour."""

from collections.abc import Mapping

from catalogue.mockups import BLANKS
from catalogue.models import Colour, Design, Garment, Product, ProductImage
from shop.demo.artwork import ARTWORKS
from shop.demo.designs import alt_text
from shop.demo.drawing import SECOND, Drawn
from shop.studio.ranges import image_code

#: After the fronts, which lists and cards show.
ORDER = 100


def write_second_pictures(designs: Mapping[str, Design], drawn: Mapping[str, Drawn], size: int) -> None:
    """Give every sample product the second picture that it has not got; in the caller's transaction."""
    slugs = {design.pk: slug for slug, design in designs.items()}
    garments = {garment.pk: garment for garment in Garment.objects.all()}
    products = Product.objects.filter(structure=Product.PARENT, design__in=slugs, garment__in=garments)
    colours = {colour.code: colour for colour in Colour.objects.all()}
    wanted = [
        _image(
            product.pk,
            slugs[product.design_id],
            garments[product.garment_id],
            colours,
            drawn=drawn,
            size=size,
        )
        for product in products
        if garments[product.garment_id].blank in ARTWORKS[slugs[product.design_id]].garments
    ]
    codes = [image.code for image in wanted]
    known = set(ProductImage.objects.filter(code__in=codes).values_list("code", flat=True))
    ProductImage.objects.bulk_create(image for image in wanted if image.code not in known)


def _image(
    product_id: int,
    slug: str,
    garment: Garment,
    colours: Mapping[str, Colour],
    *,
    drawn: Mapping[str, Drawn],
    size: int,
) -> ProductImage:
    blank = BLANKS[SECOND[garment.blank]]
    colour = colours[ARTWORKS[slug].garments[garment.blank][0]]
    return ProductImage(
        product_id=product_id,
        colour=colour,
        code=image_code(product_id, colour, blank.name.removeprefix(f"{garment.blank}-")),
        original=drawn[slug].mockups[blank.name, colour.code],
        alt=alt_text(slug, garment, colour, blank.seen_as),
        width=size,
        height=size,
        display_order=ORDER,
        kind=ProductImage.Kind.MOCKUP,
    )
