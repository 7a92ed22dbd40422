"""Addresses. The public root comes last: a dossier lives at `/<slug>/`, so every other word must be taken first."""

from django.contrib import admin
from django.urls import include, path

from dossiers.access import show_health, show_readiness

urlpatterns = [
    path("healthz", show_health),
    path("readyz", show_readiness),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("", include("dossiers.urls")),
]
handler400 = "dossiers.access.show_bad_request"
handler403 = "dossiers.access.show_forbidden"
handler404 = "dossiers.access.show_not_found"
handler500 = "dossiers.access.show_server_error"
