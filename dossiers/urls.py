"""Addresses of the stages. Each stage's `views` are named here once; the readers' slug addresses come last."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import include, path

# Each stage appears with the commit that creates its views.
_review = _publish = _read = []  # type: ignore[var-annotated]
if find_spec("dossiers.review.views"):
    v = import_module("dossiers.review.views")
    _review = [
        path("", v.show_queue, name="queue"),
        path("topics/", v.list_topics, name="topics"),
        path("topics/<slug:slug>/", v.show_topic, name="topic"),
        path("topics/<slug:slug>/resolve/", v.resolve, name="resolve"),
        path("claims/<int:claim_id>/", v.show_claim, name="claim"),
        path("claims/<int:claim_id>/approve/", v.approve, name="approve"),
        path("claims/<int:claim_id>/amend/", v.amend, name="amend"),
        path("claims/<int:claim_id>/reject/", v.reject, name="reject"),
        path("claims/<int:claim_id>/escalate/", v.escalate, name="escalate"),
        path("claims/<int:claim_id>/undo/", v.undo, name="undo"),
        path("claims/<int:claim_id>/dismiss/", v.dismiss, name="dismiss"),
    ]
if find_spec("dossiers.publish.views"):
    v = import_module("dossiers.publish.views")
    _publish = [
        path("", v.list_dossiers, name="list"),
        path("<slug:slug>/", v.preview, name="preview"),
        path("<slug:slug>/publish/", v.publish, name="publish"),
        path("<slug:slug>/withdraw/", v.withdraw, name="withdraw"),
    ]
if find_spec("dossiers.read.views"):
    v = import_module("dossiers.read.views")
    _read = [
        path("", v.show_index, name="index"),
        path("<slug:slug>.json", v.show_dossier_json, name="json"),
        path("<slug:slug>/", v.show_dossier, name="dossier"),
        path("<slug:slug>/editions/<int:number>/", v.show_edition, name="edition"),
        path("<slug:slug>/editions/<int:number>.json", v.show_edition_json, name="edition-json"),
    ]

urlpatterns = [
    path("review/", include((_review, "review"))),
    path("publish/", include((_publish, "publish"))),
    path("", include((_read, "read"))),
]
