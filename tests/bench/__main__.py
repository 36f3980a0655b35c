"""What was measured here and now: `make bench`, `make bench ARGS="--products 100 --seconds 5"`.

Prints the speed of pages beside a stock Oscar and a bare Django view on the same products (`web`), Lighthouse's
marks of the sample store (`lighthouse`), buying while others browse (`crowd`), figures of one thing each (`figures`),
and what a range costs and shoppers notice of it (`studio`).
"""

import argparse
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.bench.crowd import crowd  # noqa: E402
from tests.bench.figures import figures  # noqa: E402
from tests.bench.lighthouse import lighthouse  # noqa: E402
from tests.bench.studio import main as studio  # noqa: E402
from tests.bench.web import DATABASES, SHOPS, table  # noqa: E402

PARTS = ("web", "lighthouse", "crowd", "figures", "studio")


def main() -> None:
    options = _options()
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", flush=True)
    if "web" in options.parts:
        for products in options.products:
            table(products, options.databases, options.shops, options.seconds)
    if "lighthouse" in options.parts:
        lighthouse()
    if "crowd" in options.parts:
        crowd(tuple(options.databases))
    if "figures" in options.parts:
        figures()
    if "studio" in options.parts:
        studio()
    print(f"load after: {os.getloadavg()[0]:.1f}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--products", type=int, nargs="+", default=[100, 1000, 10_000])
    parser.add_argument("--seconds", type=float, default=2.0, help="of load for each cell of the table")
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=list(DATABASES))
    parser.add_argument("--shops", nargs="+", choices=SHOPS, default=list(SHOPS))
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    return parser.parse_args()


if __name__ == "__main__":
    main()
