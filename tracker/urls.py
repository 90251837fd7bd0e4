"""Addresses of StART: actions, and the pages about what actions come from and who leads them."""

from django.urls import path

from tracker.views import (
    actions,
    allocation,
    closures,
    due_dates,
    frameworks,
    leads,
    proposals,
    publications,
    updates,
    work,
)
from tracker.views.publication_list import PublicationListPage

app_name = "tracker"
urlpatterns = [
    path("actions/", actions.ActionListPage.as_view(), name="actions"),
    path("actions/allocate/", allocation.several, name="allocate_several"),
    path("actions/due-dates/", allocation.due_dates, name="due_dates"),
    path("actions/<str:reference>/", actions.action, name="action"),
    path("actions/<str:reference>/allocate/", allocation.one, name="allocate"),
    path("actions/<str:reference>/agreed-date/", allocation.agreed_date, name="agreed_date"),
    path("actions/<str:reference>/update/", updates.update, name="update"),
    path("actions/<str:reference>/due-date/", due_dates.due_date, name="due_date"),
    path("due-dates/<int:pk>/", due_dates.due_request, name="due_request"),
    path(
        "actions/<str:reference>/propose-closure/",
        proposals.propose_closure,
        name="propose_closure",
    ),
    path(
        "actions/<str:reference>/evidence/add/",
        proposals.attach_evidence,
        name="attach_evidence",
    ),
    path("work/", work.work, name="work"),
    path("work/notices/", work.notices_read, name="notices_read"),
    path("closures/", closures.closures, name="closures"),
    path("closures/<int:pk>/", closures.closure, name="closure"),
    path("publications/", PublicationListPage.as_view(), name="publications"),
    path("publications/<slug:slug>/", publications.publication, name="publication"),
    path("paf/", frameworks.frameworks, name="frameworks"),
    path("paf/<str:version>/", frameworks.framework, name="framework"),
    path("paf/<str:version>/<int:number>/", frameworks.question, name="question"),
    path("people/", leads.leads, name="leads"),
]
