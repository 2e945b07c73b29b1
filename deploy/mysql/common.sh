# What the scripts beside it share; they source it. Every script works with MySQL 8.4 and with MariaDB 10.6 and newer.
set -euo pipefail
export TZ=UTC LC_ALL=C

me=$(basename "$0")
say() { echo "$(date +%H:%M:%S.%3N) $*"; }
fail() { echo "$me: $*" >&2; exit 1; }

servers_conf=${SHOP_SERVERS_CONF:-/etc/shop/servers.conf}
[ -r "$servers_conf" ] || fail "$servers_conf cannot be read: copy servers.conf there, or name another in SHOP_SERVERS_CONF"
# shellcheck source=servers.conf
. "$servers_conf"
client=$(command -v mysql || command -v mariadb) || fail "neither mysql nor mariadb is installed: the client is needed"

# ask SERVER STATEMENTS [SECONDS [OPTION…]]: runs them as the operator and prints what they answer, columns separated by
# tabs. A server that does not answer fails within so many seconds. Passwords are in files and on standard input only.
ask() {
  printf '%s\n' "$2" | timeout "${3:-10}" "$client" --defaults-file="$OPERATOR_FILE" --protocol=tcp \
    --host="${1%:*}" --port="${1##*:}" --connect-timeout=3 --batch --raw "${@:4}"
}
sql() { ask "$1" "$2" "${3:-10}" --skip-column-names; }

declare -A engine
is_mariadb() {
  [ -n "${engine[$1]:-}" ] || engine[$1]=$(sql "$1" "SELECT VERSION()" 5) || return 1
  [[ ${engine[$1]} == *MariaDB* ]]
}
# Whether the server can be used; what it is, is known from then on.
answers() { sql "$1" "SELECT 1" 5 >/dev/null 2>&1 && { is_mariadb "$1" || [ -n "${engine[$1]:-}" ]; }; }
is_writable() { [ "$(sql "$1" "SELECT @@GLOBAL.read_only" 5 2>/dev/null)" = 0 ]; }
is_known() { [[ " $SERVERS " == *" $1 "* ]]; }

# replica_field SERVER NAME: one field of SHOW REPLICA STATUS, which the two engines name differently; empty when it is none.
replica_field() {
  ask "$1" "SHOW REPLICA STATUS\\G" 5 | sed -nE "s/^ *(Slave_|Master_|Replica_|Source_)?$2: ?//p" | head -1
}
source_of() { local host; host=$(replica_field "$1" Host); [ -z "$host" ] || echo "$host:$(replica_field "$1" Port)"; }
fetches() { [ "$(replica_field "$1" IO_Running)" = Yes ]; }

# Where a server is in the history of changes: what it has written or applied, and what it has fetched.
position_of() {
  if is_mariadb "$1"; then sql "$1" "SELECT @@GLOBAL.gtid_current_pos"; else sql "$1" "SELECT REPLACE(@@GLOBAL.gtid_executed, '\n', '')"; fi
}
fetched_by() {
  if is_mariadb "$1"; then replica_field "$1" Gtid_IO_Pos; return; fi
  ask "$1" "SHOW REPLICA STATUS\\G" | sed -n '/Retrieved_Gtid_Set:/,/Executed_Gtid_Set:/p' | sed -e '$d' -e 's/^.*: *//' | tr -d ' \n'
}

# wait_until_applied SERVER POSITION SECONDS: fails when the server has not come so far by then.
wait_until_applied() {
  local wait="WAIT_FOR_EXECUTED_GTID_SET"
  if is_mariadb "$1"; then wait="MASTER_GTID_WAIT"; fi
  [ "$(sql "$1" "SELECT $wait('$2', $3)" $(($3 + 5)))" = 0 ]
}

# has_all_of SERVER POSITION: whether the server has everything up to there.
has_all_of() {
  if ! is_mariadb "$1"; then [ "$(sql "$1" "SELECT GTID_SUBSET('$2', @@GLOBAL.gtid_executed)")" = 1 ]; return; fi
  local own theirs
  own=$(position_of "$1")
  for theirs in ${2//,/ }; do
    local domain=${theirs%%-*} has=0 gtid
    for gtid in ${own//,/ }; do if [ "${gtid%%-*}" = "$domain" ]; then has=${gtid##*-}; fi; done
    [ "$has" -ge "${theirs##*-}" ] || return 1
  done
}

# From here on no client changes anything there, and no connection stays over which it could read what is old by then. Fails,
# with everything as it was, when something under way there does not come to its end.
close_to_clients() {
  local variable=super_read_only
  if is_mariadb "$1"; then variable=read_only; fi
  sql "$1" "SET SESSION lock_wait_timeout = 5; SET GLOBAL $variable = ON" || return 1
  end_connections "$1"
}

end_connections() {
  local kills
  kills=$(sql "$1" "SELECT CONCAT('KILL ', id, ';') FROM information_schema.PROCESSLIST WHERE id <> CONNECTION_ID()
    AND user NOT IN ('system user', 'event_scheduler', '$REPLICATION_USER')") || return 1
  # Some are gone by the time that it is their turn.
  ask "$1" "$kills" 10 --force 2>/dev/null || true
}

# set_semi_sync SERVER ON|OFF: whether its commits wait for a replica.
set_semi_sync() {
  local name=rpl_semi_sync_source_enabled
  if is_mariadb "$1"; then name=rpl_semi_sync_master_enabled; fi
  if [ "${SEMI_SYNC:-1}" = 1 ]; then sql "$1" "SET GLOBAL $name = $2"; fi
}

open_to_clients() {
  set_semi_sync "$1" ON
  sql "$1" "SET GLOBAL read_only = OFF"
  if [ -n "${REPOINT:-}" ]; then "$REPOINT" "$1"; fi
  say "$1 is the primary and takes changes"
}

# follow SERVER PRIMARY: makes the server, which must be closed, a replica. Fails when its history is not the primary's.
follow() {
  local host=${2%:*} port=${2##*:} deadline=$((SECONDS + 20)) position from="" change proof=""
  set_semi_sync "$1" OFF || return 1
  if is_mariadb "$1"; then
    # What it wrote itself, as a primary, it has: it goes on from there.
    if [ -z "$(source_of "$1")" ]; then from="SET GLOBAL gtid_slave_pos = @@GLOBAL.gtid_binlog_pos;"; fi
    change="CHANGE MASTER TO MASTER_HOST='$host', MASTER_PORT=$port, MASTER_USER='$REPLICATION_USER',
      MASTER_PASSWORD='$REPLICATION_PASSWORD', MASTER_SSL=${REPLICATION_TLS:-0}, MASTER_USE_GTID=slave_pos,
      MASTER_CONNECT_RETRY=1, MASTER_HEARTBEAT_PERIOD=3"
    # MariaDB compares numbers: two histories that parted are the same to it until one is longer. This makes the primary's
    # longer, by an entry in its log that changes nothing, and only a replica of that history can have it.
    proof="FLUSH USER_RESOURCES"
  else
    change="CHANGE REPLICATION SOURCE TO SOURCE_HOST='$host', SOURCE_PORT=$port, SOURCE_USER='$REPLICATION_USER',
      SOURCE_PASSWORD='$REPLICATION_PASSWORD', SOURCE_SSL=${REPLICATION_TLS:-0}, GET_SOURCE_PUBLIC_KEY=1,
      SOURCE_AUTO_POSITION=1, SOURCE_CONNECT_RETRY=1, SOURCE_RETRY_COUNT=0, SOURCE_HEARTBEAT_PERIOD=3"
  fi
  sql "$1" "STOP REPLICA; $from $change; START REPLICA" 30 || return 1
  if [ -n "$proof" ]; then sql "$2" "$proof" || true; fi
  position=$(position_of "$2") || return 1
  until wait_until_applied "$1" "$position" 1; do
    local io applying
    io=$(replica_field "$1" Last_IO_Errno) applying=$(replica_field "$1" Last_SQL_Errno)
    # 1236 and 13114: the primary does not have what would come next.
    if [[ $io =~ ^(1236|13114)$ || ${applying:-0} != 0 || $SECONDS -ge $deadline ]]; then
      if [ "${applying:-0}" = 0 ] && fetches "$1"; then say "$1 follows $2, and is behind"; return 0; fi
      echo "$1 does not follow $2: $(replica_field "$1" Last_IO_Error) $(replica_field "$1" Last_SQL_Error)" >&2
      return 1
    fi
  done
  say "$1 follows $2"
}
