#!/bin/sh
# Makes the Debian package and installs it in a container of Debian: the program runs, the
# account and the files are there, systemd accepts the units and rates them, and the package
# can be removed. Usage: test-package.sh CYCLONEDX-COMMAND NFPM-COMMAND; ENGINE is docker.
set -eu
cd "$(dirname "$0")/.."
engine=${ENGINE:-docker}
arch=$(go env GOARCH)
scripts/base-images.sh debian
ALLOW_DIRTY=1 PLATFORMS=linux/$arch CGO_ENABLED=0 scripts/release.sh "$1" "$2"
set -- dist/release/*_"$arch".deb
[ -f "$1" ] || { echo "test-package: there is no package" >&2; exit 1; }

proxy=${http_proxy:-}
[ -n "$proxy" ] || ! command -v apt-config >/dev/null || { eval "$(apt-config shell proxy Acquire::http::Proxy)"; }
"$engine" run --rm --interactive --network host --env "http_proxy=${proxy:-}" --env VERSION="$(scripts/version.sh)" \
  --volume "$PWD/$1:/letraz-export.deb:ro" debian:bookworm-slim sh -eu <<'INSIDE'
export DEBIAN_FRONTEND=noninteractive
apt-get -qq -o Acquire::Retries=3 update
apt-get -qq -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 install -y --no-install-recommends systemd /letraz-export.deb >/tmp/log 2>&1 || { cat /tmp/log; exit 1; }
fail() { echo "test-package: $*" >&2; exit 1; }
letraz-export version
letraz-export version | grep -qF " $VERSION " || fail "it is not $VERSION"
id letraz-export
[ "$(stat -c %a:%U /etc/letraz-export/letraz-export.env)" = 600:root ] || fail "the settings can be read by others"
for file in bash-completion/completions/letraz-export zsh/vendor-completions/_letraz-export fish/vendor_completions.d/letraz-export.fish; do
  [ -s "/usr/share/$file" ] || fail "there is no /usr/share/$file"
done
cd /lib/systemd/system
systemd-analyze verify letraz-export.service letraz-export@worker.service letraz-export-sweep.service letraz-export-sweep.timer 2>&1 | tee /tmp/verify
! grep -q letraz-export /tmp/verify || fail "systemd does not accept a unit"
# The exposure is from 0 to 10, thresholds are ten times that. A browser needs more than a sweep.
systemd-analyze security --offline=true --threshold=30 letraz-export.service >/tmp/rated || { cat /tmp/rated; fail "letraz-export.service is too exposed"; }
tail -n 1 /tmp/rated
systemd-analyze security --offline=true --threshold=25 letraz-export-sweep.service >/tmp/rated || { cat /tmp/rated; fail "letraz-export-sweep.service is too exposed"; }
tail -n 1 /tmp/rated
apt-get -qq -o Dpkg::Use-Pty=0 remove -y letraz-export >/tmp/log 2>&1 || { cat /tmp/log; exit 1; }
[ ! -e /usr/bin/letraz-export ] || fail "the program is still there"
INSIDE
echo "test-package: installed, checked and removed" >&2
