import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _read_by_settings() -> set[str]:
    source = (ROOT / "shop" / "settings.py").read_text()
    return set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', source))


def _documented() -> set[str]:
    return set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def test_the_example_names_every_variable_the_settings_read_and_no_other():
    assert _documented() == _read_by_settings()
