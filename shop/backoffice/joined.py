"""Pages to which two rooms add: put together here, because siblings know nothing of each other."""

from shop.customer.admin_demand import DemandProductAdmin, DemandStockAdmin
from shop.studio.admin_printing import PrintOfVariant, PrintsOfProduct


class ProductAdmin(PrintsOfProduct, DemandProductAdmin):
    """A product's page, with its print files and what of it to print again."""


class StockRecordAdmin(PrintOfVariant, DemandStockAdmin):
    """The stock list and a variant's page, with its print file and the page of what to print again."""
