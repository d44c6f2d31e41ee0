#!/bin/sh
# Stops the services when the package is removed, not when it is replaced.
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
  systemctl disable --now letraz-export-sweep.timer 'letraz-export@*.service' letraz-export.service
fi
