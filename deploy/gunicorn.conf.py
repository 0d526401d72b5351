"""How gunicorn serves on one machine. BIND changes where, PORT the port, WEB_PROCESSES how many processes answer."""

import ctypes
import gc
import logging
import os
import re
import resource
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

from gunicorn.glogging import Logger

# Nothing that a start loads is garbage, and looking for some takes an eighth of its time. See when_ready.
gc.disable()
# This file is read before gunicorn looks for the application.
sys.path.insert(0, str(Path(__file__).parents[1]))

from quizapp import logs  # noqa: E402 - what it loads is looked for where we say above, and by no collector
from quizapp.pages.site import make_first_pages  # noqa: E402 - as above

# What is written is read by nobody else.
os.umask(0o077)
# No word of a family is left in a memory dump. At 1, and not at 0, a program that takes dumps is not begun either.
resource.setrlimit(resource.RLIMIT_CORE, (1, 1))
# This machine alone can ask; in a container, where nothing else listens, BIND is 0.0.0.0.
_where, _port = os.environ.get("BIND", "127.0.0.1"), os.environ.get("PORT", "8000")
if not re.fullmatch(r"[\w.-]+|\[[0-9a-fA-F:.]+\]", _where):
    sys.exit(f"BIND: expected an address without a port, such as 0.0.0.0, found {_where!r}")
if not (re.fullmatch("[0-9]{1,5}", _port) and 0 < int(_port) < 2**16):
    sys.exit(f"PORT: expected a whole number from 1 to 65535, found {_port!r}")
bind = f"{_where}:{_port}"
_processes = os.environ.get("WEB_PROCESSES", "2")
if not re.fullmatch("[1-9][0-9]*", _processes):
    sys.exit(f"WEB_PROCESSES: expected a whole number from 1, found {_processes!r}")
workers = int(_processes)
# Threads that never wait for a visitor who sends or leaves slowly.
worker_class = "deploy.whole_requests.WholeRequests"
# Visitors at a time in one process, most of whom send or keep their connection; the next wait to be let in.
worker_connections = 1000
# A family that waits for paper holds one, or for a file of its own to be read. They are fewer than threads, whatever
# the settings (quizapp/__init__.py), so that the quiz never waits.
threads = 16
# The content is read and checked once, before any process is made; a mistake in it ends the start, not a worker.
preload_app = True
# A stop lets everyone have the page that they wait for. A process that says nothing for longer than that hangs.
graceful_timeout = 30
timeout = 40
keepalive = 5
# The longest address of ours has some 600 letters. A browser sends twenty lines of head; cookies of the site around us
# can be as long as a browser allows.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
# What a proxy says of a visitor is believed by QUIZAPP_PROXIES alone, never because it comes from this machine.
forwarded_allow_ips = ""
# The heartbeat file stays in memory.
worker_tmp_dir = "/dev/shm"  # noqa: S108 - a heartbeat file of gunicorn, empty, kept off the disk
# No access log: addresses and times of families are nobody's business. Errors go to the terminal.
accesslog = None
errorlog = "-"
loglevel = "warning"
log = logging.getLogger("quizapp.server")


def _from_its_caller(level):
    def told(self, message, *args, **values):
        self.error_log.log(level, message, *args, stacklevel=2, **values)

    return told


# Of glibc, by malloc.h: what a thread lets go of goes back to the others and to the machine. Else each of 16 threads
# keeps a heap of its own, together a quarter of what a process takes.
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
_ONE_FILE = 256 * 1024


with suppress(AttributeError):  # another libc, which has no such choice
    _mallopt = ctypes.CDLL(None).mallopt
    _mallopt(_M_ARENA_MAX, 2)
    _mallopt(_M_MMAP_THRESHOLD, _ONE_FILE)


class Log(Logger):
    """gunicorn's log in the form of ours, which drops its words: they name addresses and paths of visitors."""

    def setup(self, cfg):
        super().setup(cfg)
        logs.begin()
        for handler in self.error_log.handlers:
            handler.setFormatter(logs.Lines())

    # Each as gunicorn has it, but that a line names the place in gunicorn, by which its words can be looked up.
    debug, info, warning, critical = map(
        _from_its_caller, (logging.DEBUG, logging.INFO, logging.WARNING, logging.CRITICAL)
    )

    def error(self, message, *args, **values):
        # It is said before any visitor comes, and ends the start: the one message of gunicorn that needs words.
        if message == "Can't connect to %s":
            sys.exit(f"{bind}: cannot listen there: another program does, or BIND or PORT is wrong")
        self.error_log.error(message, *args, stacklevel=2, **values)

    def exception(self, message, *args, **values):
        self.error_log.error(message, *args, stacklevel=2, exc_info=True, **values)


logger_class = Log

# Where web processes write their figures for each other: a new folder in memory. Read again for a reload, this file
# finds the one that is there.
_FIGURES = "PROMETHEUS_MULTIPROC_DIR"
_PREFIX = "quizapp-metrics-"
if os.environ.get("QUIZAPP_METRICS", "0") != "0" and _FIGURES not in os.environ:
    os.environ[_FIGURES] = mkdtemp(prefix=_PREFIX, dir=worker_tmp_dir)


def when_ready(server):
    """No process is made yet. Visitors who come wait to be let in."""
    make_first_pages(server.app.callable)
    # What is loaded stays for good, and is shared: to look it all over again takes a process a tenth of a second, in
    # which its visitors would wait.
    gc.collect()
    gc.freeze()
    gc.enable()
    log.info("started")


def on_reload(server):
    log.info("reloaded")


def on_exit(server):
    folder = Path(os.environ.get(_FIGURES, ""))
    if folder.name.startswith(_PREFIX):
        shutil.rmtree(folder)
    log.info("stopped")


def post_worker_init(worker):
    """A printing process is ready before the first family asks for paper, and the database before the first school."""
    worker.app.callable.extensions["quizapp"].warm_up()


def worker_exit(server, worker):
    """Jobs in hand are finished, and the processes that did them end with their web process."""
    worker.app.callable.extensions["quizapp"].close()


def child_exit(server, worker):
    """What a process held when it ended is no longer held; what it has counted stays counted."""
    if _FIGURES in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)


# After a process was killed, a helper of Python's that has no log counts what it left behind.
os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker:UserWarning")
# Nobody controls it from another terminal.
control_socket_disable = True
