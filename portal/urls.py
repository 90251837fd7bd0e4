from django.urls import path

from portal.views import applying, imports, preview

app_name = "portal"
urlpatterns = [
    # Imports
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:pk>/", preview.preview, name="import"),
    path("imports/<int:pk>/choose/", preview.choose, name="choose"),
    path("imports/<int:pk>/choose-columns/", preview.choose_columns, name="choose_columns"),
    path("imports/<int:pk>/apply/", applying.apply, name="apply"),
    path("imports/<int:pk>/progress/", applying.progress, name="progress"),
    # What a list looks like, and workbooks that go out
    path("list/", imports.guide, name="guide"),
    path("list/empty.xlsx", imports.empty, name="empty"),
]
