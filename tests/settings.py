"""Settings of the test run: the product's own, a data directory that goes away, a fast hasher."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_data_dir = tempfile.mkdtemp(prefix="portal-tests-")
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
os.environ.update(
    DATA_DIR=_data_dir,
    SECRET_KEY="a key for tests only, never for a force",
    HTTPS="no",
    DEMO="no",
    TODAY="2024-11-25",
    FORCE_NAME="Cleveland Police",
)

from config.settings import *  # noqa: E402, F403

# Empty, but there: nothing is gathered for tests, and whitenoise warns of a folder that is missing.
STATIC_ROOT = Path(_data_dir) / "static"
STATIC_ROOT.mkdir()

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Ten tests in a second from one address are not an attack; the limits have tests of their own.
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # In a file, as in an installation: threads that race for one in memory meet other locks.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_data_dir) / "test.sqlite3")}  # noqa: F405
