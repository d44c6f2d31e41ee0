#!/bin/sh
# Starts serve on a free port with a private database and queue, imports the sample
# resumes, exports each through the API into a directory, and stops serve.
# Usage: demo.sh BINARY OUTDIR
set -eu

bin=$1
out=$2

# The demo must not use servers that are configured for real use.
unset DATABASE_URL NATS_URL BLOB_URL JWT_SECRET JWKS_URL
for name in $(env | sed -n 's/^\(LETRAZ_[A-Z_]*\)=.*/\1/p'); do
  case $name in
    LETRAZ_CHROME | LETRAZ_CHROME_USER | LETRAZ_NO_SANDBOX) ;;
    *) unset "$name" ;;
  esac
done

dir=$(mktemp -d "${TMPDIR:-/tmp}/letraz-demo.XXXXXX")
chmod 711 "$dir" # Postgres runs under another account, which must be able to enter

"$bin" serve --data-dir "$dir" --listen 127.0.0.1:0 --log-level warn 2>"$dir/serve.log" &
serve=$!

stop() {
  status=$?
  trap - EXIT INT TERM
  kill "$serve" 2>/dev/null || true
  wait "$serve" || status=1
  if [ "$status" != 0 ] && [ -s "$dir/serve.log" ]; then
    echo "demo: failed; the last lines of serve's log:" >&2
    tail -n 20 "$dir/serve.log" >&2
  fi
  rm -rf "$dir"
  exit "$status"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

tries=0
until [ -f "$dir/serve.json" ]; do
  kill -0 "$serve" 2>/dev/null || exit 1
  tries=$((tries + 1))
  if [ "$tries" -gt 600 ]; then
    echo "demo: serve was not ready within a minute" >&2
    exit 1
  fi
  sleep 0.1
done

ids=$("$bin" import --samples --user demo --data-dir "$dir" | cut -f 1)
# shellcheck disable=SC2086 # a list of ids
"$bin" export --data-dir "$dir" --as demo -o "$dir/out" $ids
rm -rf "$out"
mv "$dir/out" "$out"
echo "The files are in $out/."
