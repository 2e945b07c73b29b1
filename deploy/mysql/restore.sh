#!/usr/bin/env bash
# restore.sh BACKUP HOST:PORT DEFAULTS-FILE [--to 'YYYY-MM-DD HH:MM:SS']: the shop's data as they were at that moment (UTC,
# what came before the second), or as late as the archived binary logs go, on an empty server.
#
# BACKUP is a folder that backup.sh printed; DEFAULTS-FILE logs in with all rights. The binary logs are those that
# archive-binlogs.sh keeps beside it. The events of the last hour before the moment are put back into the outboxes: those
# that were on their way then would be lost otherwise, and all others are passed over by whoever has taken them in.
# Start the restored shop with a NAMESPACE that was never used, so that it finds empty queues and an empty cache.
set -euo pipefail
export TZ=UTC LC_ALL=C
here=$(dirname "$0")
fail() { echo "restore.sh: $*" >&2; exit 1; }
say() { echo "$(date +%H:%M:%S) $*"; }

[ "$#" = 3 ] || [ "$# ${4:-}" = "5 --to" ] || fail "usage: restore.sh BACKUP HOST:PORT DEFAULTS-FILE [--to 'YYYY-MM-DD HH:MM:SS']"
backup=$1 target=$2 defaults=$3
moment=${5:-$(date '+%Y-%m-%d %H:%M:%S' --date=tomorrow)}
date --date="$moment" >/dev/null 2>&1 || fail "$moment is no moment like 2026-11-24 09:30:00"
[ -r "$backup/dump.sql.gz" ] || fail "there is no dump.sql.gz in $backup"

client=$(command -v mysql || command -v mariadb) || fail "neither mysql nor mariadb is installed"
run() { "$client" --defaults-file="$defaults" --protocol=tcp --host="${target%:*}" --port="${target##*:}" --default-character-set=utf8mb4 --binary-mode --batch --skip-column-names "$@"; }
version=$(run --execute="SELECT VERSION()") || fail "$target does not answer"
reader=mysqlbinlog alone=(--skip-gtids)
if [[ $version == *MariaDB* ]]; then reader=mariadb-binlog alone=(); fi
command -v "$reader" >/dev/null || fail "$reader is not installed"
[ -z "$(run --execute="SHOW DATABASES LIKE 'shop\\_%'" | while read -r name; do run --execute="SHOW TABLES FROM $name"; done)" ] ||
  fail "$target has data of a shop already: it must be empty"

# Where the dump stands in the binary logs of its server; CHANGE MASTER TO or CHANGE REPLICATION SOURCE TO, in a comment.
where=$(zcat "$backup/dump.sql.gz" | head -200 | grep -m1 -E '_LOG_FILE=' || true)
file=$(sed -E "s/.*_LOG_FILE='([^']+)'.*/\1/" <<<"$where")
start=$(sed -E 's/.*_LOG_POS=([0-9]+).*/\1/' <<<"$where")
logs=() all=()
for log in "$backup"/../binlogs/*; do
  [ -f "$log" ] || continue
  all+=("$log")
  if [[ ! $(basename "$log") < $file ]]; then logs+=("$log"); fi
done
[ "${#logs[@]}" -gt 0 ] && [ "$(basename "${logs[0]}")" = "$file" ] || fail "the binary log $file, with which the dump goes on, is not in $backup/../binlogs"

say "loading $backup"
{ echo "SET SESSION sql_log_bin = 0;"; zcat "$backup/dump.sql.gz"; } | run
say "applying binary logs from $file, $start to $moment"
"$reader" --no-defaults --disable-log-bin "${alone[@]}" --start-position="$start" --stop-datetime="$moment" "${logs[@]}" | run
say "putting events back"
# Without --to the end is where the newest log ends.
end=${5:-$(date --reference="${logs[-1]}" '+%Y-%m-%d %H:%M:%S')}
since=$(date --date="$end UTC - 1 hour" '+%Y-%m-%d %H:%M:%S')
"$reader" --no-defaults --verbose --base64-output=DECODE-ROWS --start-datetime="$since" --stop-datetime="$moment" "${all[@]}" |
  awk -v mariadb="$([[ $version == *MariaDB* ]] && echo 1 || echo 0)" -f "$here/outbox-events.awk" | run
say "restored to $target. Now: npm run verify, with its address in DATABASE_PRIMARY and a NAMESPACE that was never used"
