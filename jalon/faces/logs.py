"""What the logs keep of a failure: where, and of which kind. Never the words, which may name somebody."""

import logging
import re
import sys
import time
import traceback
from pathlib import Path

import structlog

HERE = f"{Path(__file__).resolve().parents[2]}/"


class Utc(logging.Formatter):
    """Lines of the libraries, dated as ours are: in universal time, and it says so."""

    converter = staticmethod(time.gmtime)


def configure() -> None:
    """Lines of ours: one JSON object each, on the error output, in universal time."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=_ToError(),
        cache_logger_on_first_use=False,
    )


class _ToError(structlog.PrintLoggerFactory):
    """The error output as it is when a line is written: tests and servers replace it."""

    def __call__(self, *args: object) -> structlog.PrintLogger:
        return structlog.PrintLogger(sys.stderr)


LINK = re.compile(r"(/compte/lien/)[^/\s]+")


class Discreet(logging.Filter):
    """Turns a traceback into places of the code: a message of the database quotes its values.

    What a link ends with opens an account: no line holds it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if LINK.search(said):
            record.msg, record.args = LINK.sub(r"\1…", said), ()
        if record.exc_info and record.exc_info[1]:
            record.msg = f"{record.getMessage()} {places(record.exc_info[1])}"
            record.args, record.exc_info, record.exc_text = (), None, None
        return True


def places(error: BaseException) -> str:
    """The class of the error and of its causes, with the calls of ours that led to it."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if HERE in frame.filename] or frames[-1:]
    calls = " > ".join(f"{frame.filename.rpartition(HERE)[2]}:{frame.lineno} {frame.name}" for frame in ours)
    cause = error.__cause__ or error.__context__
    after = f" after {places(cause)}" if cause else ""
    return f"{type(error).__name__} at {calls}{after}"
