"""`python -m quizapp.worker`: printing processes of this machine for web processes on others.

As many as PRINT_PROCESSES says. It ends on SIGTERM, after the jobs in hand.
"""

import sys

from celery import Celery

from quizapp.config import Config, SettingsError
from quizapp.printing import broker, job
from quizapp.sealing import Box, secret_keys


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
    quiet = ("--loglevel", "warning", "--without-gossip", "--without-mingle", "--without-heartbeat")
    printing.worker_main(["--quiet", "worker", "--concurrency", str(config.PRINT_PROCESSES), *quiet])


if __name__ == "__main__":
    main()
