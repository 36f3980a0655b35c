"""Check requests and answers against stripe-python's own types.

The library's annotations are walked beside the value: `*Params` for what is sent, resource classes for what
comes back. Open enums (`Literal[…] | str`) are closed, unknown names are refused, and in answers every field
that is not Optional must be there. On the wire all request values are text, so text that reads as the type
passes.

`check_request` and `check_response` return messages, an empty list for what is right; `assert_conforms` takes
the log of `fake_stripe` (`GET /_control/log`).
"""

import ast
import importlib
import inspect
import re
import sys
import types
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import (
    Any,
    ForwardRef,
    Literal,
    NotRequired,
    Required,
    TypeVar,
    Union,
    get_args,
    get_origin,
)

import stripe
from stripe._list_object import ListObject
from stripe._object_classes import get_object_class
from stripe._request_options import RequestOptions
from stripe._stripe_object import StripeObject, UntypedStripeObject
from typing_extensions import is_typeddict  # the library's own kind; typing's does not know it on 3.11

from tests.stripe_endpoints import PARAMS

_OPTIONS = frozenset(RequestOptions.__annotations__)
_ERROR_TYPES = ("api_error", "card_error", "idempotency_error", "invalid_request_error")


def check_request(method: str, path: str, params: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a request's parameters, as text or as Python values."""
    for known_method, pattern, name in PARAMS:
        if method == known_method and re.fullmatch(pattern, path):
            module, _, class_name = f"stripe.params.{name}".rpartition(".")
            hint = getattr(importlib.import_module(module), class_name)
            return _Walk(wire=True).check(dict(params), hint, hint, "params")
    return [f"{method} {path}: no known endpoint"]


def check_response(answer: Any) -> list[str]:
    """Return what is wrong with an answer: an object, a list, an error, or an event with what it is about."""
    if not isinstance(answer, dict):
        return [f"not an object: {answer!r}"]
    if "error" in answer:
        return _check_error(answer["error"])
    if answer.get("deleted"):
        return (
            [] if set(answer) == {"id", "object", "deleted"} else [f"not a deleted object: {sorted(answer)}"]
        )
    if answer.get("object") == "list":
        return _check_list(answer)
    return _check_object(answer)


def assert_conforms(log: Mapping[str, Any]) -> None:
    """Fail, naming each difference, unless all accepted requests, answers and events fit the types.

    Values that the control API was asked for on purpose (`deviations`, as an unknown status) are let pass.
    """
    found: list[str] = []
    for seen in log["requests"]:
        name = f"{seen['method']} {seen['path']}"
        if seen["status"] == 200:
            found += [
                f"{name} sent {text}" for text in check_request(seen["method"], seen["path"], seen["params"])
            ]
        if seen["status"]:
            found += [f"{name} answered {text}" for text in check_response(seen["answer"])]
    for event in log["events"]:
        found += [f"{event.get('type')}: {text}" for text in check_response(event)]
    allowed = tuple(f"{value!r} is not allowed" for value in log.get("deviations", ()))
    found = [text for text in found if not text.endswith(allowed or ("\0",))]
    assert not found, "\n".join(found)


def _check_error(error: Any) -> list[str]:
    if not isinstance(error, dict) or error.get("type") not in _ERROR_TYPES:
        return [f"not an error: {error!r}"]
    allowed = {"type", "code", "decline_code", "message", "param", "doc_url", "request_log_url", "charge"}
    wrong = [f"error.{name}: unknown" for name in set(error) - allowed]
    return wrong + [f"error.{name}: not text" for name, value in error.items() if not isinstance(value, str)]


def _check_list(answer: Mapping[str, Any]) -> list[str]:
    shape = {"object": str, "url": str, "has_more": bool, "data": list}
    if set(answer) != set(shape) or not all(isinstance(answer[name], kind) for name, kind in shape.items()):
        return [f"not a list: {sorted(answer)}"]
    return [f"data[{n}].{text}" for n, item in enumerate(answer["data"]) for text in check_response(item)]


def _check_object(answer: dict[str, Any]) -> list[str]:
    hint = get_object_class("V1", str(answer.get("object")))
    if hint is StripeObject:
        return [f"object: {answer.get('object')!r} is no object of Stripe's"]
    wrong = _Walk(wire=False).check(answer, hint, hint, str(answer["object"]))
    if answer["object"] == "event" and isinstance(answer.get("data"), dict):
        wrong += [f"about {text}" for text in check_response(answer["data"].get("object"))]
    return wrong


class _Walk:
    """One walk over a value and its annotation; `home` is the class whose module names are looked up in."""

    def __init__(self, *, wire: bool) -> None:
        self._wire = wire

    def check(self, value: Any, hint: Any, home: type, path: str) -> list[str]:
        """Return what is wrong, each with its path."""
        hint = _resolve(hint, home)
        origin = get_origin(hint)
        if origin in (NotRequired, Required):
            return self.check(value, get_args(hint)[0], home, path)
        if origin in (Union, types.UnionType):
            return self._any_of(value, get_args(hint), home, path)
        if origin is Literal:
            return self._literal(value, get_args(hint), path)
        if origin is not None:
            return self._container(value, origin, get_args(hint), home, path)
        return self._named(value, hint, path)

    def _named(self, value: Any, hint: Any, path: str) -> list[str]:
        """Check against a class that has a name: a structure of parameters, an object, or a plain type."""
        if hint is Any or isinstance(hint, TypeVar):
            return []
        if is_typeddict(hint):
            return self._params(value, hint, path)
        if inspect.isclass(hint) and issubclass(hint, StripeObject):
            return self._object(value, hint, path)
        return self._plain(value, hint, path)

    def _any_of(self, value: Any, options: tuple[Any, ...], home: type, path: str) -> list[str]:
        hints = [_resolve(option, home) for option in options]
        if any(get_origin(hint) is Literal for hint in hints):
            hints = [hint for hint in hints if hint is not str]
        if value is None and type(None) in hints:
            return []
        results = [self.check(value, hint, home, path) for hint in hints if hint is not type(None)]
        return min(results, key=lambda wrong: (bool(wrong), bool(wrong) and wrong[0].startswith(f"{path}: ")))

    def _literal(self, value: Any, allowed: tuple[Any, ...], path: str) -> list[str]:
        if self._wire:
            allowed = tuple(str(item).lower() if isinstance(item, bool) else item for item in allowed)
        right = isinstance(value, str | bool) and value in allowed
        return [] if right else [f"{path}: {value!r} is not allowed"]

    def _container(self, value: Any, origin: Any, args: tuple[Any, ...], home: type, path: str) -> list[str]:
        if origin is ListObject:
            return self._list_object(value, args[0], home, path)
        items = self._items(value, origin, path)
        if items is None:
            return [f"{path}: {value!r} is not a {origin.__name__}"]
        return [text for place, item in items for text in self.check(item, args[-1], home, place)]

    def _items(self, value: Any, origin: Any, path: str) -> list[tuple[str, Any]] | None:
        """Return the parts of a list or structure with their paths, or None when it is neither."""
        if origin is list and isinstance(value, list):
            return [(f"{path}[{number}]", item) for number, item in enumerate(value)]
        if origin in (dict, UntypedStripeObject) and isinstance(value, dict):
            return [(f"{path}.{name}", item) for name, item in value.items()]
        unset = self._wire and origin is not list and value == ""
        return [] if unset else None

    def _list_object(self, value: Any, hint: Any, home: type, path: str) -> list[str]:
        if not isinstance(value, dict) or value.get("object") != "list":
            return [f"{path}: {value!r} is not a list object"]
        return [
            text
            for n, item in enumerate(value.get("data", []))
            for text in self.check(item, hint, home, f"{path}.data[{n}]")
        ]

    def _params(self, value: Any, hint: Any, path: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{path}: {value!r} is not a structure"]
        hints = {name: item for name, item in _all_annotations(hint).items() if name not in _OPTIONS}
        wrong = [f"{path}.{name}: unknown" for name in value if name not in hints]
        required = [name for name, item in hints.items() if get_origin(item) is not NotRequired]
        wrong += [f"{path}.{name}: missing" for name in required if name not in value]
        known = [(name, item) for name, item in value.items() if name in hints]
        return wrong + [
            text for name, item in known for text in self.check(item, hints[name], hint, f"{path}.{name}")
        ]

    def _object(self, value: Any, hint: Any, path: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{path}: {value!r} is not a structure"]
        if hint is stripe.Event.Data:
            return [
                f"{path}.{name}: unknown" for name in value if name not in ("object", "previous_attributes")
            ]
        if hint is UntypedStripeObject:
            return []
        hints = _object_annotations(hint)
        wrong = [f"{path}.{name}: unknown" for name in value if name not in hints]
        required = [name for name, item in hints.items() if not _optional(_resolve(item, hint))]
        wrong += [f"{path}.{name}: missing" for name in required if name not in value]
        known = [(name, item) for name, item in value.items() if name in hints]
        return wrong + [
            text for name, item in known for text in self.check(item, hints[name], hint, f"{path}.{name}")
        ]

    def _plain(self, value: Any, hint: Any, path: str) -> list[str]:
        right = self._reads_as(value, hint) if self._wire and isinstance(value, str) else _is(value, hint)
        return [] if right else [f"{path}: {value!r} is not {getattr(hint, '__name__', hint)}"]

    def _reads_as(self, value: str, hint: Any) -> bool:
        patterns = {int: r"-?[0-9]+", bool: "true|false", float: r"-?[0-9.]+", Decimal: r"-?[0-9.]+"}
        return hint is str or (hint in patterns and re.fullmatch(patterns[hint], value) is not None)


def _is(value: Any, hint: Any) -> bool:
    if hint is Decimal:
        return isinstance(value, str)
    if hint is float:
        hint = int | float
    return isinstance(value, hint) and (hint is bool or not isinstance(value, bool))


def _optional(hint: Any) -> bool:
    return get_origin(hint) in (Union, types.UnionType) and type(None) in get_args(hint)


def _resolve(hint: Any, home: type) -> Any:
    if isinstance(hint, ForwardRef):
        hint = hint.__forward_arg__
    if isinstance(hint, str):
        return _resolve(eval(hint, _names(home.__module__)), home)  # noqa: S307
    return hint


def _all_annotations(hint: Any) -> dict[str, Any]:
    return dict(hint.__annotations__)


def _object_annotations(hint: type) -> dict[str, Any]:
    return {
        name: item
        for name, item in hint.__annotations__.items()
        if "ClassVar" not in str(item) and not name.startswith("_")
    }


@cache
def _names(module_name: str) -> dict[str, Any]:
    """Return the names of a module, also those it imports for type checkers only."""
    module = sys.modules[module_name]
    names = {**vars(importlib.import_module("typing")), **vars(module)}
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("stripe"):
            for alias in node.names:
                name = alias.asname or alias.name
                if name not in names:
                    names[name] = getattr(importlib.import_module(node.module), alias.name, Any)
    return names
