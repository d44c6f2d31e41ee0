#!/bin/sh
# Lays the files of the worker's image, without the program: the browser, the libraries it
# loads, fonts, and of Debian's packages no more than that. Runs in an image in which the
# packages are installed.
# Usage: rootfs.sh DIRECTORY
set -eu

root=$1
chromium=/usr/lib/chromium
list=$(mktemp)

# The browser. It finds its other files beside itself; GPU and software rendering are off.
for file in chromium-headless-shell icudtl.dat snapshot_blob.bin v8_context_snapshot.bin \
    headless_command_resources.pak headless_lib_data.pak headless_lib_strings.pak; do
  [ ! -e "$chromium/$file" ] || echo "$chromium/$file"
done >>"$list"

# Its libraries: those that it is linked with, and those that NSS opens.
libraries=$(dirname "$(ldconfig -p | awk '$1 == "libnss3.so" { print $NF; exit }')")
for file in "$libraries"/libsoftokn3.so "$libraries"/libfreebl3.so "$libraries"/libfreeblpriv3.so "$libraries"/libnssckbi.so; do
  [ ! -e "$file" ] || echo "$file"
done >>"$list"
linked=$(ldd "$chromium/chromium-headless-shell")
case $linked in *'not found'*)
  echo "rootfs: the browser lacks libraries:" >&2
  echo "$linked" | grep 'not found' >&2
  exit 1
  ;;
esac
# shellcheck disable=SC2129 # the parts have nothing to do with each other
echo "$linked" | awk '/=> \// { print $3 } $1 ~ /^\// { print $1 }' >>"$list"

# Fonts and what fontconfig reads.
# shellcheck disable=SC2016 # dpkg's variable
for package in fontconfig-config $(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 'fonts-*' | sed -n 's/^installed //p'); do dpkg-query -L "$package"; done |
  grep -E '^/(etc/fonts|usr/share/(fonts|fontconfig))/' >>"$list"
find /etc/fonts -type l >>"$list"

printf '%s\n' /etc/ssl/certs/ca-certificates.crt /etc/nsswitch.conf >>"$list"

# Everything is copied under the path by which it is found, symbolic links with what they
# lead to. A merged /usr is kept, so /lib stays a link.
for link in /lib /lib64 /bin /sbin; do
  [ ! -L "$link" ] || echo "$link"
done >>"$list"
sort -u "$list" | while read -r path; do
  while [ -L "$path" ]; do
    echo "$path"
    target=$(readlink "$path")
    case $target in /*) path=$target ;; *) path=$(realpath -s "$(dirname "$path")/$target") ;; esac
  done
  [ -d "$path" ] || echo "$path"
done | while read -r path; do echo "$(realpath "$(dirname "$path")" | sed 's,^/$,,')/$(basename "$path")"; done | sort -u >"$list.all"
mkdir -p "$root/usr/lib" "$root/usr/lib64" "$root/usr/bin" "$root/usr/sbin" "$root/etc" "$root/tmp"
chmod 1777 "$root/tmp"
tar -C / --no-recursion -cf "$list.tar" -T "$list.all"
tar -C "$root" -xf "$list.tar"

echo 'root:x:0:0:root:/:/sbin/nologin
nonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin' >"$root/etc/passwd"
echo 'root:x:0:
nonroot:x:65532:' >"$root/etc/group"
grep -E '^(PRETTY_NAME|NAME|VERSION_ID|VERSION|VERSION_CODENAME|ID|HOME_URL|BUG_REPORT_URL)=' /etc/os-release >"$root/etc/os-release"

# The packages of these files: their licences, their entries where scanners look for them, and
# a bill of materials.
while read -r path; do
  dpkg-query -S "$path" "${path#/usr}" 2>/dev/null || true
done <"$list.all" | sed -n 's,^\([^: ]*\)\(:[a-z0-9]*\)\?: /.*,\1,p' | sort -u >"$list.packages"
mkdir -p "$root/var/lib/dpkg/status.d" "$root/usr/share/doc"
sbom=$root/usr/share/doc/debian-packages.cdx.json
printf '{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[' >"$sbom"
comma=
while read -r package; do
  dpkg-query -s "$package" >"$root/var/lib/dpkg/status.d/$package"
  mkdir -p "$root/usr/share/doc/$package"
  cp -L "/usr/share/doc/$package/copyright" "$root/usr/share/doc/$package/"
  printf '%s\n' "$comma" >>"$sbom"
  # shellcheck disable=SC2016 # dpkg's variables
  dpkg-query -W -f '{"type":"library","name":"${Package}","version":"${Version}","purl":"pkg:deb/debian/${Package}@${Version}?arch=${Architecture}"}' "$package" | sed '/purl/s/@\([0-9]*\):/@\1%3A/' >>"$sbom"
  comma=,
done <"$list.packages"
printf '\n]}\n' >>"$sbom"

# Equal packages give equal files: times and caches depend on nothing else. The cache of the
# fonts is read by every browser that starts.
find "$root" -exec touch -h -d "@${SOURCE_DATE_EPOCH:-0}" '{}' +
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-0} fc-cache --sysroot="$root" --force --system-only
find "$root/var" -exec touch -h -d "@${SOURCE_DATE_EPOCH:-0}" '{}' +
rm -f "$list" "$list".*
