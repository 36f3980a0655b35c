"""The tables public pages read: a write to one of them is a new catalogue version (`shop.freshness`).

A test asks every public page which tables it reads, so none can be missing here.
"""

from shop.freshness.triggers import Watched
from shop.storefront.picking import LOW

#: What pages say of a size: sold out, how many are left, or that there are enough.
_SHOWN_STOCK = (
    f"CASE WHEN {{row}}.num_in_stock - {{row}}.num_allocated > {LOW} THEN {LOW + 1} "
    "ELSE {row}.num_in_stock - {row}.num_allocated END"
)

WATCHED = (
    Watched("catalogue.Category"),
    Watched("catalogue.Colour"),
    Watched("catalogue.Design"),
    Watched("catalogue.Design_themes"),
    Watched("catalogue.Garment"),
    Watched("catalogue.GarmentSize"),
    Watched("catalogue.Product"),
    Watched("catalogue.ProductImage"),
    # A sale counts only when it changes what a page says of the size.
    Watched("partner.StockRecord", ("{row}.product_id", "{row}.partner_sku", "{row}.price", _SHOWN_STOCK)),
    Watched("partner.PriceChange"),
    Watched("partner.PaymentFee"),
    Watched("partner.PieceCost"),
    Watched("reviews.ProductReview"),
    Watched("articles.Article"),
    Watched("articles.ArticleDesign"),
    # The engine's rows and the words for spelling are only written with an entry.
    Watched("search.Entry"),
    Watched("pages.PageText"),
    Watched("shipping.Zone"),
    Watched("shipping.Destination"),
    Watched("shipping.DeliveryMethod"),
    Watched("shipping.Dispatch"),
    Watched("shipping.Holiday"),
)
