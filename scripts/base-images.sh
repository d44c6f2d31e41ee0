#!/bin/sh
# Makes sure that the images that ours are built from and run beside are there. What can be
# pulled is pulled. Where no registry answers, images of the same names are made here, of
# Debian's packages and Go modules; they have the label letraz-export.base=local.
# Usage: base-images.sh [debian|golang|nats|postgres|s3 ...]. Does nothing, quickly, when all
# are there and, of those that were made here, current.
# ENGINE is the container engine's program (docker), BASE_IMAGES=make never pulls,
# BASE_IMAGES=refresh also makes Debian's and those on it anew, for its updates.
set -eu
cd "$(dirname "$0")/.."

engine=${ENGINE:-docker}
mode=${BASE_IMAGES:-pull}
work=.cache/base-images
go_version=$(sed -n 's/^go \([0-9]*\.[0-9]*\).*/\1/p' go.mod)
nats_version=$(sed -n 's,^\tgithub.com/nats-io/nats-server/v2 v\([0-9.]*\)$,\1,p' go.mod)
versitygw_version=v1.8.0

say() { echo "base-images: $*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

name_of() {
  case $1 in
    debian) echo debian:bookworm-slim ;;
    golang) echo "golang:$go_version-bookworm" ;;
    nats) echo "nats:$nats_version" ;;
    postgres) echo postgres:15-bookworm ;;
    s3) echo "versity/versitygw:$versitygw_version" ;;
    *) say "there is no base image $1"; exit 2 ;;
  esac
}

# label prints a label of an image: nothing if there is no such image or label.
label() { "$engine" image inspect --format "{{index .Config.Labels \"$2\"}}" "$1" 2>/dev/null || true; }

# recipe identifies what an image is made of; an image with another recipe is made again.
# Count the number up when a function make_… changes what is made.
recipe() {
  {
    echo 1
    case $1 in
      debian) ;;
      golang) cat deploy/base/golang.Dockerfile go.mod go.sum; go version; id_of debian ;;
      postgres) cat deploy/base/postgres.Dockerfile deploy/base/postgres.sh; id_of debian ;;
      nats) cat deploy/base/nats.Dockerfile; echo "$nats_version" ;;
      s3) cat deploy/base/versitygw.Dockerfile ;;
    esac
  } | sha256sum | cut -c 1-16
}
id_of() { "$engine" image inspect --format '{{.Id}}' "$(name_of "$1")"; }

# quietly shows the output of a command only if it fails.
quietly() {
  "$@" >"$work/log" 2>&1 || { status=$?; cat "$work/log" >&2; exit "$status"; }
}

# build makes an image of a context that was laid before. Proxies are passed on for the
# build only.
build() {
  what=$1 file=$2
  image=$(name_of "$what")
  say "making $image"
  set -- build --quiet -f "deploy/base/$file" -t "$image" --label letraz-export.base=local --label "letraz-export.recipe=$(recipe "$what")"
  proxy=$(apt_proxy)
  [ -z "$proxy" ] || set -- "$@" --build-arg "http_proxy=$proxy"
  quietly "$engine" "$@" "$work/$what"
  rm -rf "${work:?}/$what"
}

# context lays an empty directory for a build.
context() { rm -rf "${work:?}/$1" && mkdir -p "$work/$1"; }

apt_proxy() {
  [ -z "${http_proxy:-}" ] || { echo "$http_proxy"; return; }
  have apt-config || return 0
  eval "$(apt-config shell proxy Acquire::http::Proxy)"
  echo "${proxy:-}"
}

make_debian() {
  if ! have mmdebstrap; then
    say "installing mmdebstrap"
    if [ "$(id -u)" = 0 ]; then set -- env; else set -- sudo; fi
    "$@" apt-get -qq -o Acquire::Retries=3 update
    "$@" apt-get -qq install -y --no-install-recommends mmdebstrap uidmap >/dev/null
  fi
  say "making $(name_of debian)"
  mkdir -p "$work"
  # The same files are left out as in the official image.
  set -f
  set --
  for path in doc/* groff/* info/* lintian/* linda/* locale/* man/*; do set -- "$@" --dpkgopt="path-exclude=/usr/share/$path"; done
  set -- "$@" --dpkgopt='path-include=/usr/share/doc/*/copyright'
  set +f
  proxy=$(apt_proxy)
  http_proxy=$proxy mmdebstrap --quiet --variant=minbase --aptopt='Acquire::Retries "3"' "$@" bookworm "$work/debian.tar"
  "$engine" import --change 'CMD ["bash"]' --change 'LABEL letraz-export.base=local' \
    --change "LABEL letraz-export.recipe=$(recipe debian)" "$work/debian.tar" "$(name_of debian)" >/dev/null
  rm "$work/debian.tar"
}

make_golang() {
  context golang
  # A cache of downloads is also a module proxy. It is filled from this machine's.
  GOMODCACHE=$PWD/$work/golang/cache GOFLAGS=-modcacherw GOPROXY="file://$(go env GOMODCACHE)/cache/download,$(go env GOPROXY)" go mod download
  mv "$work/golang/cache/cache/download" "$work/golang/modules"
  rm -rf "$work/golang/cache" "$work/golang/modules/sumdb"
  mkdir "$work/golang/go"
  tar -C "$(go env GOROOT)" --exclude=./test --exclude=./doc --exclude=./api --exclude=./misc -cf - . | tar -C "$work/golang/go" -xf -
  build golang golang.Dockerfile
}

# install builds a Go program, statically linked, into the context of an image.
install() { CGO_ENABLED=0 GOFLAGS=-trimpath GOBIN=$PWD/$work/$1 go install -ldflags='-s -w' "$2"; }

make_nats() {
  context nats
  install nats "github.com/nats-io/nats-server/v2@v$nats_version"
  printf 'port: 4222\nmonitor_port: 8222\n' >"$work/nats/nats-server.conf"
  build nats nats.Dockerfile
}

make_postgres() {
  context postgres
  cp deploy/base/postgres.sh "$work/postgres/"
  build postgres postgres.Dockerfile
}

make_s3() {
  context s3
  install s3 "github.com/versity/versitygw/cmd/versitygw@$versitygw_version"
  build s3 versitygw.Dockerfile
}

# pull pulls an image, unless a registry has not answered before.
pull() {
  [ "$mode" = pull ] || return 1
  "$engine" pull --quiet "$1" >/dev/null 2>&1 && return 0
  say "$1 cannot be pulled: base images are made here"
  mode='make'
  return 1
}

need() {
  image=$(name_of "$1")
  if "$engine" image inspect "$image" >/dev/null 2>&1; then
    [ "$(label "$image" letraz-export.base)" = local ] || return 0 # the official one
    [ "$mode" = refresh ] && [ "$1" = debian ] || [ "$(label "$image" letraz-export.recipe)" != "$(recipe "$1")" ] || return 0
  elif pull "$image"; then
    return 0
  fi
  case $1 in golang | postgres) need debian ;; esac
  "make_$1"
}

have "$engine" || { say "there is no $engine"; exit 1; }
[ $# -gt 0 ] || set -- debian golang nats postgres s3
for base; do need "$base"; done
