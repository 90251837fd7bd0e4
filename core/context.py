"""What every template knows: the installation, its day, and the way round."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core.dates import today
from core.middleware import current_request_id
from core.navigation import entries_for


def installation(request: HttpRequest) -> dict[str, Any]:
    return {
        "force_name": settings.FORCE_NAME,
        "force_short_name": settings.FORCE_SHORT_NAME,
        "force_colour": settings.FORCE_COLOUR,
        "board_name": settings.BOARD_NAME,
        "board_long_name": settings.BOARD_LONG_NAME,
        "product_name": settings.PRODUCT_NAME,
        "product_long_name": settings.PRODUCT_LONG_NAME,
        "demo": settings.DEMO,
        "today": today(),
        "request_id": current_request_id(),
        "navigation": entries_for(request),
    }
