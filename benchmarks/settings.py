"""Settings of a benchmark run: the product's own, an empty database, and Django admin beside it."""

import atexit
import os
import shutil
import tempfile

_data_dir = tempfile.mkdtemp(prefix="portal-benchmark-")
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
os.environ.update(
    DATA_DIR=_data_dir,
    SECRET_KEY="a key for benchmarks only, never for a force",
    HTTPS="no",
    DEMO="no",
    TODAY="2024-11-25",
    FORCE_NAME="Cleveland Police",
    SPREADSHEET_MAX_ROWS="60000",
)

from config.settings import *  # noqa: E402, F403
from config.settings import INSTALLED_APPS as _rooms  # noqa: E402

INSTALLED_APPS = [*_rooms, "django.contrib.admin"]
ROOT_URLCONF = "benchmarks.urls"
ALLOWED_HOSTS = ["testserver"]
LOGGING = {"version": 1, "disable_existing_loggers": True}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
