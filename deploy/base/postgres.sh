#!/bin/sh
# Starts Postgres as the official image does: creates the cluster and the database on the
# first start, and leaves root. Of the official variables it reads POSTGRES_USER,
# POSTGRES_PASSWORD, POSTGRES_PASSWORD_FILE, POSTGRES_DB, POSTGRES_INITDB_ARGS,
# POSTGRES_HOST_AUTH_METHOD and PGDATA.
set -eu

[ "${1#-}" = "$1" ] || set -- postgres "$@"
if [ "$1" != postgres ]; then exec "$@"; fi

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA"
  find "$PGDATA" \! -user postgres -exec chown postgres:postgres '{}' +
  chmod 700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  user=${POSTGRES_USER:-postgres}
  database=${POSTGRES_DB:-$user}
  method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  password=${POSTGRES_PASSWORD:-}
  [ -z "${POSTGRES_PASSWORD_FILE:-}" ] || password=$(cat "$POSTGRES_PASSWORD_FILE")
  if [ -z "$password" ] && [ "$method" != trust ]; then
    echo "POSTGRES_PASSWORD is not set; the first start needs it" >&2
    exit 1
  fi
  # A start that was interrupted leaves no half-made cluster behind.
  new=$PGDATA/.new
  rm -rf "$new"
  pwfile=$(mktemp)
  printf '%s\n' "$password" >"$pwfile"
  # shellcheck disable=SC2086 # a list of words
  initdb --pgdata="$new" --username="$user" ${password:+--pwfile="$pwfile"} ${POSTGRES_INITDB_ARGS:-}
  rm -f "$pwfile"
  printf '\nhost all all all %s\n' "$method" >>"$new/pg_hba.conf"
  printf "\nlisten_addresses = '*'\n" >>"$new/postgresql.conf"
  if [ "$database" != postgres ]; then
    quoted=$(printf '%s' "$database" | sed 's/"/""/g')
    printf 'CREATE DATABASE "%s";\n' "$quoted" | postgres --single -D "$new" postgres >/dev/null
  fi
  version=$(cat "$new/PG_VERSION")
  rm "$new/PG_VERSION"
  find "$new" -mindepth 1 -maxdepth 1 -exec mv '{}' "$PGDATA/" ';'
  rmdir "$new"
  # Last, because its presence says that the cluster is whole.
  echo "$version" >"$PGDATA/PG_VERSION"
fi

unset POSTGRES_PASSWORD
exec "$@"
