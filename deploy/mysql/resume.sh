#!/usr/bin/env bash
# resume.sh SERVER: opens a primary again that was restarted, for every server starts read-only; and the first one of a new
# shop. Safe to run at each start, and twice.
#
# It asks the others first: no other may take changes, more than half of them must be there and still take it for the
# primary, and none may have more than it has.
. "$(dirname "$0")/common.sh"

[ "$#" = 1 ] || fail "usage: resume.sh SERVER, one of: $SERVERS"
is_known "$1" || fail "$1 is not among SERVERS: $SERVERS"
answers "$1" || fail "$1 does not answer"
[ -z "$(source_of "$1")" ] || fail "$1 is a replica of $(source_of "$1")"

others=0 faithful=0
for server in $SERVERS; do
  if [ "$server" = "$1" ]; then continue; fi
  others=$((others + 1))
  if ! answers "$server"; then say "$server does not answer"; continue; fi
  if is_writable "$server"; then fail "$server takes changes: $1 is not the primary any more (see rejoin.sh)"; fi
  if [ "$(source_of "$server")" != "$1" ]; then say "$server follows $(source_of "$server")"; continue; fi
  has_all_of "$1" "$(position_of "$server")" || fail "$server has changes that $1 lost: promote it (promote.sh failover)"
  faithful=$((faithful + 1))
done
[ $((2 * faithful)) -gt "$others" ] || fail "only $faithful of $others other servers take $1 for the primary: it stays closed"
open_to_clients "$1"
