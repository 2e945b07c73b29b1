#!/usr/bin/env bash
# Makes another server the primary. The shop goes on without a restart: what DATABASE_PRIMARY leads to moves.
#
#   promote.sh switchover NEW                  planned: nothing is lost, changes are refused for a second or so
#   promote.sh failover [NEW] [--accept-loss]  the primary is dead: the replica that has most takes its place
#
# NEW is one of SERVERS in servers.conf. failover refuses while the old primary answers anyone, and while a replica is away
# that may have more than the others; --accept-loss does it without that replica. Exit code: 0 done; 1 nothing was
# changed, or it was changed back; 2 the new primary works, but another server does not follow it.
. "$(dirname "$0")/common.sh"

usage() { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 1; }

# follow_all NEW SERVERS…
follow_all() {
  local new=$1 server code=0
  shift
  for server in "$@"; do
    if [ "$server" != "$new" ]; then follow "$server" "$new" || code=2; fi
  done
  return "$code"
}

open_replica() {
  sql "$1" "STOP REPLICA; RESET REPLICA ALL" 30
  open_to_clients "$1"
}

switchover() {
  local new=$1 old="" server position
  is_known "$new" || fail "$new is not among SERVERS: $SERVERS"
  for server in $SERVERS; do
    answers "$server" || fail "$server does not answer; where it is the primary, see failover"
    if is_writable "$server"; then
      [ -z "$old" ] || fail "both $old and $server take changes: split brain. Close one of them first (README.md)"
      old=$server
    fi
  done
  [ -n "$old" ] || fail "no server takes changes: resume.sh opens a primary that was restarted"
  [ "$old" != "$new" ] || fail "$new is the primary already"
  [ "$(source_of "$new")" = "$old" ] || fail "$new follows $(source_of "$new"), not $old"
  fetches "$new" || fail "$new does not fetch from $old: $(replica_field "$new" Last_IO_Error)"
  position=$(position_of "$old")
  wait_until_applied "$new" "$position" 30 || fail "$new is more than 30 s behind $old: wait until it is not"

  say "$old takes no more changes"
  close_to_clients "$old" || fail "$old could not be closed and goes on: something long is under way there"
  position=$(position_of "$old")
  if ! wait_until_applied "$new" "$position" 10; then
    sql "$old" "SET GLOBAL read_only = OFF"
    fail "$new did not catch up within 10 s: $old is the primary as before"
  fi
  open_replica "$new"
  # Those who came back to the old one before the address led to the new.
  end_connections "$old"
  # shellcheck disable=SC2086
  follow_all "$new" $SERVERS || exit 2
}

failover() {
  local wanted=$1 accept_loss=$2 server replicas=() new="" old="" deadline
  for server in $SERVERS; do
    if ! answers "$server"; then say "$server does not answer"; continue; fi
    if is_writable "$server"; then fail "$server answers and takes changes: it is not dead (see switchover)"; fi
    if [ -n "$(source_of "$server")" ]; then
      replicas+=("$server")
      [ -z "$old" ] || [ "$old" = "$(source_of "$server")" ] || fail "$server follows $(source_of "$server"), others follow $old"
      old=$(source_of "$server")
    else
      fail "$server answers, is closed and follows nobody: if it was the primary, resume.sh opens it again"
    fi
  done
  [ "${#replicas[@]}" -gt 0 ] || fail "no replica answers"
  is_known "$old" || fail "the replicas follow $old, which is not among SERVERS"
  if [ "$accept_loss" = 0 ] && [ $((${#replicas[@]} + 1)) -lt "$(wc -w <<<"$SERVERS")" ]; then
    fail "a replica is away that may have changes which the others lack; --accept-loss goes on without it"
  fi

  # A server that others hear is not dead, whatever it looks like from here.
  deadline=$((SECONDS + 30))
  for server in "${replicas[@]}"; do
    while fetches "$server"; do
      [ "$SECONDS" -lt "$deadline" ] || fail "$server still hears $old, which does not answer here: the network between here and there is broken"
      sleep 0.5
    done
  done
  if [ -n "${FENCE:-}" ]; then "$FENCE" "$old" || fail "$old could not be fenced off"; fi

  # From here on it could feed nobody, should it come back. What was fetched is applied first.
  for server in "${replicas[@]}"; do sql "$server" "STOP REPLICA IO_THREAD" 30; done
  for server in "${replicas[@]}"; do
    wait_until_applied "$server" "$(fetched_by "$server")" 60 || fail "$server does not apply what it has fetched: $(replica_field "$server" Last_SQL_Error)"
  done
  for server in "${replicas[@]}"; do
    if [ -z "$new" ] || ! has_all_of "$new" "$(position_of "$server")"; then new=$server; fi
  done
  if [ -n "$wanted" ] && [ "$wanted" != "$new" ]; then
    [[ " ${replicas[*]} " == *" $wanted "* ]] || fail "$wanted is no replica that answers"
    has_all_of "$wanted" "$(position_of "$new")" || fail "$new has more than $wanted: name that one"
    new=$wanted
  fi
  if [ "${#replicas[@]}" = 1 ] && [ "${SEMI_SYNC:-1}" = 1 ]; then
    SEMI_SYNC=0
    say "no replica is left: until one is back (rejoin.sh), what $new answers is in one place only"
  fi
  open_replica "$new"
  follow_all "$new" "${replicas[@]}" || exit 2
  say "when $old is back: rejoin.sh $old. It must not take changes before that"
}

case "${1:-} $#" in
  "switchover 2") switchover "$2" ;;
  "failover 1") failover "" 0 ;;
  "failover 2") if [ "$2" = --accept-loss ]; then failover "" 1; else failover "$2" 0; fi ;;
  "failover 3") [ "$3" = --accept-loss ] || usage; failover "$2" 1 ;;
  *) usage ;;
esac
