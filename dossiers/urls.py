"""Addresses of the stages. The readers' slug addresses come last: every other word must be taken first."""

from django.urls import include, path

from dossiers.publish import views as publish
from dossiers.read import views as read
from dossiers.refresh import views as refresh
from dossiers.review import views as review

review_patterns = [
    path("", review.show_queue, name="queue"),
    path("topics/", review.list_topics, name="topics"),
    path("topics/<slug:slug>/", review.show_topic, name="topic"),
    path("topics/<slug:slug>/resolve/", review.resolve, name="resolve"),
    path("claims/<int:claim_id>/", review.show_claim, name="claim"),
    path("claims/<int:claim_id>/approve/", review.approve, name="approve"),
    path("claims/<int:claim_id>/amend/", review.amend, name="amend"),
    path("claims/<int:claim_id>/reject/", review.reject, name="reject"),
    path("claims/<int:claim_id>/escalate/", review.escalate, name="escalate"),
    path("claims/<int:claim_id>/undo/", review.undo, name="undo"),
    path("claims/<int:claim_id>/dismiss/", review.dismiss, name="dismiss"),
]
refresh_patterns = [
    path("", refresh.show_fleet, name="fleet"),
    path("topics/<slug:slug>/", refresh.show_topic, name="topic"),
    path("topics/<slug:slug>/refresh/", refresh.refresh, name="refresh"),
    path("topics/<slug:slug>/interval/", refresh.set_interval, name="topic-interval"),
    path("runs/<int:run_id>/", refresh.show_run, name="run"),
    path("runs/<int:run_id>/progress/", refresh.show_progress, name="progress"),
    path("runs/<int:run_id>/cancel/", refresh.cancel, name="cancel"),
    path("retrievals/<int:retrieval_id>/retry/", refresh.retry, name="retry"),
    path("captures/<int:capture_id>/", refresh.show_capture, name="capture"),
    path("providers/<slug:name>/switch/", refresh.switch, name="switch"),
    path("providers/<slug:name>/clear/", refresh.clear, name="clear"),
    path("kinds/<slug:kind>/interval/", refresh.set_kind_interval, name="kind-interval"),
]
publish_patterns = [
    path("", publish.list_dossiers, name="list"),
    path("<slug:slug>/", publish.preview, name="preview"),
    path("<slug:slug>/publish/", publish.publish, name="publish"),
    path("<slug:slug>/withdraw/", publish.withdraw, name="withdraw"),
]
read_patterns = [
    path("", read.show_index, name="index"),
    path("<slug:slug>.json", read.show_dossier_json, name="json"),
    path("<slug:slug>/", read.show_dossier, name="dossier"),
    path("<slug:slug>/editions/<int:number>/", read.show_edition, name="edition"),
    path("<slug:slug>/editions/<int:number>.json", read.show_edition_json, name="edition-json"),
]
urlpatterns = [
    path("review/", include((review_patterns, "review"))),
    path("research/", include((refresh_patterns, "refresh"))),
    path("publish/", include((publish_patterns, "publish"))),
    path("", include((read_patterns, "read"))),
]
