"""The admin, for curators and administrators: curated rows to edit, records to look at, accounts."""

from dossiers.admin import curated, records, users
from dossiers.admin.site import site

__all__ = ["curated", "records", "site", "users"]
