"""Structured logs: one JSON object a line, an event name plus identifiers, no personal data."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from ticketing.masking import mask

QUIET = ("uvicorn.access", "httpx", "httpcore", "aiosqlite", "alembic")
"""Their lines hold addresses with tokens in them, or say what our own events say better."""


def configure(level: str) -> None:
    """Send every log of this process, the libraries' too, to standard output as JSON.

    Args:
        level: `debug`, `info`, `warning` or `error`.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask_values,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    for name in QUIET:
        logging.getLogger(name).handlers = []
        logging.getLogger(name).setLevel(logging.WARNING)


def mask_values(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Mask personal data in every text of a log entry."""
    del logger, method
    return {key: mask(value) if isinstance(value, str) else value for key, value in event.items()}
