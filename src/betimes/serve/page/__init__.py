"""The page in the browser: say it, see why, steer it. NiceGUI on the same app as the HTTP service."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse
from nicegui import app as nicegui_app
from nicegui import ui

from betimes.domain.names import Locale
from betimes.engine import Engine
from betimes.engine.checks import valid_user
from betimes.errors import InvalidInput
from betimes.serve.page.frame import ROOT, frame
from betimes.serve.page.gate import Gate
from betimes.serve.page.mine import MineView
from betimes.serve.page.operate import OperateView
from betimes.serve.page.say import SayView
from betimes.serve.page.view import View
from betimes.serve.page.visit import Visit

_ASSETS = Path(str(files("betimes.serve.page").joinpath("assets")))
_GUEST = "guest"


def install(app: FastAPI, engine: Engine) -> None:
    """Adds the page to an app. Once in a process, for NiceGUI holds its pages there."""
    gate = Gate(engine.settings.token)
    gate.install(app)
    nicegui_app.add_static_files("/assets", _ASSETS)

    def page(path: str, name: str, draw: Callable[[Visit], View]) -> None:
        @ui.page(path)
        async def show(request: Request, user: str = _GUEST, locale: str = "") -> None:
            visit = _visit(request, engine, user, locale)
            if not gate.admits(request):
                gate.ask(request, visit.locale)
                return
            with frame(visit.user, visit.locale, name):
                view = draw(visit)
            await view.begin()

    page("/", "say", lambda visit: SayView(visit, engine.domains()))
    page("/mine", "mine", MineView)
    page("/operate", "operate", lambda visit: OperateView(engine, visit.locale))

    @app.get("/", include_in_schema=False)
    def home() -> RedirectResponse:
        return RedirectResponse(f"{ROOT}/")

    ui.run_with(app, mount_path=ROOT, title="Betimes", dark=None, tailwind=False, show_welcome_message=False)


def _visit(request: Request, engine: Engine, user: str, locale: str) -> Visit:
    """The visit of a request; a name that cannot be one is a guest's."""
    ui.add_head_html(f'<link rel="stylesheet" href="{ROOT}/assets/page.css">')
    ui.add_head_html(f'<script src="{ROOT}/assets/motion.js"></script>')
    try:
        who = valid_user(user)
    except InvalidInput:
        who = valid_user(_GUEST)
    return Visit(engine, who, _locale(request, locale))


def _locale(request: Request, wanted: str) -> Locale:
    """The language asked for, else the browser's."""
    if wanted not in ("zh", "en"):
        wanted = request.headers.get("accept-language", "")[:2].lower()
    return "zh" if wanted == "zh" else "en"
