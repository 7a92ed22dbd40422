"""Addresses. The public root comes last: a dossier lives at `/<slug>/`, so every other word must be taken first."""

from allauth.account import views as accounts
from django.urls import include, path

from dossiers.access import show_health, show_readiness
from dossiers.admin import site

# Only what accounts here need: no e-mail is ever sent, so nothing that waits for one has an address.
account_patterns = [
    path("login/", accounts.login, name="account_login"),
    path("logout/", accounts.logout, name="account_logout"),
    path("inactive/", accounts.account_inactive, name="account_inactive"),
    path("signup/", accounts.signup, name="account_signup"),
    path("reauthenticate/", accounts.reauthenticate, name="account_reauthenticate"),
    path("password/set/", accounts.password_set, name="account_set_password"),
    path("password/change/", accounts.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
]
urlpatterns = [
    path("healthz", show_health),
    path("readyz", show_readiness),
    path("admin/", site.urls),
    path("accounts/", include(account_patterns)),
    path("", include("dossiers.urls")),
]
handler400 = "dossiers.access.show_bad_request"
handler403 = "dossiers.access.show_forbidden"
handler404 = "dossiers.access.show_not_found"
handler500 = "dossiers.access.show_server_error"
