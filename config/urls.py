"""Every address of the portal (see docs/architecture.md for the room behind each)."""

from django.urls import include, path

from config import views

urlpatterns = [
    path("", views.home, name="home"),
    path("portal/", include("portal.urls")),
    path("paf/import/", include("portal.framework_urls")),
    path("evidence/", include("evidence.urls")),
    path("inspections/", include("inspections.urls")),
    path("board/", include("board.urls")),
    path("reports/", include("reports.urls")),
    path("process/", include("reports.process_urls")),
    path("people/", include("people.urls")),
    path("lists/", include("core.urls")),
    path("account/", include("people.account_urls")),
    path("brand.css", views.brand, name="brand"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("", include("tracker.urls")),
]
handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
