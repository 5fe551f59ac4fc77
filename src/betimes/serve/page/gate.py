"""Who may see the page where the service has a token: whoever gave it once in this browser."""

import hmac
from hashlib import sha256
from typing import Annotated

from fastapi import FastAPI, Form, Request
from fastapi.responses import RedirectResponse
from nicegui import ui

from betimes.domain.names import Locale
from betimes.serve.page.frame import ROOT
from betimes.serve.page.tags import Tag
from betimes.serve.page.words import word

_COOKIE = "betimes-page"
_SIGN_IN = "/sign-in"
_DAY = 24 * 3600


class Gate:
    """Lets in whoever has the token; everyone where there is none.

    The browser keeps a proof of the token, not the token, in a cookie that scripts cannot read.
    """

    def __init__(self, token: str) -> None:
        self._token = token
        self._proof = hmac.new(token.encode(), b"betimes page", sha256).hexdigest()

    def install(self, app: FastAPI) -> None:
        """Adds the way in."""

        @app.post(_SIGN_IN, include_in_schema=False)
        def sign_in(request: Request, token: Annotated[str, Form()] = "") -> RedirectResponse:
            right = hmac.compare_digest(token.encode(), self._token.encode())
            answer = RedirectResponse(f"{ROOT}/" if right else f"{ROOT}/?wrong=1", status_code=303)
            if right:
                secure = request.url.scheme == "https"
                answer.set_cookie(_COOKIE, self._proof, max_age=_DAY, httponly=True, samesite="strict", secure=secure)
            return answer

    def admits(self, request: Request) -> bool:
        """Whether who asks may see the page."""
        return not self._token or hmac.compare_digest(request.cookies.get(_COOKIE, "").encode(), self._proof.encode())

    def ask(self, request: Request, locale: Locale) -> None:
        """Draws the form that asks for the token."""
        ui.query("html").props(f"lang={'zh-CN' if locale == 'zh' else 'en'}")
        with Tag("form", classes="gate", method="post", action=_SIGN_IN):
            Tag("h1", word("name", locale))
            Tag("label", word("token", locale), for_="token")
            Tag("input", id="token", name="token", type="password", required="true", autocomplete="current-password")
            if "wrong" in request.query_params:
                Tag("p", word("wrong token", locale), "note", role="alert")
            Tag("button", word("sign in", locale), "primary", type="submit")
