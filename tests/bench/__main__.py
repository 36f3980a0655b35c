"""What was measured here and now: `make bench`, `make bench ARGS="--products 100 --seconds 5"`.

Prints the speed of pages beside a stock Oscar and a bare Django view on the same products (`web`), Lighthouse's
marks of the sample store (`lighthouse`), buying while others browse (`crowd`), figures of one thing each (`figures`),
and what a range costs and shoppers notice of it (`studio`).
"""

import argparse
import os
import sys
import traceback

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.bench.crowd import crowd  # noqa: E402
from tests.bench.figures import figures  # noqa: E402
from tests.bench.lighthouse import lighthouse  # noqa: E402
from tests.bench.studio import main as studio  # noqa: E402
from tests.bench.web import DATABASES, SHOPS, table  # noqa: E402


def _web(options: argparse.Namespace) -> None:
    for products in options.products:
        table(products, options.databases, options.shops, options.seconds)


PARTS = {
    "web": _web,
    "lighthouse": lambda options: lighthouse(),
    "crowd": lambda options: crowd(tuple(options.databases)),
    "figures": lambda options: figures(),
    "studio": lambda options: studio(),
}


def main() -> None:
    options = _options()
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", flush=True)
    failed = [part for part in options.parts if not _done(part, options)]
    print(f"load after: {os.getloadavg()[0]:.1f}")
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


def _done(part: str, options: argparse.Namespace) -> bool:
    """Measure a part; when it fails the others are still measured."""
    try:
        PARTS[part](options)
    except Exception:
        traceback.print_exc()
        return False
    return True


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
