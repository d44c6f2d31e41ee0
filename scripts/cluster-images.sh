#!/bin/sh
# Builds the images that make test-cluster runs: this version of the service, the one of
# PREVIOUS (a commit; none if the history has no such commit), this version with a clock that
# is an hour fast, and the proxies between the service and the file store. The programs are
# built here and copied into the final stages of deploy/Dockerfile, because that is much
# faster than building them in a container.
set -eu
cd "$(dirname "$0")/.."

engine=${ENGINE:-docker}
# The last commit before migration 10.
previous=${PREVIOUS:-4e4822d}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { echo "cluster-images: $*" >&2; }

quietly() { "$@" >"$work/log" 2>&1 || { status=$?; cat "$work/log" >&2; exit "$status"; }; }

# images PROGRAM TAG makes both images of a program. All else in them is of this version, so
# that the browser and the fonts are installed once.
images() {
  context=$work/$2
  mkdir -p "$context/internal/document/html" "$context/deploy"
  cp go.mod go.sum LICENSE "$context/"
  cp internal/document/html/fonts.txt "$context/internal/document/html/"
  cp deploy/rootfs.sh "$context/deploy/"
  cp "$1" "$context/letraz-export"
  for image in worker:letraz-export-worker api:letraz-export; do
    quietly "$engine" build -f deploy/Dockerfile --target "${image%%:*}" -t "${image#*:}:$2" --build-arg PROGRAM=letraz-export "$context"
  done
  rm -rf "$context"
}

# compile SOURCE OUT compiles the program of a source tree.
compile() { (cd "$1" && CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "$2" ./cmd/letraz-export); }

# compile_hasty OUT links this version with a runtime whose clock is an hour fast. A static
# program asks the kernel, so nothing outside of it can change its clock. Only the runtime is
# compiled again: the linker takes everything else from the build cache.
compile_hasty() {
  source=$(go env GOROOT)/src/runtime/time_linux_amd64.s
  awk '{ print } /^\tMOVQ\t16\(SP\), AX\t.*realtime sec/ { print "\tADDQ\t$3600, AX"; n++ } END { exit n != 1 }' "$source" >"$work/clock.s"
  printf '{"Replace": {"%s": "%s"}}' "$source" "$work/clock.s" >"$work/overlay.json"
  CGO_ENABLED=0 go build -trimpath -overlay "$work/overlay.json" -o "$work/runtime.a" runtime
  CGO_ENABLED=0 go list -deps -export -trimpath -ldflags='-s -w' -f '{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}' ./cmd/letraz-export |
    sed "s,^packagefile runtime=.*,packagefile runtime=$work/runtime.a," >"$work/packages"
  go tool link -s -w -importcfg "$work/packages" -o "$1" "$(sed -n 's,^packagefile .*/cmd/letraz-export=,,p' "$work/packages")"
}

say "this version"
compile . "$work/program"
images "$work/program" test-cluster

if [ "$(go env GOARCH)" = amd64 ]; then
  say "this version with a clock that is an hour fast"
  compile_hasty "$work/hasty"
  images "$work/hasty" test-cluster-hasty
else
  say "no version with another clock: that is written for amd64 only"
fi

if git rev-parse --quiet --verify "$previous^{commit}" >/dev/null; then
  say "the version of $previous"
  mkdir "$work/source"
  git archive "$previous" | tar -x -C "$work/source"
  compile "$work/source" "$work/previous"
  images "$work/previous" test-cluster-previous
else
  say "no previous version: this clone's history has no commit $previous"
  "$engine" image rm letraz-export:test-cluster-previous letraz-export-worker:test-cluster-previous >/dev/null 2>&1 || true
fi

say "the proxies"
mkdir "$work/proxies"
(cd internal/testenv/containers && CGO_ENABLED=0 GOFLAGS=-trimpath go build -ldflags='-s -w' -o "$work/proxies/toxiproxy" github.com/Shopify/toxiproxy/v2/cmd/server &&
  CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "$work/proxies/s3front" ./s3front)
printf 'FROM scratch\nCOPY toxiproxy s3front /\n' >"$work/proxies/Dockerfile"
quietly "$engine" build -t letraz-export-test-proxies "$work/proxies"
