"""One minute for your family: a quiz for parents, and the agreement a family makes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Flask

from quizapp import assets, commands, content, headers, languages, watch
from quizapp.config import Config
from quizapp.forms import family_form, quiz_form, school_form
from quizapp.model import Content
from quizapp.pages import BLUEPRINTS, compression, filters, health, limits, site, uploads, wording
from quizapp.printing import Printer, job
from quizapp.printing.pool import Workers
from quizapp.printing.prints import Prints
from quizapp.schools.database import Database, address
from quizapp.schools.office import Office
from quizapp.sealing import Box, Link, Seal, secret_keys

if TYPE_CHECKING:
    from quizapp.metrics import Metrics

# Visitors who may wait for paper, and for a file to be read in a moment. With the one whose file is read they are fewer
# than threads (deploy/gunicorn.conf.py), whatever the settings and however many print elsewhere: pages never wait.
_PAPER_WAITS, _FILES_WAIT = 12, 2


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """The application. `overrides` replace settings of `Config`. Raises ContentError, ValueError: it does not start."""
    config = replace(Config.from_environment(), **(overrides or {}))
    app = Flask(__name__, static_folder=None)
    app.request_class = uploads.InMemory
    app.config.update(
        MAX_CONTENT_LENGTH=config.FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=config.FORM_BYTES,
        MAX_FORM_PARTS=config.FORM_FIELDS,
    )
    metrics = _metrics() if config.METRICS else None
    app.extensions["quizapp"] = _site(config, metrics)
    watch.init_app(app, metrics)
    health.init_app(app)
    app.jinja_env.globals["static_prefix"] = assets.init_app(app, config.INSTANCE, headers.HEADERS)
    app.jinja_env.globals["icon"] = assets.icon()
    wording.init_app(app)
    compression.init_app(app)
    headers.init_app(app)
    limits.asked_by_name(app, config.HOSTS, config.PUBLIC_URL)
    limits.behind_proxies(app, config.PROXIES)
    site.init_languages(app)
    filters.init_app(app)
    commands.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _site(config: Config, metrics: "Metrics | None") -> site.Site:
    keys = secret_keys(config.SECRET_KEY, config.INSTANCE)
    english = content.read()
    if problems := [line for lang in config.LANGUAGES for line in languages.problems(lang, config.TRANSLATIONS)]:
        raise content.ContentError(problems)
    return site.Site(
        config=config,
        languages={lang: _language(english, lang, config) for lang in config.LANGUAGES},
        result_seal=Seal(keys, Link.RESULT, timedelta(days=config.LINK_DAYS)),
        agreement_seal=Seal(keys, Link.AGREEMENT, timedelta(days=config.LINK_DAYS)),
        printer=Prints(_broker(config, keys) if config.BROKER_URL else _printer(config), metrics, _PAPER_WAITS),
        reader=_reader(config),
        office=_office(config),
        links=limits.Links(config.LINKS_PER_HOUR, config.LIMITER_URL, keys[0]),
        bursts=limits.Bursts(config.BURST, keys[0]),
        metrics=metrics,
    )


def _metrics() -> "Metrics":
    """Prometheus' library takes time to load, which only those pay who read the figures."""
    from quizapp.metrics import Metrics

    return Metrics()


def _broker(config: Config, keys: Sequence[str]) -> Printer:
    """Celery takes time to load, and memory, which only those pay who use it."""
    from quizapp.printing.broker import Broker

    return Broker(config.BROKER_URL, Box(keys), queue=config.PRINT_QUEUE, seconds=config.PRINT_SECONDS)


def _printer(config: Config) -> Workers:
    return Workers(
        job.print_html,
        job.begin_printing,
        processes=config.PRINT_PROCESSES,
        queue=config.PRINT_QUEUE,
        seconds=config.PRINT_SECONDS,
        recycle=config.PRINT_RECYCLE,
        memory=config.PRINT_MEMORY,
    )


def _reader(config: Config) -> Workers:
    """It waits as long as paper does, for its process begins with the first file."""
    return Workers(
        job.read_pdf,
        job.begin_reading,
        processes=1,
        queue=_FILES_WAIT,
        seconds=config.OPEN_SECONDS,
        wait=config.PRINT_SECONDS,
        recycle=config.PRINT_RECYCLE,
    )


def _office(config: Config) -> Office:
    database = Database(address(config.DATABASE_URL, config.INSTANCE))
    return Office(database, config.COUNTS_WAITING, config.DATABASE_SECONDS)


def _language(english: Content, lang: str, config: Config) -> site.Language:
    translations = languages.catalogue(lang, config.TRANSLATIONS)
    translated = languages.content_in(english, translations)
    names = {name: languages.own_name(name) for name in config.LANGUAGES}
    return site.Language(
        code=lang,
        name=names[lang],
        content=translated,
        translations=translations,
        quiz_form=quiz_form(translated),
        family_form=family_form(translated, names),
        school_form=school_form(names),
    )
