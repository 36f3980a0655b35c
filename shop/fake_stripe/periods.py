"""The calendar of a subscription: a month after 31 January is the end of February, then 31 March."""

import calendar
from datetime import UTC, datetime, timedelta


def nth_period_start(anchor: int, interval: str, interval_count: int, number: int) -> int:
    """Return when period `number` begins (0 is the first, at `anchor`), in seconds since 1970, UTC."""
    steps, start = interval_count * number, datetime.fromtimestamp(anchor, UTC)
    if interval in ("day", "week"):
        return int((start + timedelta(days=steps * (7 if interval == "week" else 1))).timestamp())
    months = start.month - 1 + steps * (12 if interval == "year" else 1)
    year, month = start.year + months // 12, months % 12 + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return int(start.replace(year=year, month=month, day=day).timestamp())
