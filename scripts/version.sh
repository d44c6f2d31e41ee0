#!/bin/sh
# Prints the version of what is checked out, as Go writes versions: the tag, else the last
# commit's time and hash; +dirty when files differ from it. Nothing outside of a repository.
# Usage: version.sh [revision|epoch]: the commit, or its time in seconds, instead.
set -eu
cd "$(dirname "$0")/.."
git rev-parse --verify --quiet HEAD >/dev/null || exit 0
case ${1:-version} in
  revision) git rev-parse HEAD ;;
  epoch) git log -1 --format=%ct ;;
  version)
    dirty=
    [ -z "$(git status --porcelain)" ] || dirty=+dirty
    tag=$(git describe --tags --exact-match --match 'v[0-9]*' 2>/dev/null || true)
    [ -n "$tag" ] || tag=v0.0.0-$(TZ=UTC git log -1 --date=format-local:%Y%m%d%H%M%S --format=%cd)-$(git rev-parse --short=12 HEAD)
    echo "$tag$dirty" ;;
  *) echo "version.sh: there is no $1" >&2; exit 2 ;;
esac
