from django.urls import path

from portal.views import applying
from portal.views import imports as views

app_name = "portal"
urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("list/", views.guide, name="guide"),
    path("list/empty.xlsx", views.empty, name="empty"),
    path("imports/<int:pk>/", views.preview, name="import"),
    path("imports/<int:pk>/apply/", applying.apply, name="apply"),
    path("imports/<int:pk>/progress/", applying.progress, name="progress"),
    path("imports/<int:pk>/undo/", applying.undo, name="undo"),
    path("imports/<int:pk>/again/", applying.again, name="again"),
]
