from django.urls import path

from portal.views import (
    applying,
    differences,
    imports,
    out,
    preview,
    profiles,
    reconciliation,
    setting_up,
)

app_name = "portal"
urlpatterns = [
    # HMICFRS's portal beside what is held here
    path("", reconciliation.ReconciliationPage.as_view(), name="reconciliation"),
    path("compare/", reconciliation.compare_again, name="compare"),
    path("for-hmicfrs/", reconciliation.for_hmicfrs, name="for_hmicfrs"),
    path("differences/owner/", reconciliation.own_several, name="own_several"),
    path("differences/wait/", reconciliation.wait_for_portal, name="wait_several"),
    path("differences/<int:pk>/", differences.difference, name="difference"),
    path("differences/<int:pk>/owner/", differences.owner, name="owner"),
    path("differences/<int:pk>/answer/", differences.answer, name="answer"),
    path("differences/<int:pk>/adopt/", differences.adopt_value, name="adopt"),
    path("differences/<int:pk>/name/", differences.name, name="name"),
    # Imports
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:pk>/", preview.preview, name="import"),
    path("imports/<int:pk>/discard/", imports.discard, name="discard"),
    path("imports/<int:pk>/otherwise/", imports.otherwise, name="otherwise"),
    path("imports/<int:pk>/file/", imports.file, name="file"),
    path("imports/<int:pk>/choose/", preview.choose, name="choose"),
    path("imports/<int:pk>/choose-columns/", preview.choose_columns, name="choose_columns"),
    path("imports/<int:pk>/apply/", applying.apply, name="apply"),
    path("imports/<int:pk>/progress/", applying.progress, name="progress"),
    path("imports/<int:pk>/undo/", applying.undo, name="undo"),
    path("imports/<int:pk>/again/", applying.again, name="again"),
    # Setting an import up
    path("imports/<int:pk>/sheet/", setting_up.sheet, name="sheet"),
    path("imports/<int:pk>/columns/", setting_up.columns, name="columns"),
    path("imports/<int:pk>/words/", setting_up.words, name="words"),
    path("layouts/", profiles.layouts, name="layouts"),
    path("layouts/<int:pk>/", profiles.layout, name="layout"),
    path("layouts/<int:pk>/delete/", profiles.delete_layout, name="delete_layout"),
    path("layouts/words/<int:pk>/forget/", profiles.forget_word, name="forget_word"),
    # What a list looks like, and workbooks that go out
    path("list/", out.guide, name="guide"),
    path("list/empty.xlsx", out.empty, name="empty"),
    path("list/updates.xlsx", out.empty_updates, name="empty_updates"),
]
