#!/usr/bin/env bash
# rejoin.sh SERVER: makes a server that is back, such as the primary before a failover, a replica of the primary.
#
# It is closed to clients first. Should it have changes that the new primary never got, which were not answered or were lost
# in the failover, it cannot follow and is left closed: make it anew from the primary's data (README.md).
. "$(dirname "$0")/common.sh"

[ "$#" = 1 ] || fail "usage: rejoin.sh SERVER, one of: $SERVERS"
is_known "$1" || fail "$1 is not among SERVERS: $SERVERS"
answers "$1" || fail "$1 does not answer"

primary=""
for server in $SERVERS; do
  if [ "$server" = "$1" ] || ! is_writable "$server"; then continue; fi
  [ -z "$primary" ] || fail "both $primary and $server take changes: split brain. Close one of them first (README.md)"
  primary=$server
done
[ -n "$primary" ] || fail "no other server takes changes: there is nobody to follow"

close_to_clients "$1" || fail "$1 could not be closed"
own=$(position_of "$1")
has_all_of "$primary" "$own" || fail "$1 has changes that $primary lacks ($own): it stays closed and must be made anew"
follow "$1" "$primary" || fail "$1 cannot follow: it stays closed and must be made anew"
set_semi_sync "$primary" ON
