#!/bin/sh
# Makes what a release consists of, below dist/release: archives for each platform, Debian
# packages, bills of materials and checksums. Equal commits give equal bytes with equal
# tools, whichever machine makes them.
# Usage: release.sh CYCLONEDX-COMMAND NFPM-COMMAND, each a word or several. PLATFORMS says for
# what (linux/amd64 linux/arm64 darwin/amd64 darwin/arm64).
set -eu
cd "$(dirname "$0")/.."

cyclonedx=$1
nfpm=$2
version=$(scripts/version.sh)
epoch=$(scripts/version.sh epoch)
[ -n "$version" ] || { echo "release: this is no repository with a commit" >&2; exit 1; }
case $version in *+dirty) [ -n "${ALLOW_DIRTY:-}" ] || { echo "release: files differ from the commit" >&2; exit 1; } ;; esac
SOURCE_DATE_EPOCH=$epoch VERSION=$version REVISION=$(scripts/version.sh revision)
export SOURCE_DATE_EPOCH VERSION REVISION
mtime=$(TZ=UTC date -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || TZ=UTC date -r "$epoch" +%Y-%m-%dT%H:%M:%SZ)

dist=dist/release
rm -rf "$dist"
mkdir -p "$dist"
# Completion is the same on every platform; this machine's program prints it.
completions=$(mktemp -d)
trap 'rm -rf "$completions"' EXIT
GOOS= GOARCH= scripts/build.sh "$completions/program"
for shell in bash zsh fish; do "$completions/program" completion "$shell" >"$completions/letraz-export.$shell"; done
rm "$completions/program"
for platform in ${PLATFORMS:-linux/amd64 linux/arm64 darwin/amd64 darwin/arm64}; do
  os=${platform%/*} arch=${platform#*/}
  name=letraz-export_${version}_${os}_$arch
  echo "release: $name" >&2
  dir=$dist/$name
  mkdir "$dir"
  GOOS=$os GOARCH=$arch scripts/build.sh "$dir/letraz-export"
  # What the binary itself says it is made of.
  $cyclonedx bin -json -noserial -version "$version" -output "$dist/$name.cdx.json" "$dir/letraz-export"
  # The time is left out: it differs from run to run.
  sed -i.bak '/"timestamp":/d' "$dist/$name.cdx.json"
  rm "$dist/$name.cdx.json.bak"
  cp LICENSE README.md CHANGELOG.md "$dir/"
  cp -R "$completions" "$dir/completions"
  chmod 755 "$dir/completions"
  [ "$os" != linux ] || cp -R deploy/systemd "$dir/systemd"
  find "$dir" -exec touch -d "$mtime" '{}' +
  tar --sort=name --format=ustar --mtime="@$epoch" --owner=0 --group=0 --numeric-owner --mode=go-w,u+rwX,go+rX -C "$dist" -cf - "$name" | gzip -n9 >"$dist/$name.tar.gz"
  if [ "$os" = linux ]; then
    ARCH=$arch DIR=$dir $nfpm package --config deploy/package/nfpm.yaml --packager deb --target "$dist/" >&2
  fi
  rm -rf "$dir"
done
(cd "$dist" && sha256sum -- * >SHA256SUMS)
echo "release: the files are in $dist" >&2
