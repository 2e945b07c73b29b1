#!/usr/bin/env bash
# is-primary.sh HOST:PORT [DEFAULTS-FILE]: 0 when the server there takes changes. For health checks: with keepalived.conf the
# address of DATABASE_PRIMARY is on the machine where this says so, with HAProxy it is an external check.
set -euo pipefail
client=$(command -v mysql || command -v mariadb)
[ "$(timeout 2 "$client" --defaults-file="${2:-/etc/shop/monitor.cnf}" --protocol=tcp --host="${1%:*}" --port="${1##*:}" \
  --connect-timeout=1 --batch --skip-column-names --execute="SELECT @@GLOBAL.read_only" 2>/dev/null)" = 0 ]
