"""Errors in Stripe's shape."""

from typing import Any

DOC_URL = "https://docs.stripe.com/error-codes#"


class ApiError(Exception):
    """An answer other than 200; `stored` says whether an idempotency key keeps it."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        stored: bool = True,
    ) -> None:
        super().__init__(message)
        self.message, self.status, self.kind = message, status, kind
        self.code, self.param, self.stored = code, param, stored

    def body(self) -> dict[str, Any]:
        """Return the JSON body Stripe would send."""
        error: dict[str, Any] = {"message": self.message, "type": self.kind}
        if self.code:
            error |= {"code": self.code, "doc_url": DOC_URL + self.code.replace("_", "-")}
        if self.param:
            error["param"] = self.param
        return {"error": error}


class BadRequest(Exception):
    """A control request makes no sense; the text says why."""


def invalid(message: str, param: str | None = None, code: str | None = None) -> ApiError:
    """Return the 400 of a wrong parameter."""
    return ApiError(message, param=param, code=code)


def missing_object(kind: str, object_id: str, param: str = "id", status: int = 404) -> ApiError:
    """Return Stripe's answer for an id it does not know (404, or 400 when it was given as a parameter)."""
    return ApiError(f"No such {kind}: '{object_id}'", status=status, code="resource_missing", param=param)


def not_supported(what: str, param: str | None = None) -> ApiError:
    """Return the refusal of something Stripe has and this stand-in has not."""
    return ApiError(f"This local stand-in for Stripe does not support {what}.", param=param)
