from django.urls import path

from portal.views import imports as views
from portal.views import out

app_name = "portal"
urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("list/", out.guide, name="guide"),
    path("list/empty.xlsx", out.empty, name="empty"),
    path("list/updates.xlsx", out.empty_updates, name="empty_updates"),
    path("imports/<int:pk>/", views.preview, name="import"),
    path("imports/<int:pk>/apply/", views.apply, name="apply"),
    path("imports/<int:pk>/progress/", views.progress, name="progress"),
]
