"""How gunicorn serves on one machine. PORT changes the port, WEB_PROCESSES how many processes answer."""

import os

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
worker_class = "gthread"
# A family that waits for paper holds one. There are more of them than places for paper, so that the quiz never waits.
threads = 16
# The content is read and checked once, before any process is made; a mistake in it ends the start, not a worker.
preload_app = True
# Longer than a PDF may take, so that a stop lets everyone have the page that they wait for.
timeout = 60
graceful_timeout = 30
keepalive = 5
# The heartbeat file stays in memory.
worker_tmp_dir = "/dev/shm"  # noqa: S108 - a heartbeat file of gunicorn, empty, kept off the disk
# No access log: addresses and times of families are nobody's business. Errors go to the terminal.
accesslog = None
errorlog = "-"
loglevel = "warning"


def post_worker_init(worker):
    """A printing process is ready before the first family asks for paper, and the database before the first school."""
    worker.app.callable.extensions["quizapp"].warm_up()


def worker_exit(server, worker):
    """Jobs in hand are finished, and the processes that did them end with their web process."""
    worker.app.callable.extensions["quizapp"].close()


# Nobody controls it from another terminal.
control_socket_disable = True
