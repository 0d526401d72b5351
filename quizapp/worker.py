"""`python -m quizapp.worker`: printing processes of this machine for web processes on others.

As many as PRINT_PROCESSES says. It ends on SIGTERM, after the jobs in hand.
"""

import logging
import resource
import sys

from celery import Celery
from celery.signals import setup_logging, worker_ready, worker_shutdown

from quizapp import logs
from quizapp.config import Config, SettingsError
from quizapp.printing import broker, job
from quizapp.sealing import Box, secret_keys

log = logging.getLogger("quizapp.worker")


def app(config: Config) -> Celery:
    """Raises SettingsError when no broker is set."""
    if not config.BROKER_URL:
        raise SettingsError(["QUIZAPP_BROKER_URL: expected the address of a Redis, such as redis://host:6379"])
    return broker.workers(
        config.BROKER_URL,
        Box(secret_keys(config.SECRET_KEY, config.INSTANCE)),
        job.print_html,
        job.begin_printing,
        seconds=config.PRINT_SECONDS,
        recycle=config.PRINT_RECYCLE,
        memory=config.PRINT_MEMORY,
    )


def main() -> None:
    try:
        config = Config.from_environment()
        printing = app(config)
    except SettingsError as error:
        sys.exit(str(error))
    _keep_the_form()
    # No word of a family is left in a memory dump. At 1, and not at 0, a program that takes dumps is not begun either.
    resource.setrlimit(resource.RLIMIT_CORE, (1, 1))
    quiet = ("--loglevel", "warning", "--without-gossip", "--without-mingle", "--without-heartbeat")
    printing.worker_main(["--quiet", "worker", "--concurrency", str(config.PRINT_PROCESSES), *quiet])


def _keep_the_form() -> None:
    """Celery's own log has the form of ours: it leaves logs alone where somebody else sets them up."""
    logs.begin()
    setup_logging.connect(lambda **_given: None, weak=False)
    worker_ready.connect(lambda **_given: log.info("started"), weak=False)
    worker_shutdown.connect(lambda **_given: log.info("stopped"), weak=False)


if __name__ == "__main__":
    main()
