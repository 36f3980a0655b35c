"""Decode what Stripe's clients send: `a[b][0][c]=v` and `a[]=v` into dicts and lists of strings."""

import re
from typing import Any
from urllib.parse import parse_qsl

from .errors import ApiError, invalid

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)\Z")
_INDEX = re.compile(r"[0-9]{1,6}\Z")
_MAX_DEPTH = 8
_MAX_PAIRS = 5000


def decode(text: str) -> dict[str, Any]:
    """Return the nested parameters of a query string or form body; raise a 400 for what cannot be one."""
    root: dict[str, Any] = {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_PAIRS)
    except ValueError as error:
        raise invalid("The request's parameters could not be decoded.") from error
    for name, value in pairs:
        _insert(root, _path(name), value)
    return {key: _lists(value) for key, value in root.items()}


def _path(name: str) -> list[str]:
    match = _NAME.match(name)
    if match is None:
        raise invalid(f"Invalid parameter name: {name}", name)
    path = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
    if len(path) > _MAX_DEPTH:
        raise invalid(f"The parameter {name} is nested too deeply.", name)
    return path


def _insert(root: dict[str, Any], path: list[str], value: str) -> None:
    node = root
    for here in path[:-1]:
        node = node.setdefault(here if here else str(len(node)), {})
        if not isinstance(node, dict):
            raise _conflict(path)
    last = path[-1] or str(len(node))
    if isinstance(node.get(last), dict):
        raise _conflict(path)
    node[last] = value


def _conflict(path: list[str]) -> ApiError:
    return invalid(f"The parameter {path[0]} was sent both as a value and as a structure.", path[0])


def _lists(value: Any) -> Any:
    """Turn structures whose keys are all numbers into lists, in the order of the numbers."""
    if not isinstance(value, dict):
        return value
    if value and all(_INDEX.match(key) for key in value):
        return [_lists(value[key]) for key in sorted(value, key=int)]
    return {key: _lists(item) for key, item in value.items()}
