from django.urls import path

from portal.views import differences, reconciliation
from portal.views import imports as views

app_name = "portal"
urlpatterns = [
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
    path("imports/", views.imports, name="imports"),
    path("list/", views.guide, name="guide"),
    path("list/empty.xlsx", views.empty, name="empty"),
    path("imports/<int:pk>/", views.preview, name="import"),
    path("imports/<int:pk>/apply/", views.apply, name="apply"),
    path("imports/<int:pk>/progress/", views.progress, name="progress"),
]
