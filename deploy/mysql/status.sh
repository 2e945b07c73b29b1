#!/usr/bin/env bash
# status.sh: every server, whether it takes changes, whom it follows and how far it is. Exit code 1 unless exactly one takes
# changes and all others follow it.
. "$(dirname "$0")/common.sh"

primary="" healthy=0
for server in $SERVERS; do
  if is_writable "$server"; then [ -z "$primary" ] || healthy=1; primary=$server; fi
done
[ -n "$primary" ] || healthy=1

for server in $SERVERS; do
  if ! answers "$server"; then printf '%-22s does not answer\n' "$server"; healthy=1; continue; fi
  position=$(position_of "$server")
  if is_writable "$server"; then printf '%-22s takes changes                    %s\n' "$server" "$position"; continue; fi
  source=$(source_of "$server")
  if [ -z "$source" ]; then printf '%-22s closed, follows nobody           %s\n' "$server" "$position"; healthy=1; continue; fi
  behind=$(ask "$server" "SHOW REPLICA STATUS\\G" | sed -nE 's/^ *Seconds_Behind_(Master|Source): //p')
  printf '%-22s follows %s, %s s behind  %s\n' "$server" "$source" "$behind" "$position"
  if [ "$source" != "$primary" ] || [ "$behind" = NULL ]; then
    healthy=1
    printf '%-22s %s %s\n' "" "$(replica_field "$server" Last_IO_Error)" "$(replica_field "$server" Last_SQL_Error)"
  fi
done
exit "$healthy"
