"""Errors as problem+json (RFC 9457): what is wrong, where, and how to mend it."""

from collections.abc import Mapping
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from betimes.errors import BetimesError, Conflict, InvalidInput, ModelError, NotFound, StoreUnavailable

_log = structlog.get_logger()

_STATUS: Mapping[type[BetimesError], int] = {
    InvalidInput: 422,
    NotFound: 404,
    Conflict: 409,
    StoreUnavailable: 503,
    ModelError: 503,
}


def problem(status: int, title: str, detail: str, **more: object) -> JSONResponse:
    """A problem+json answer."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JSONResponse(body, status, media_type="application/problem+json")


def of(error: BetimesError) -> JSONResponse:
    """The answer that tells an error of ours."""
    status = next((s for kind, s in _STATUS.items() if isinstance(error, kind)), 500)
    return problem(status, type(error).__name__, str(error))


def install(app: FastAPI) -> None:
    """Makes every error of the app a problem+json answer."""

    @app.exception_handler(BetimesError)
    def ours(_: Request, error: BetimesError) -> JSONResponse:
        return of(error)

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        wrong = [{"where": ".".join(map(str, e["loc"])), "what": e["msg"]} for e in error.errors()]
        detail = "; ".join(f"{w['where']}: {w['what']}" for w in wrong[:5])
        return problem(422, "InvalidInput", detail, errors=wrong[:50])

    @app.exception_handler(HTTPException)
    def http(_: Request, error: HTTPException) -> JSONResponse:
        answer = problem(error.status_code, HTTPStatus(error.status_code).phrase, str(error.detail))
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(Exception)
    def unforeseen(request: Request, error: Exception) -> JSONResponse:
        _log.error("unforeseen", path=request.url.path, exc_info=error)
        return problem(500, "Internal Server Error", "something went wrong here; the log says what")
