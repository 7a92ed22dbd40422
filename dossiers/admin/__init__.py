"""The admin, for curators and administrators: curated rows and policies to edit, records to look at, accounts."""

from dossiers.admin import curated, policies, records, users
from dossiers.admin.site import site

__all__ = ["curated", "policies", "records", "site", "users"]
