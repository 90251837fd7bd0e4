"""Addresses of StART: actions, and the pages about what actions come from and who leads them."""

from django.urls import path

from tracker.views import (
    actions,
    closures,
    frameworks,
    leads,
    letters,
    proposals,
    publications,
    signed_letters,
)
from tracker.views.publication_list import PublicationListPage

app_name = "tracker"
urlpatterns = [
    path("actions/", actions.ActionListPage.as_view(), name="actions"),
    path("actions/<str:reference>/", actions.action, name="action"),
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
    path("closures/", closures.closures, name="closures"),
    path("closures/<int:pk>/", closures.closure, name="closure"),
    path("closures/<int:pk>/upload/", signed_letters.record_upload, name="record_upload"),
    path("letters/", letters.letters, name="letters"),
    path("letters/new/", letters.draft, name="draft_letter"),
    path("letters/<int:pk>/", letters.letter, name="letter"),
    path("letters/<int:pk>/letter.pdf", letters.pdf, name="letter_pdf"),
    path("letters/<int:pk>/edit/", letters.change, name="change_letter"),
    path("letters/<int:pk>/put-away/", letters.discard, name="discard_letter"),
    path("letters/<int:pk>/sign/", signed_letters.sign, name="file_letter"),
    path("letters/<int:pk>/replace/", signed_letters.replace, name="replace_letter"),
    path("letters/signed/<int:pk>/", signed_letters.signed_letter, name="signed_letter"),
    path("publications/", PublicationListPage.as_view(), name="publications"),
    path("publications/<slug:slug>/", publications.publication, name="publication"),
    path("paf/", frameworks.frameworks, name="frameworks"),
    path("paf/<str:version>/", frameworks.framework, name="framework"),
    path("paf/<str:version>/<int:number>/", frameworks.question, name="question"),
    path("people/", leads.leads, name="leads"),
]
