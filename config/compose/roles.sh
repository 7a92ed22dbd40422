#!/bin/sh
# Makes the three roles, the database and its extensions, the first time PostgreSQL starts (what config/stack/provision.py
# does for an embedded server).
set -eu
psql --username postgres --set ON_ERROR_STOP=1 \
  --set owner="$OWNER_PASSWORD" --set app="$APP_PASSWORD" --set reader="$READER_PASSWORD" <<'SQL'
CREATE ROLE dossiers_owner LOGIN PASSWORD :'owner';
CREATE ROLE dossiers_app LOGIN PASSWORD :'app';
CREATE ROLE dossiers_reader LOGIN PASSWORD :'reader';
CREATE DATABASE dossiers OWNER dossiers_owner;
REVOKE ALL ON DATABASE dossiers FROM PUBLIC;
GRANT CONNECT ON DATABASE dossiers TO dossiers_app, dossiers_reader;
\connect dossiers
CREATE EXTENSION pg_trgm;
CREATE EXTENSION unaccent;
GRANT USAGE ON SCHEMA public TO dossiers_app, dossiers_reader;
SQL
