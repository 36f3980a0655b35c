"""All checks, one after the other, with one summary: `python -m tests [phase …]`.

Each phase is a plain command, printed before it runs. A phase that fails does not stop the others.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests import browser

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTEST = ["pytest", "--no-header"]
QUICK = ["tests/unit", "tests/integration", "tests/test_architecture.py", "tests/test_forks.py", "-n", "2"]
ON_POSTGRES = {"TEST_DATABASE": "postgres"}


@dataclass(frozen=True)
class Check:
    """One command of a phase."""

    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)

    def run(self) -> bool:
        print(f"\n$ {self}", flush=True)
        command = [str(BIN / self.command[0]), *self.command[1:]]
        return (
            subprocess.run(command, cwd=ROOT, env=os.environ | self.environment, check=False).returncode == 0
        )

    def __str__(self) -> str:
        return " ".join([*(f"{name}={value}" for name, value in self.environment.items()), *self.command])


PHASES = {
    "lint": [
        Check(["ruff", "format", "--check", "--quiet", "."]),
        Check(["ruff", "check", "--quiet", "."]),
        Check(["mypy"]),
        Check(["djlint", "templates", "--lint", "--quiet"]),
        Check(
            ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
            {"SITE_URL": "https://store.example", "ALLOWED_HOSTS": "store.example"},
        ),
    ],
    "quick": [Check([*PYTEST, *QUICK])],
    "postgres": [Check([*PYTEST, *QUICK, "-m", "both"], ON_POSTGRES)],
    "races": [
        Check([*PYTEST, "tests/races"]),
        Check([*PYTEST, "tests/races", "-m", "both"], ON_POSTGRES),
    ],
    "e2e": [Check([*PYTEST, "tests/e2e"])],
}


def main(names: list[str]) -> int:
    """Run the named phases, or all; return 1 when a check failed."""
    unknown = [name for name in names if name not in PHASES]
    if unknown:
        print(f"no such phase: {', '.join(unknown)}; there are {', '.join(PHASES)}", file=sys.stderr)
        return 2
    if not names or "e2e" in names:
        browser.install()
    results = [_timed(name, check) for name in names or PHASES for check in PHASES[name]]
    print("\nphase      result     time  check")
    for name, check, passed, seconds in results:
        print(f"{name:10} {'passed' if passed else 'FAILED':8} {seconds:5.0f} s  {check}")
    return 0 if all(passed for _, _, passed, _ in results) else 1


def _timed(name: str, check: Check) -> tuple[str, Check, bool, float]:
    start = time.monotonic()
    return name, check, check.run(), time.monotonic() - start


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
