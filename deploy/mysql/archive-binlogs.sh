#!/usr/bin/env bash
# archive-binlogs.sh SERVER [--once]: copies the server's binary logs to BACKUP_DIR as they are written, from the oldest that is
# not there yet; with --once what there is now. Run it as a service for the server of which backups are taken.
. "$(dirname "$0")/common.sh"

[ "$#" = 1 ] || [ "$# ${2:-}" = "2 --once" ] || fail "usage: archive-binlogs.sh SERVER [--once]"
is_known "$1" || fail "$1 is not among SERVERS: $SERVERS"
OPERATOR_FILE=$BACKUP_FILE
answers "$1" || fail "$1 does not answer, or not to $BACKUP_FILE"

name=mysqlbinlog
if is_mariadb "$1"; then name=mariadb-binlog; fi
program=$(command -v "$name") || fail "$name is not installed"
until=(--stop-never)
if [ "${2:-}" = --once ]; then until=(--to-last-log); fi

umask 077
folder=$BACKUP_DIR/${1/:/-}/binlogs
mkdir -p "$folder"
# The newest one that is there may be half of it: it is fetched again.
first=$(find "$folder" -type f -printf '%f\n' | sort | tail -1)
there=$(sql "$1" "SHOW BINARY LOGS" | cut -f1)
if [ -z "$first" ]; then first=$(head -1 <<<"$there"); fi
grep -qxF "$first" <<<"$there" || fail "$1 has no $first any more: binary logs are missing between it and $(head -1 <<<"$there"). Take a backup, and move what is in $folder elsewhere"
exec "$program" --defaults-file="$BACKUP_FILE" --protocol=tcp --host="${1%:*}" --port="${1##*:}" \
  --read-from-remote-server --raw "${until[@]}" --result-file="$folder/" "$first"
