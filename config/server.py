"""How gunicorn serves the portal; `bin/run` starts it with this.

From the environment: HOST, PORT, DATA_DIR, WEB_WORKERS and WEB_THREADS (docs/administer.md).
"""

import logging
import os
import sys
from typing import Any

from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from core.env import Environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_env = Environment()
try:
    _host = _env.text("HOST", "127.0.0.1")
    _port = _env.integer("PORT", 8000, minimum=1)
    bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"
    workers = _env.integer("WEB_WORKERS", 2, minimum=1)
    threads = _env.integer("WEB_THREADS", 4, minimum=1)
    _product = f"{settings.PRODUCT_NAME} for {settings.FORCE_NAME}"
except ImproperlyConfigured as error:
    sys.exit(str(error))

worker_class = "gthread"
# The code is loaded once and shared by the workers; connections are opened after the fork.
preload_app = True
timeout = 120
graceful_timeout = 10
# Would otherwise be a socket in the home directory of whoever starts the server.
control_socket_disable = True
# The heartbeat is a file that is touched all the time: kept in memory where the system can.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
loglevel = "warning"


def on_starting(server: Any) -> None:
    """Refuse a start that Django's checks object to; the addresses are loaded on the way."""
    problems = [problem for problem in run_checks() if problem.is_serious()]
    if problems:
        sys.exit("\n".join(str(problem) for problem in problems))


def when_ready(server: Any) -> None:
    """Tell whoever started it where the portal is, and in the demonstration how to get in."""
    _tidy()
    sys.stdout.write("\n".join(_welcome()) + "\n")
    sys.stdout.flush()


def _tidy() -> None:
    """Remove what uploads have left whose process was killed; a database that is away is none of
    this's business.
    """
    from django.db import DatabaseError, connections

    from core.unfinished import sweep

    try:
        sweep()
    except DatabaseError:
        logging.getLogger("portal.uploads").exception("Files of broken uploads were not looked for")
    finally:
        # The workers that are forked now open their own.
        connections.close_all()


def _welcome() -> list[str]:
    if settings.HTTPS:
        return [f"{_product} is ready on {bind}, behind its HTTPS proxy."]
    lines = [f"{_product} is ready: http://{bind}/"]
    if settings.DEMO:
        from people.demo import DEMO_ACCOUNTS, DEMO_PASSWORD

        lines.append(f"Sign in with one of these names and the password {DEMO_PASSWORD}")
        lines += [f"  {account.username:<12} {account.line}" for account in DEMO_ACCOUNTS]
    return [*lines, "Ctrl-C ends it."]
