#!/bin/sh
# Exports a resume file through a running letraz-export, with curl alone.
#
#   LETRAZ_URL=http://127.0.0.1:8080 LETRAZ_TOKEN=… ./export.sh my-resume.json resume.pdf
set -eu
[ $# = 2 ] || { echo "usage: export.sh RESUME.json OUTPUT.pdf" >&2; exit 2; }

# member NAME prints a text of the answer, which has no quotes in these members.
member() { printf '%s' "$answer" | tr -d '\n' | sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p"; }

# The same key for every try makes them one export. --retry waits as Retry-After says.
key=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
answer=$({ printf '{"template":"modern","resume":'; cat "$1"; printf '}'; } |
  curl -sS --fail-with-body --retry 5 --retry-connrefused --max-time 60 "$LETRAZ_URL/v1/exports" \
    -H "Authorization: Bearer $LETRAZ_TOKEN" -H 'Content-Type: application/json' \
    -H "Idempotency-Key: $key" -H 'Prefer: wait=30' --data-binary @-) || { echo "$answer" >&2; exit 1; }
id=$(member id)

# 30 s are long; a busy service may still need longer.
while status=$(member status); [ "$status" = queued ] || [ "$status" = rendering ]; do
  answer=$(curl -sS --fail-with-body --retry 5 --retry-connrefused --max-time 60 "$LETRAZ_URL/v1/exports/$id" \
    -H "Authorization: Bearer $LETRAZ_TOKEN" -H 'Prefer: wait=30') || { echo "$answer" >&2; exit 1; }
done
[ "$status" = ready ] || { echo "the export is $status: $answer" >&2; exit 1; }

curl -sS --fail --retry 5 --retry-connrefused -o "$2" "$LETRAZ_URL/v1/exports/$id/download" -H "Authorization: Bearer $LETRAZ_TOKEN"
echo "$(member sha256)  $2" | sha256sum -c -
