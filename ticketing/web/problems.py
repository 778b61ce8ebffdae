"""Errors as `application/problem+json` (RFC 9457) with a stable `type`."""

from typing import Any, ClassVar

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from ticketing.errors import DeskError

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
DETAILS_MAX = 5
"""Fields named in one answer; a body of nonsense would otherwise name hundreds."""

GENERIC_TYPES = {
    400: ("unreadable-body", "The request cannot be read"),
    401: ("wrong-token", "A token is missing or wrong"),
    404: ("not-found", "There is nothing here"),
    405: ("method-not-allowed", "That cannot be done here"),
    413: ("body-too-large", "The request's body is too large"),
}


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="Stable name of the problem, e.g. `text-too-long`.")
    title: str
    status: int
    detail: str | None = None


class NotReady(DeskError):
    """The desk cannot answer now; try again."""

    status: ClassVar[int] = 503
    type: ClassVar[str] = "not-ready"


def problem(
    status: int,
    kind: str,
    title: str,
    detail: str | None = None,
    *,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """Return one problem as a response."""
    body = Problem(type=kind, title=title, status=status, detail=detail)
    return JSONResponse(
        body.model_dump(exclude_none=True), status, headers=headers, media_type=MEDIA_TYPE
    )


def responses(*errors: type[DeskError]) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says of an endpoint that may raise these."""
    by_status: dict[int, list[type[DeskError]]] = {}
    for error in errors:
        by_status.setdefault(error.status, []).append(error)
    return {
        status: {
            "model": Problem,
            "content": {MEDIA_TYPE: {}},
            "description": "; ".join(f"`{one.type}`: {one.title}" for one in kinds),
        }
        for status, kinds in by_status.items()
    }


def of(error: DeskError) -> JSONResponse:
    """Return a typed error as a response."""
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return problem(error.status, error.type, error.title, error.detail, headers=headers)


def install(app: FastAPI) -> None:
    """Make every error of the app a problem."""
    app.add_exception_handler(DeskError, _desk_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


async def _desk_error(request: Request, error: Exception) -> JSONResponse:
    del request
    if not isinstance(error, DeskError):
        raise error
    return of(error)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    del request
    if not isinstance(error, RequestValidationError):
        raise error
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return problem(400, "broken-json", "The body is not JSON")
    # Places and reasons only: what was sent may be personal.
    said = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found[:DETAILS_MAX])
    return problem(422, "invalid-request", "The request has wrong fields", "; ".join(said))


async def _http(request: Request, error: Exception) -> JSONResponse:
    del request
    if not isinstance(error, HTTPException):
        raise error
    fallback = ("refused", "The request was refused")
    kind, title = GENERIC_TYPES.get(error.status_code, fallback)
    return problem(error.status_code, kind, title, headers=dict(error.headers or {}))


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("request_failed", path=request.url.path, exc_info=error)
    return problem(500, "unexpected", "The desk failed; it has been noted")
