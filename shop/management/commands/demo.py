import os
import signal
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from shop.demo import processes, staff
from shop.demo.sample import load_sample

WORKERS, THREADS = 2, 4
API_KEY = "sk_test_demo"
WEBHOOK_SECRET = "whsec_demo"  # noqa: S105  (shared with the fake Stripe on this machine only)


class Command(BaseCommand):
    help = "Serve the store with sample data, its worker and a local stand-in for Stripe, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="of the store (8000)")
        parser.add_argument("--fake-stripe-port", type=int, default=12111, help="of the stand-in (12111)")
        parser.add_argument(
            "--no-worker", action="store_true", help="send no mail and settle nothing by itself"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        port, stripe_port = (
            options["port"],
            None if settings.STRIPE_SECRET_KEY else options["fake_stripe_port"],
        )
        _check_ports(port, stripe_port)
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            self._prepare()
            self._serve(port, stripe_port, with_worker=not options["no_worker"])
        except KeyboardInterrupt:
            self.stdout.write("\nThe demo has ended.")
        except processes.ChildEnded as ended:
            raise CommandError(f"The demo has ended: {ended}.") from ended

    def _prepare(self) -> None:
        self._say("Preparing the database …")
        call_command("migrate", interactive=False, verbosity=0)
        self._say("Collecting static files …")
        call_command("collectstatic", interactive=False, verbosity=0)
        self._say("Loading the sample catalogue (the first time draws its pictures, which takes a minute) …")
        load_sample(say=self._say)
        self.has_staff = staff.write_first_staff_user()

    def _serve(self, port: int, stripe_port: int | None, *, with_worker: bool) -> None:
        exports = _exports(port, stripe_port)
        environment = os.environ | exports
        with processes.Household(settings.BASE_DIR, environment) as household:
            if stripe_port is not None:
                household.start("fake Stripe", *_fake_stripe(port, stripe_port))
                household.wait_for(stripe_port)
            if with_worker:
                household.start("worker", "manage.py", "worker")
            household.start("web server", *_web_server(port))
            household.guard()
            household.wait_for(port)
            self._announce(port, exports)
            household.watch()

    def _announce(self, port: int, exports: dict[str, str]) -> None:
        self._say("")
        for name, value in exports.items():
            self._say(f"export {name}={value}")
        self._say(f"\nThe store:  http://localhost:{port}/")
        self._say(f"The office: http://localhost:{port}/admin/" + self._log_in())
        self._say("Ctrl-C ends it.")

    def _log_in(self) -> str:
        return (
            f"  ({staff.EMAIL}, password {staff.PASSWORD})" if self.has_staff else "  (your own staff user)"
        )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _check_ports(port: int, stripe_port: int | None) -> None:
    """Raise CommandError in one line when the ports cannot be used; nothing has been started by then."""
    wanted = {"--port": port} | ({} if stripe_port is None else {"--fake-stripe-port": stripe_port})
    for option, number in wanted.items():
        if not 0 < number < 65536:
            raise CommandError(f"{option} takes a number from 1 to 65535, not {number}.")
        if not processes.is_free(number):
            raise CommandError(f"Port {number} is taken: choose another with {option}.")
    if port == stripe_port:
        raise CommandError("--port and --fake-stripe-port must differ.")


def _exports(port: int, stripe_port: int | None) -> dict[str, str]:
    """Return what the children (and a second terminal) need in their environment."""
    exports = {"SITE_URL": f"http://localhost:{port}", "WEB_THREADS": str(THREADS)}
    if stripe_port is None:
        return exports if settings.SITE_URL == "http://localhost:8000" else {}
    return exports | {
        "STRIPE_SECRET_KEY": API_KEY,
        "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "STRIPE_API_BASE": f"http://{processes.HOST}:{stripe_port}",
    }


def _fake_stripe(port: int, stripe_port: int) -> list[str]:
    webhook = f"http://{processes.HOST}:{port}/webhooks/stripe/"
    return [
        *("-m", "shop.fake_stripe", "--port", str(stripe_port)),
        *("--webhook-url", webhook, "--webhook-secret", WEBHOOK_SECRET),
    ]


def _web_server(port: int) -> list[str]:
    return [
        *("-m", "gunicorn", "shop.wsgi", "--bind", f"{processes.HOST}:{port}"),
        *("--workers", str(WORKERS), "--threads", str(THREADS), "--log-level", "warning"),
    ]


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
