"""Dossiers: an editorial desk for machine-researched topics."""
