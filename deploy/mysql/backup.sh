#!/usr/bin/env bash
# backup.sh SERVER: all data of the shop as one moment of one server, into BACKUP_DIR. Take it of a replica: it holds up
# nobody there. All services' databases are in one snapshot, so they agree with each other.
#
# No migration may run meanwhile. Together with archive-binlogs.sh of the same server, restore.sh can go from there to any
# later moment. Prints the backup's folder.
. "$(dirname "$0")/common.sh"

[ "$#" = 1 ] || fail "usage: backup.sh SERVER, one of: $SERVERS"
is_known "$1" || fail "$1 is not among SERVERS: $SERVERS"
OPERATOR_FILE=$BACKUP_FILE
answers "$1" || fail "$1 does not answer, or not to $BACKUP_FILE"

if is_mariadb "$1"; then
  program=$(command -v mariadb-dump) || fail "mariadb-dump is not installed"
  options=(--master-data=2 --gtid)
else
  program=$(command -v mysqldump) || fail "mysqldump is not installed"
  # What the server has applied is noted for a replica that is made of this, in a comment.
  options=(--source-data=2 --set-gtid-purged=COMMENTED --no-tablespaces)
fi

# The account sees the schemas of services and no other.
schemas=$(sql "$1" "SHOW DATABASES LIKE 'shop\\_%'") && [ -n "$schemas" ] || fail "$1 shows $BACKUP_FILE no schema of the shop"

umask 077
folder=$BACKUP_DIR/${1/:/-}/$(date +%Y-%m-%dT%H%M%SZ)
mkdir -p "$folder.unfinished"
"$program" --defaults-file="$BACKUP_FILE" --protocol=tcp --host="${1%:*}" --port="${1##*:}" \
  --single-transaction --quick --hex-blob --triggers --routines=0 "${options[@]}" \
  --databases $schemas | gzip -1 >"$folder.unfinished/dump.sql.gz"
# A dump that was cut off has no last line.
zcat "$folder.unfinished/dump.sql.gz" | tail -1 | grep -q '^-- Dump completed' || fail "the dump in $folder.unfinished is not complete"
mv "$folder.unfinished" "$folder"
echo "$folder"
