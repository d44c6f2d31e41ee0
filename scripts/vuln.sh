#!/bin/sh
# Runs govulncheck; the arguments are its command. If the vulnerability database cannot
# be reached, it prints that nothing was checked and succeeds.
set -u

out=$(mktemp)
trap 'rm -f "$out"' EXIT
"$@" ./... >"$out" 2>&1
status=$?
if [ "$status" != 0 ] && grep -qE 'fetching vulnerabilities|no such host|connection refused|i/o timeout' "$out"; then
  echo "vuln: the vulnerability database cannot be reached from here; not checked"
  exit 0
fi
cat "$out"
exit "$status"
