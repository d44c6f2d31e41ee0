#!/bin/sh
# Installs what letraz-export needs and this machine lacks: a browser, Postgres'
# server programs and fonts to run; poppler-utils, mupdf-tools, qpdf, LibreOffice and
# other programs that read PDFs to test as well.
# Usage: setup.sh run|test. Does nothing, quickly, when all is there.
set -eu

purpose=${1:-run}
fonts=$(dirname "$0")/../internal/document/html/fonts.txt

# Columns 4 and 5 of the list of fonts are Debian's packages and Homebrew's casks.
font_column() { awk -F ' *[|] *' -v column="$1" 'NF == 5 && $column != "-" { print $column }' "$fonts" | sort -u; }

have() { command -v "$1" >/dev/null 2>&1; }

# Go 1.21 and newer fetch the version that go.mod asks for by themselves.
have go || { echo "setup: Go is missing; install version 1.26 or newer: https://go.dev/dl" >&2; exit 1; }

have_browser() {
  [ -n "${LETRAZ_CHROME:-}" ] && return 0
  for name in chromium-headless-shell chrome-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
    have "$name" && return 0
  done
  [ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ] || [ -x "/Applications/Chromium.app/Contents/MacOS/Chromium" ]
}

have_postgres() {
  have initdb && have postgres && return 0
  for dir in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin \
      /Applications/Postgres.app/Contents/Versions/latest/bin; do
    [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ] && return 0
  done
  return 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif have sudo; then sudo env DEBIAN_FRONTEND=noninteractive "$@"
  else
    echo "setup: neither root nor sudo; ask somebody who is to run: $*" >&2
    exit 1
  fi
}

# take PACKAGE FILE... installs programs of a package, and the libraries that they need, for
# packages that would also start a service.
take() {
  package=$1
  shift
  echo "setup: getting $* from the package $package" >&2
  as_root apt-get -qq -o Acquire::Retries=3 update
  dir=$(mktemp -d)
  chmod 755 "$dir"
  (cd "$dir" && apt-get -qq -o Acquire::Retries=3 -o APT::Sandbox::User=root download "$package")
  for library in $(dpkg-deb -f "$dir/$package"_*.deb Depends | tr ',' '\n' | awk '/^ *lib/ && !/^ *libjs-/ { print $1 }'); do want "$library"; done
  for file; do
    dpkg-deb --fsys-tarfile "$dir/$package"_*.deb | tar -xf - -C "$dir" ".$file"
    as_root install -m 755 "$dir$file" "/usr/local/bin/$(basename "$file")"
  done
  rm -rf "$dir"
}

# want adds a package to those that are missing, unless it is there.
want() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed' || missing="$missing $1"; }

setup_apt() {
  missing=
  for font in fontconfig $(font_column 4); do want "$font"; done
  if [ "$purpose" = test ]; then
    want poppler-utils
    want mupdf-tools
    want qpdf
    want libreoffice-writer-nogui
    # promtool checks the alert rules, and a test runs prometheus.
    have promtool && have prometheus || take prometheus /usr/bin/promtool /usr/bin/prometheus
    have pgbouncer || [ -x /usr/sbin/pgbouncer ] || take pgbouncer /usr/sbin/pgbouncer
    # The readers that internal/render compares: PDFBox run by BeanShell, pypdf,
    # pdfminer, and pdf.js in Node.
    have java || want default-jre-headless
    have node || want nodejs
    for package in bsh libpdfbox2-java python3-pypdf python3-pdfminer libjs-pdf; do want "$package"; done
  fi
  browser=
  have_browser || browser=yes
  postgres=
  have_postgres || postgres=yes
  [ -n "$missing$browser$postgres" ] || return 0

  echo "setup: installing with apt-get:$missing${browser:+ a browser}${postgres:+ postgresql}" >&2
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get -qq -o Acquire::Retries=3 update
  if [ -n "$browser" ]; then
    # The headless shell prints faster and is smaller; Ubuntu has neither as a package.
    for name in chromium-headless-shell chromium; do
      if apt-cache policy "$name" | grep -q 'Candidate: [0-9]'; then
        missing="$missing $name"
        browser=
        break
      fi
    done
    if [ -n "$browser" ]; then
      echo "setup: this system's packages have no Chromium; install Google Chrome (https://www.google.com/chrome) or set LETRAZ_CHROME to a browser" >&2
      exit 1
    fi
  fi
  conf=/etc/postgresql-common/createcluster.d/letraz-export-setup.conf
  if [ -n "$postgres" ]; then
    missing="$missing postgresql"
    # Only the programs are wanted: no cluster that runs as a service.
    as_root mkdir -p "${conf%/*}"
    echo 'create_main_cluster = false' | as_root tee "$conf" >/dev/null
  fi
  status=0
  log=$(mktemp)
  # shellcheck disable=SC2086 # a list of words
  as_root apt-get -qq -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 install -y --no-install-recommends $missing >"$log" 2>&1 || status=$?
  [ -z "$postgres" ] || as_root rm -f "$conf"
  [ "$status" = 0 ] || tail -n 20 "$log" >&2
  rm -f "$log"
  if [ "$status" != 0 ]; then
    echo "setup: apt-get could not install:$missing" >&2
    exit "$status"
  fi
}

setup_brew() {
  have_browser || brew install --cask google-chrome
  have_postgres || brew install postgresql@17
  for font in $(font_column 5); do
    brew list --cask "$font" >/dev/null 2>&1 || brew install --cask "$font"
  done
  if [ "$purpose" = test ]; then
    have pdftotext || brew install poppler
    have mutool || brew install mupdf-tools
    have qpdf || brew install qpdf
    { have promtool && have prometheus; } || brew install prometheus
  fi
}

if have apt-get && have dpkg-query; then
  setup_apt
elif have brew; then
  setup_brew
else
  lacking=
  have_browser || lacking="$lacking Chromium (or Google Chrome),"
  have_postgres || lacking="$lacking PostgreSQL's server programs (initdb, postgres),"
  if [ "$purpose" = test ]; then
    have pdftotext || lacking="$lacking poppler's tools (pdftotext),"
    have mutool || lacking="$lacking MuPDF's tools (mutool),"
    have qpdf || lacking="$lacking qpdf,"
    { have promtool && have prometheus; } || lacking="$lacking Prometheus,"
  fi
  if [ -n "$lacking" ]; then
    echo "setup: neither apt-get nor brew is here; install yourself:$lacking and the fonts that $fonts lists" >&2
    exit 1
  fi
fi
