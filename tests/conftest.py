"""The cast: one person for each role, and a browser for each of them to sit at."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from people import roles
from people.models import User
from tests.factories import make_user

CAST = {
    "staff": (),
    "delivery": (roles.DELIVERY_LEAD,),
    "executive": (roles.EXECUTIVE_LEAD,),
    "assurance": (roles.ASSURANCE,),
    "governance": (roles.GOVERNANCE,),
    "chair": (roles.CHAIR,),
    "deputy": (roles.DEPUTY,),
    "corporate": (roles.CORPORATE_SERVICES,),
    "admin": (roles.ADMINISTRATOR,),
    "support": (roles.EXECUTIVE_SUPPORT,),
    "member": (roles.BOARD_MEMBER,),
}


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    """`cast.staff`, `cast.chair`, ...: a user for each role."""
    return SimpleNamespace(**{name: make_user(name, *held) for name, held in CAST.items()})


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """A signed-in client for a user."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Path:
    """An empty place for files."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT
