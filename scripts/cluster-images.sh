#!/bin/sh
# Builds the images that make test-cluster runs: this version of the service, the one of
# PREVIOUS (a commit; none if the history has no such commit), and the proxy between the
# service and the file store. The programs are built here and copied into the final stages
# of deploy/Dockerfile, because that is much faster than building them in a container.
set -eu
cd "$(dirname "$0")/.."

engine=${ENGINE:-docker}
# The last commit before migration 10.
previous=${PREVIOUS:-4e4822d}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { echo "cluster-images: $*" >&2; }

quietly() { "$@" >"$work/log" 2>&1 || { status=$?; cat "$work/log" >&2; exit "$status"; }; }

# build SOURCE TAG makes both images of a source tree's program. All else in them is of this
# version, so that the browser and the fonts are installed once.
build() {
  context=$work/$2
  mkdir -p "$context/internal/document/html" "$context/deploy"
  cp go.mod go.sum LICENSE "$context/"
  cp internal/document/html/fonts.txt "$context/internal/document/html/"
  cp deploy/rootfs.sh "$context/deploy/"
  (cd "$1" && CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "$context/letraz-export" ./cmd/letraz-export)
  for image in worker:letraz-export-worker api:letraz-export; do
    quietly "$engine" build -f deploy/Dockerfile --target "${image%%:*}" -t "${image#*:}:$2" --build-arg PROGRAM=letraz-export "$context"
  done
}

say "this version"
build . test-cluster

if git rev-parse --quiet --verify "$previous^{commit}" >/dev/null; then
  say "the version of $previous"
  mkdir "$work/source"
  git archive "$previous" | tar -x -C "$work/source"
  build "$work/source" test-cluster-previous
else
  say "no previous version: this clone's history has no commit $previous"
  "$engine" image rm letraz-export:test-cluster-previous letraz-export-worker:test-cluster-previous >/dev/null 2>&1 || true
fi

say "the proxy"
mkdir "$work/proxy"
(cd internal/testenv/containers && CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "$work/proxy/toxiproxy" github.com/Shopify/toxiproxy/v2/cmd/server)
printf 'FROM scratch\nCOPY toxiproxy /toxiproxy\nENTRYPOINT ["/toxiproxy"]\n' >"$work/proxy/Dockerfile"
quietly "$engine" build -t letraz-export-test-toxiproxy "$work/proxy"
