"""The database, SQLite in the instance folder or PostgreSQL: transactions, and tables that are brought up to date.

What it refuses is Unavailable. It may take its time: a page asks through quizapp.schools.office, which does not wait.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from quizapp.schools import Unavailable

MIGRATIONS = Path(__file__).parent / "migrations"
SQLITE_FILE = "schools.sqlite"
# Seconds to wait for a connection, a lock or an answer. Pages give up sooner; the thread that counts does not.
PATIENCE = 10
# A number that nobody else locks.
_UPGRADE_LOCK = 1965
_KINDS = ("sqlite", "postgresql")


def address(setting: str, instance: Path) -> URL:
    """The address of the database. Raises ValueError, naming the setting, for one that we cannot use."""
    if not setting:
        return URL.create("sqlite", database=str(instance / SQLITE_FILE))
    try:
        url = make_url(setting)
    except SQLAlchemyError as error:
        raise ValueError("QUIZAPP_DATABASE_URL: expected an address such as postgresql://user@host/name") from error
    if url.get_backend_name() not in _KINDS:
        raise ValueError(f"QUIZAPP_DATABASE_URL: expected sqlite or postgresql, found {url.drivername}")
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


class Database:
    """The database at an address. It is asked for nothing before it is needed; the first use brings it up to date."""

    def __init__(self, url: URL) -> None:
        self._engine = _engine(url)
        self._upgrading = Lock()
        self._is_ready = False

    def close(self) -> None:
        self._engine.dispose()

    def reading(self) -> AbstractContextManager[Connection]:
        return self._transaction(writes=False)

    def writing(self) -> AbstractContextManager[Connection]:
        return self._transaction(writes=True)

    @contextmanager
    def _transaction(self, writes: bool) -> Iterator[Connection]:
        try:
            self._upgrade()
            with self._begun(writes) as connection:
                yield connection
        except SQLAlchemyError as error:
            raise Unavailable from error

    @contextmanager
    def _begun(self, writes: bool) -> Iterator[Connection]:
        with self._engine.connect().execution_options(writes=writes) as connection, connection.begin():
            yield connection

    def _upgrade(self) -> None:
        """Bring the tables up to date, once; several processes at once do it one after the other."""
        with self._upgrading:
            if self._is_ready:
                return
            from alembic import command  # noqa: F401  # it takes time, which nobody should wait for behind a lock

            with self._begun(writes=True) as connection:
                if self._engine.dialect.name == "postgresql":
                    connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
                upgrade(connection)
            self._is_ready = True

    def insert(self, table: Table) -> Any:
        """INSERT with ON CONFLICT: both kinds of database have it, and SQLAlchemy has a way of its own for each."""
        # The engine has loaded its own kind; both would take time of every start.
        return import_module(f"sqlalchemy.dialects.{self._engine.dialect.name}").insert(table)


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring the tables of a database up to a revision, inside the transaction of this connection.

    Raises Unavailable for tables of a version that this one does not know. Alembic is loaded when it is needed: most
    processes that start do not.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["connection"] = connection
    try:
        command.upgrade(settings, to)
    except CommandError as error:
        raise Unavailable from error


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": PATIENCE})
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    patience = f"-c statement_timeout={PATIENCE}s -c lock_timeout={PATIENCE}s"
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_timeout=PATIENCE,
        connect_args={"connect_timeout": PATIENCE, "options": patience},
    )


def _set_up_sqlite(connection: Any, _record: object) -> None:
    """Readers never wait for a writer (WAL), and a school's counters go with the school."""
    connection.isolation_level = None  # SQLAlchemy begins transactions itself, see _begin_sqlite
    for setting in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {setting}")


def _begin_sqlite(connection: Connection) -> None:
    """One that will write says so at once, and waits for its turn; else SQLite would refuse it in the middle."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
