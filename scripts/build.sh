#!/bin/sh
# Builds the program, the same bytes wherever it is done: no paths, nothing of the build's
# machine. VERSION and REVISION default to what is checked out; GOOS and GOARCH are Go's.
# Usage: build.sh FILE
set -eu
cd "$(dirname "$0")/.."
version=${VERSION:-$(scripts/version.sh 2>/dev/null || true)}
revision=${REVISION:-$(scripts/version.sh revision 2>/dev/null || true)}
CGO_ENABLED=0 exec go build -trimpath -buildvcs=false \
  -ldflags="-s -w -buildid= -X main.buildVersion=$version -X main.buildRevision=$revision" -o "$1" ./cmd/letraz-export
