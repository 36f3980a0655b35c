"""Rules for parameters: from decoded text and its path to the value, or Stripe's 400."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from .errors import ApiError, invalid, not_supported

Rule = Callable[[Any, str], Any]

EMAIL = re.compile(
    r"[^@\s\x00-\x1f]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}\Z"
)
MAX_METADATA_KEYS, MAX_METADATA_KEY, MAX_METADATA_VALUE = 50, 40, 500
MAX_AMOUNT = 99_999_999


def _string(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise invalid("Invalid string: {}".format("array" if isinstance(value, list) else "object"), path)
    if value == "":
        raise invalid(
            f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a "
            "parameter; "
            f"however '{path}' cannot be unset. You should remove '{path}' from your request or supply a "
            "non-empty "
            "value.",
            path,
            "parameter_invalid_empty",
        )
    return value


def text(most: int = 5000) -> Rule:
    """Accept a non-empty text of at most `most` characters."""

    def rule(value: Any, path: str) -> str:
        found = _string(value, path)
        if len(found) > most:
            raise invalid(f"Invalid string: {found[:32]}…; must be at most {most} characters", path)
        return found

    return rule


def integer(least: int | None = None, most: int | None = None) -> Rule:
    """Accept a whole number written in digits, within its bounds."""

    def rule(value: Any, path: str) -> int:
        found = _string(value, path)
        if not re.fullmatch(r"-?[0-9]{1,18}", found):
            raise invalid(f"Invalid integer: {found}", path, "parameter_invalid_integer")
        number = int(found)
        if least is not None and number < least:
            message = f"This value must be greater than or equal to {least}."
            raise invalid(message, path, "parameter_invalid_integer")
        if most is not None and number > most:
            raise invalid(
                f"This value must be less than or equal to {most}.", path, "parameter_invalid_integer"
            )
        return number

    return rule


def boolean(value: Any, path: str) -> bool:
    """Accept `true` or `false`."""
    found = _string(value, path)
    if found not in ("true", "false"):
        raise invalid(f"Invalid boolean: {found}", path)
    return found == "true"


def choice(*options: str) -> Rule:
    """Accept one of `options`."""

    def rule(value: Any, path: str) -> str:
        found = _string(value, path)
        if found not in options:
            listed = ", ".join(options[:-1]) + (f", or {options[-1]}" if len(options) > 1 else options[-1])
            raise invalid(f"Invalid {path}: must be one of {listed}", path)
        return found

    return rule


def email(value: Any, path: str) -> str:
    """Accept an e-mail address of at most 800 characters."""
    found = _string(value, path)
    if len(found) > 800 or not EMAIL.match(found):
        raise invalid(f"Invalid email address: {found}", path, "email_invalid")
    return found


def url(value: Any, path: str) -> str:
    """Accept an absolute http(s) address."""
    found = _string(value, path)
    try:
        parts = urlsplit(found)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or len(found) > 5000:
        raise invalid("Not a valid URL", path, "url_invalid")
    return found


def sequence(rule: Rule, most: int | None = None) -> Rule:
    """Accept a list of at most `most` items."""

    def check(value: Any, path: str) -> list[Any]:
        if not isinstance(value, list):
            raise invalid("Invalid array", path)
        if most is not None and len(value) > most:
            raise invalid(f"Array {path} exceeded maximum {most} allowed elements.", path)
        return [rule(item, f"{path}[{number}]") for number, item in enumerate(value)]

    return check


def fields(required: tuple[str, ...] = (), **rules: Rule) -> Rule:
    """Accept a structure with these names and no others."""

    def check(value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise invalid("Invalid object", path)
        return _structure(value, path, rules, required)

    return check


def parameters(
    given: dict[str, Any], rules: dict[str, Rule], required: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return a request's parameters, converted; raise the 400 of the first that is wrong."""
    return _structure(given, "", rules, required)


def _structure(
    value: dict[str, Any], path: str, rules: dict[str, Rule], required: tuple[str, ...]
) -> dict[str, Any]:
    def inside(name: str) -> str:
        return f"{path}[{name}]" if path else name

    unknown = [inside(name) for name in value if name not in rules]
    if unknown:
        raise _unknown(unknown)
    for name in required:
        if name not in value:
            raise missing(inside(name))
    return {name: rules[name](item, inside(name)) for name, item in value.items()}


def _unknown(names: list[str]) -> ApiError:
    plural = "s" if len(names) > 1 else ""
    return invalid(f"Received unknown parameter{plural}: {', '.join(names)}", names[0], "parameter_unknown")


def missing(name: str) -> ApiError:
    """Return the 400 of a parameter that must be there."""
    return invalid(f"Missing required param: {name}.", name, "parameter_missing")


def metadata(value: Any, path: str) -> dict[str, str]:
    """Accept at most 50 pairs of text; an empty text unsets all or one."""
    if value == "":
        return {}
    if isinstance(value, list):
        value = {str(number): item for number, item in enumerate(value)}
    if not isinstance(value, dict):
        raise invalid("Invalid object", path)
    if len(value) > MAX_METADATA_KEYS:
        raise invalid(f"You can have at most {MAX_METADATA_KEYS} keys in {path}.", path)
    return {key: _metadata_value(key, item, path) for key, item in value.items()}


def _metadata_value(key: str, value: Any, path: str) -> str:
    if len(key) > MAX_METADATA_KEY:
        raise invalid(f"Metadata keys can be at most {MAX_METADATA_KEY} characters; {key!r} is longer.", path)
    if not isinstance(value, str):
        raise invalid(f"Metadata values must be strings; {key!r} is not.", f"{path}[{key}]")
    if len(value) > MAX_METADATA_VALUE:
        message = f"Metadata values can have up to {MAX_METADATA_VALUE} characters; {key!r} has {len(value)}."
        raise invalid(message, f"{path}[{key}]")
    return value


def merged_metadata(old: dict[str, str], new: dict[str, str]) -> dict[str, str]:
    """Return `old` updated by `new`, where an empty text removes a key."""
    return {key: value for key, value in {**old, **new}.items() if value != ""}


def unsupported(_value: Any, path: str) -> Any:
    """Refuse, plainly, a parameter that Stripe has and this stand-in has not."""
    raise not_supported(f"the parameter {path}", path)


TIMESTAMP = integer(0)
EXPAND = sequence(text(), 100)


def created_range(value: Any, path: str) -> dict[str, int]:
    """Accept `created=n` or `created[gt|gte|lt|lte]=n`; return the bounds."""
    if isinstance(value, str):
        moment = TIMESTAMP(value, path)
        return {"gte": moment, "lte": moment}
    bounds: dict[str, int] = fields(gt=TIMESTAMP, gte=TIMESTAMP, lt=TIMESTAMP, lte=TIMESTAMP)(value, path)
    return bounds
