#!/bin/sh
# Makes the account. Nothing is started: a service that was running is restarted with the
# new program, after migrate has run if the release says so.
set -e
if command -v systemd-sysusers >/dev/null 2>&1; then
  systemd-sysusers letraz-export.conf
elif ! getent passwd letraz-export >/dev/null; then
  useradd --system --user-group --home-dir /var/lib/letraz-export --shell /usr/sbin/nologin letraz-export
fi
if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
