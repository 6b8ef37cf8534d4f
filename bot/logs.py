"""The log: one event name and fields a line. Never bodies, secrets or tokens; people only as ids."""

import logging
import sys
from typing import Literal

import structlog

# Local variables hold names and bodies: a traceback names lines, never values.
_tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
_plainly = structlog.dev.plain_traceback


def set_up(log_format: Literal["console", "json"], *, level: int = logging.INFO) -> None:
    """Write events of at least this level to standard error, for a person or for a machine."""
    shown: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if log_format == "json":
        shown += [structlog.processors.ExceptionRenderer(_tracebacks), structlog.processors.JSONRenderer()]
    else:
        shown.append(structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=_plainly))
    structlog.configure(
        processors=shown,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, force=True)
    # It writes each job it runs at INFO and each late one at WARNING; a late alarm is only an alarm.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    # It writes requests that are no HTTP as errors, with a traceback that quotes them; our own errors never get there.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
