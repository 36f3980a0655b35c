from datetime import UTC, datetime

from django.utils.formats import localize
from django.utils.timezone import localtime


def test_times_are_written_with_24_hours_everywhere():
    assert localize(localtime(datetime(2026, 11, 21, 20, 4, tzinfo=UTC))) == "21 Nov 2026, 20:04"
    assert localize(datetime(2026, 11, 21, 8, 0, tzinfo=UTC).time()) == "08:00"
