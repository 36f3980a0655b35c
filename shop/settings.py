"""Every setting of the store, read from the environment (and `.env`); runs with nothing set.

Importing this never refuses: what must not run together is said by the system checks in `shop/checks.py`.
"""

from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from shop.backoffice.look import unfold
from shop.environment import Variables, pages_cache, secret_key, use_bundled_sqlite

use_bundled_sqlite()

from oscar.defaults import *  # noqa: E402,F403

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = Variables()
#: What is wrong with the environment, in a sentence each: a system check tells them.
ENVIRONMENT_PROBLEMS = env.problems
env.read_env(BASE_DIR / ".env")

# --- Who we are ---------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SITE_URL = env.origin("SITE_URL", default="http://localhost:8000")
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
IS_HTTPS = SITE_URL.startswith("https://")
SHOP_NAME = env.str("SHOP_NAME", default="Red Revolution Media")
SECRET_KEY = env.str("SECRET_KEY", default="") or secret_key(VAR_DIR)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or [SITE_HOST, "localhost", "127.0.0.1", "[::1]"]
TRUSTED_PROXIES = env.whole("TRUSTED_PROXIES", default=0)
SITE_ID = 1

# --- Rooms --------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "shop.apps.ShopConfig",
    "shop.users.apps.UsersConfig",
    "shop.freshness.apps.FreshnessConfig",
    "shop.emails.apps.EmailsConfig",
    "shop.limits.apps.LimitsConfig",
    "shop.pages.apps.PagesConfig",
    "shop.stock.apps.StockConfig",
    "shop.articles.apps.ArticlesConfig",
    "shop.payments.apps.PaymentsConfig",
    "shop.donations.apps.DonationsConfig",
    "shop.studio.apps.StudioConfig",
    "shop.storefront.apps.StorefrontConfig",
    "shop.backoffice.apps.BackofficeConfig",
    "shop.worker.apps.WorkerConfig",
    "shop.demo.apps.DemoConfig",
    "unfold",
    "unfold.contrib.forms",
    "django.forms",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.flatpages",
    "csp",
    "modelsearch",
    "oscar.config.Shop",
    "oscar.apps.analytics.apps.AnalyticsConfig",
    "shop.checkout.apps.CheckoutConfig",
    "oscar.apps.address.apps.AddressConfig",
    "shop.shipping.apps.ShippingConfig",
    "catalogue.apps.CatalogueConfig",
    "shop.reviews.apps.ReviewsConfig",
    "oscar.apps.communication.apps.CommunicationConfig",
    "shop.partner.apps.PartnerConfig",
    "shop.basket.apps.BasketConfig",
    "oscar.apps.payment.apps.PaymentConfig",
    "oscar.apps.offer.apps.OfferConfig",
    "shop.order.apps.OrderConfig",
    "shop.customer.apps.CustomerConfig",
    "shop.search.apps.SearchConfig",
    "oscar.apps.voucher.apps.VoucherConfig",
    "oscar.apps.wishlists.apps.WishlistsConfig",
    "oscar.apps.dashboard.apps.DashboardConfig",
    "oscar.apps.dashboard.reports.apps.ReportsDashboardConfig",
    "oscar.apps.dashboard.users.apps.UsersDashboardConfig",
    "oscar.apps.dashboard.orders.apps.OrdersDashboardConfig",
    "oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig",
    "oscar.apps.dashboard.offers.apps.OffersDashboardConfig",
    "oscar.apps.dashboard.partners.apps.PartnersDashboardConfig",
    "oscar.apps.dashboard.pages.apps.PagesDashboardConfig",
    "oscar.apps.dashboard.ranges.apps.RangesDashboardConfig",
    "oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig",
    "oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig",
    "oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig",
    "oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig",
    "widget_tweaks",
    "treebeard",
    "django_tables2",
]
# Set before the first migration and never changed: Oscar's own migrations read it.
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "users.User"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "shop.language.LanguageOfAddress",
    "shop.storefront.kept.KeptPages",
    "shop.storefront.middleware.SecurityHeaders",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shop.basket.middleware.BasketMiddleware",
    "shop.storefront.public.PublicPages",
    "shop.storefront.middleware.NoNulInAddress",
    "shop.storefront.errors.NotAllowedPage",
]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "shop.storefront.context.site",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "shop.templatetags.shop"],
        },
    },
]

# --- Data ---------------------------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", default="sqlite:///var/store.sqlite3")}
_database = DATABASES["default"]
_database["ATOMIC_REQUESTS"] = False
_database["CONN_MAX_AGE"] = 60
if _database["ENGINE"].endswith("sqlite3"):
    if not str(_database["NAME"]).startswith(":memory:"):
        _database["NAME"] = str(BASE_DIR / _database["NAME"])
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;",
    }
else:
    INSTALLED_APPS.append("django.contrib.postgres")
    _database["CONN_HEALTH_CHECKS"] = True
    _database.setdefault("OPTIONS", {})["options"] = (
        "-c lock_timeout=5s -c statement_timeout=15s -c idle_in_transaction_session_timeout=15s"
    )
_engine = "sqlite" if _database["ENGINE"].endswith("sqlite3") else "postgres"
MODELSEARCH_BACKENDS = {
    "default": env.search("SEARCH_URL")
    or {"BACKEND": f"shop.search.backends.{_engine}", "SEARCH_CONFIG": "simple"}
}
CACHES = {"default": env.caching("CACHE_URL", default="locmemcache://")}
# Rendered pages lie apart, so that they never push out a counter of a rate limit.
CACHES["pages"] = pages_cache(CACHES["default"])

# --- Files --------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
with suppress(OSError):  # WhiteNoise warns about a folder that `collectstatic` has not made yet
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "shop.staticfiles.MountedFiles",
]
WHITENOISE_USE_FINDERS = True
MEDIA_URL = env.folder("MEDIA_URL_BASE", default="/media/")
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {
        "BACKEND": env.str("MEDIA_STORAGE", default="django.core.files.storage.FileSystemStorage"),
    },
    "staticfiles": {"BACKEND": "shop.staticfiles.HashedStaticFiles"},
}
FILE_UPLOAD_PERMISSIONS = 0o644
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# --- Language, money, time ----------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
#: English has no prefix in addresses, every other language its own (`/fr/…`).
LANGUAGES = [("en-gb", "English"), ("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "shop" / "locale"]
TIME_ZONE = "Europe/London"
FORMAT_MODULE_PATH = ["shop.formats"]
USE_I18N = True
USE_TZ = True
#: The currencies the store can be run in, each with the least that Stripe takes.
STRIPE_MINIMUM = {"GBP": Decimal("0.30"), "EUR": Decimal("0.50"), "USD": Decimal("0.50")}
DEFAULT_CURRENCY = env.choice("DEFAULT_CURRENCY", STRIPE_MINIMUM, default="GBP")

# --- Mail ---------------------------------------------------------------------------------------
vars().update(env.mail("EMAIL_URL", default="filemail:///var/mail"))
EMAIL_TIMEOUT = 10
if EMAIL_BACKEND.endswith("filebased.EmailBackend"):  # noqa: F405  (read from EMAIL_URL)
    EMAIL_FILE_PATH = str(BASE_DIR / EMAIL_FILE_PATH)  # noqa: F405  (filemail:////tmp/mail is absolute)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{SHOP_NAME} <shop@{SITE_HOST}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
STAFF_EMAIL = env.str("STAFF_EMAIL", default="")

# --- The publication ------------------------------------------------------------------------------
#: Sites whose pages may show `/embed/` in a frame.
EMBED_PARENTS = env.origins("EMBED_PARENTS")

# --- Stripe -------------------------------------------------------------------------------------
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="")
STRIPE_WEBHOOK_SECRETS = [s.strip() for s in env.list("STRIPE_WEBHOOK_SECRET", default=[]) if s.strip()]
STRIPE_API_BASE = env.origin("STRIPE_API_BASE", default="")
STRIPE_LIVEMODE = STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))
#: Threads of one web process, as gunicorn is started; half of them may wait for Stripe.
WEB_THREADS = env.whole("WEB_THREADS", default=4, least=1)

# --- Donations ------------------------------------------------------------------------------------
#: What the page suggests, and what it takes; the least is what a card tester would have to give.
DONATION_AMOUNTS = (Decimal(5), Decimal(10), Decimal(25), Decimal(50))
LEAST_DONATION, MOST_DONATION = Decimal("0.50"), Decimal(5000)

# --- Limits (holding stock is free, so it is bounded) --------------------------------------------
MAX_OF_ONE_VARIANT = 10
MAX_PIECES_IN_AN_ORDER = 20
MAX_OPEN_PAYMENTS_PER_ADDRESS = 3
MAX_PAYS_PER_HOUR_PER_ADDRESS = 10
MAX_WRONG_CODES_PER_ADDRESS = 10
WRONG_CODES_MINUTES = 10
HOLD_MINUTES = 45

# --- Safety -------------------------------------------------------------------------------------
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "shop.storefront.errors.csrf_failure"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^webhooks/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 63_072_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Oscar's own answers faster when there is no such account, so that accounts could be found out.
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
LOGIN_URL = "/admin/login/"
_media_origin = [MEDIA_URL.split("/", 3)[0] + "//" + urlsplit(MEDIA_URL).netloc] if "//" in MEDIA_URL else []
# Chromium applies form-action to redirects too, so the origins of Stripe's pages belong in it.
STRIPE_PAGES = (
    [STRIPE_API_BASE] if STRIPE_API_BASE else ["https://checkout.stripe.com", "https://billing.stripe.com"]
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, *_media_origin],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *STRIPE_PAGES],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

# --- Oscar --------------------------------------------------------------------------------------
OSCAR_SHOP_NAME = SHOP_NAME
OSCAR_DEFAULT_CURRENCY = DEFAULT_CURRENCY
OSCAR_OFFERS_INCL_TAX = True
OSCAR_ALLOW_ANON_CHECKOUT = True
OSCAR_EAGER_ALERTS = False
OSCAR_SAVE_SENT_EMAILS_TO_DB = False
OSCAR_INITIAL_ORDER_STATUS = "pending_payment"
OSCAR_SLUG_ALLOW_UNICODE = False
OSCAR_THUMBNAILER = "oscar.core.thumbnails.SorlThumbnail"
OSCAR_USE_LESS = False
# Pictures are named by their content and shared, so a row that goes takes no file with it.
OSCAR_DELETE_IMAGE_FILES = False
# Oscar's search modules import haystack even though nothing here uses it.
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"

# --- Back office ----------------------------------------------------------------------------------
UNFOLD = unfold(SHOP_NAME)
# Own widgets have their templates in templates/, like all others.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Logs: no personal data, and never Stripe's own debug output ----------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "shop": {"level": "INFO"},
        "stripe": {"level": "WARNING"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
