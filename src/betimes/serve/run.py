"""Starting the service."""

import signal
import socket
import sys
from types import FrameType

import structlog
import uvicorn
from fastapi import FastAPI

from betimes.engine import Engine
from betimes.errors import InvalidInput
from betimes.serve.api import create_app


def run(engine: Engine | None, host: str, port: int, workers: int = 1) -> None:
    """Serves until stopped.

    Args:
        engine: the engine to serve in this process; none lets each worker open its own from the settings.
        workers: processes; more than one needs ``engine`` to be none.
    """
    if engine is not None:
        # uvicorn gives a signal back when it has shut down; the caller has an engine to close after that.
        signal.signal(signal.SIGTERM, _leave)
        from betimes.serve import page  # noqa: PLC0415 - a second that no other command needs to wait for

        app = create_app(engine)
        page.install(app, engine)
        uvicorn.run(app, host=host, port=port, log_level="warning")
    else:
        uvicorn.run(
            "betimes.serve.run:worker",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            log_level="warning",
        )


def worker() -> FastAPI:
    """The app of a process of its own."""
    log_to_stderr()
    return create_app()


def log_to_stderr() -> None:
    """What is printed is the answer, perhaps JSON; what is logged goes beside it.

    Tracebacks show no values of variables: among them are what people said, and the caller's token.
    """
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def claim(host: str, port: int) -> None:
    """Tells before anything is loaded that a port cannot be had.

    Raises:
        InvalidInput: the port is in use or not allowed, or there is no such address here.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror as error:
            raise InvalidInput(
                f"cannot listen on {host}: {error.strerror}; give an address of this machine with --host"
            ) from error
        except OSError as error:
            raise InvalidInput(
                f"cannot listen on {host}:{port}: {error.strerror}; choose another with --port"
            ) from error


def _leave(number: int, _: FrameType | None) -> None:
    sys.exit(128 + number)
