"""`python -m shop.fake_stripe --port P [--state FILE] [--webhook-url URL --webhook-secret whsec_…]`."""

import argparse
import errno
import ipaddress
import signal
import sys
import threading
from pathlib import Path

from .server import FakeStripe
from .webhooks import STORE_EVENTS, register

DEFAULT_STATE = Path("var/fake_stripe.sqlite3")


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C; return 2 when the options are wrong or the port is taken."""
    options = _parser().parse_args(arguments)
    secrets = options.webhook_secret or []
    if not 0 <= options.port <= 65535:
        return _refuse(f"--port takes a number from 0 to 65535, not {options.port}")
    if len(secrets) not in (0, len(options.webhook_url or [])):
        return _refuse("give as many --webhook-secret as --webhook-url")
    if not _is_loopback(options.host):
        return _refuse(f"{options.host} is not a loopback address; this stand-in never listens elsewhere")
    try:
        server = FakeStripe(options.host, options.port, options.state)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        return _refuse(f"port {options.port} on {options.host} is {'taken' if taken else error.strerror}")
    _register(server, options.webhook_url or [], secrets, options.webhook_event or list(STORE_EVENTS))
    _serve(server)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m shop.fake_stripe", description="A local Stripe; no money moves."
    )
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--state", type=Path, default=DEFAULT_STATE, help="the file that survives restarts")
    parser.add_argument("--webhook-url", action="append", help="send events here; may be repeated")
    parser.add_argument(
        "--webhook-secret", action="append", help="sign them with this; one for each --webhook-url"
    )
    parser.add_argument("--webhook-event", action="append", help="what to send; default: what a store needs")
    return parser


def _register(server: FakeStripe, urls: list[str], secrets: list[str], wanted: list[str]) -> None:
    with server.store.transaction():
        for number, url in enumerate(urls):
            register(server.store, url, secrets[number] if secrets else None, wanted)


def _serve(server: FakeStripe) -> None:
    def stop(_signal: int, _frame: object) -> None:
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"fake_stripe listens on {server.store.base_url} (no money moves)", flush=True)
    server.run()


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refuse(reason: str) -> int:
    print(f"fake_stripe: {reason}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
