#!/bin/bash
# Runs once, when the primary's data folder is made: schemas and accounts, which reach the replica with the binary log.
set -eo pipefail

# The password of a service's account is marked with the service's name.
passwords=()
for variable in $(compgen -v DATABASE_PASSWORD_); do
  name=${variable#DATABASE_PASSWORD_}
  passwords+=(-e "s/{{${name,,}}}/${!variable}/")
done

sed "${passwords[@]}" \
    -e "s/{{migrate}}/$DATABASE_MIGRATION_PASSWORD/" \
    -e "s/{{replication}}/$DATABASE_REPLICATION_PASSWORD/" \
    -e "s/{{monitor}}/$DATABASE_MONITOR_PASSWORD/" \
    -e "s/{{monitorPrivileges}}/REPLICATION CLIENT/" \
    /shop/accounts.sql |
  MYSQL_PWD="$MYSQL_ROOT_PASSWORD" mysql --protocol=socket --user=root
