#!/bin/sh
# Exports a resume file through a running letraz-export, with curl 7.76 or newer.
#
#   LETRAZ_URL=http://127.0.0.1:8080 LETRAZ_TOKEN=… ./export.sh my-resume.json resume.pdf
set -eu
[ $# = 2 ] || { echo "usage: export.sh RESUME.json OUTPUT.pdf" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# call OUTPUT PATH [OPTION …] sends a request. curl repeats it after 429 and 5xx, when Retry-After
# says; the loop repeats it when no answer came. An error of the API (curl: 22) is printed.
call() {
  output=$1 path=$2
  shift 2
  for pause in 1 2 4 8 0; do
    status=0
    curl -sS --fail-with-body --retry 5 --retry-connrefused --max-time 60 -o "$output" "$LETRAZ_URL$path" \
      -H "Authorization: Bearer $LETRAZ_TOKEN" "$@" || status=$?
    [ $status != 0 ] || return 0
    [ $status != 22 ] || { cat "$output" >&2; return 1; }
    sleep $pause
  done
  return 1
}

# member NAME prints a text of the answer that has no quotes in it.
member() { tr -d '\n' <"$work/answer" | sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p"; }

# The same key for every try makes them one export.
key=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
{ printf '{"template":"modern","resume":'; cat "$1"; printf '}'; } >"$work/request"
call "$work/answer" /v1/exports -H 'Content-Type: application/json' -H "Idempotency-Key: $key" -H 'Prefer: wait=30' --data-binary "@$work/request"

# 30 s are long; a busy service may still need longer.
id=$(member id)
while state=$(member status); [ "$state" = queued ] || [ "$state" = rendering ]; do
  sleep 1 # the API may answer at once if it has too many waiting requests
  call "$work/answer" "/v1/exports/$id" -H 'Prefer: wait=30'
done
[ "$state" = ready ] || { echo "the export is $state: $(cat "$work/answer")" >&2; exit 1; }

call "$2" "/v1/exports/$id/download"
if command -v sha256sum >/dev/null; then sum=sha256sum; else sum="shasum -a 256"; fi
[ "$($sum <"$2" | cut -d ' ' -f 1)" = "$(member sha256)" ] || { echo "the download is damaged" >&2; exit 1; }
echo "$2: $(wc -c <"$2") bytes"
