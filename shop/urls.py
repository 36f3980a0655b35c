"""Every address of the store; each room brings its own, this puts them together."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path

from shop.backoffice.site import site
from shop.basket.urls import urlpatterns as basket_forms
from shop.checkout.delivery import delivery
from shop.customer import urls as customer
from shop.donations.urls import urlpatterns as donations
from shop.storefront import files, orders
from shop.storefront import urls as storefront
from shop.storefront.donate import donate

basket_urlpatterns = [
    path("", storefront.basket_page, name="summary"),
    path("delivery/", delivery, name="delivery"),
    *basket_forms,
]
order_urlpatterns = [
    path("find/", orders.find, name="find"),
    path("<str:number>/", orders.detail, name="detail"),
    path("<str:number>/keep/", orders.keep, name="keep"),
    path("<str:number>/again/", orders.again, name="again"),
]
donation_urlpatterns = [path("", donate, name="page"), *donations]

# What people read is found in every language; the back office and what machines call have one address.
urlpatterns = [
    *storefront.machine_urlpatterns,
    path("admin/", site.urls),
    path("", include("shop.payments.urls")),
    path("", include("shop.worker.urls")),
    *i18n_patterns(
        *storefront.public_urlpatterns,
        path("catalogue/", include((storefront.catalogue_urlpatterns, "catalogue"))),
        path("search/", include((storefront.search_urlpatterns, "search"))),
        path("stories/", include((storefront.stories_urlpatterns, "stories"))),
        path("basket/", include((basket_urlpatterns, "basket"))),
        path("checkout/", include("shop.checkout.urls")),
        path("alerts/", include((customer.alert_urlpatterns, "alerts"))),
        path("wishlist/", include((customer.wishlist_urlpatterns, "wishlist"))),
        path("orders/", include((order_urlpatterns, "orders"))),
        path("donate/", include((donation_urlpatterns, "donations"))),
        path("reviews/", include("shop.reviews.urls")),
        path("account/", include((customer.account_urlpatterns, "account"))),
        prefix_default_language=False,
    ),
]
if settings.MEDIA_URL.startswith("/"):
    prefix = settings.MEDIA_URL.strip("/")
    urlpatterns.append(re_path(rf"^{prefix}/(?P<path>.+)$", files.media, name="media"))

handler400 = "shop.storefront.errors.bad_request"
handler403 = "shop.storefront.errors.forbidden"
handler404 = "shop.storefront.errors.not_found"
handler500 = "shop.storefront.errors.server_error"
