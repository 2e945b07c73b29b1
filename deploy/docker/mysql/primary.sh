#!/bin/bash
# Runs once, when the primary's data folder is made: schemas and accounts, which reach the replica with the binary log.
set -eo pipefail

sed -e "s/{{users}}/$DATABASE_PASSWORD_USERS/" \
    -e "s/{{catalog}}/$DATABASE_PASSWORD_CATALOG/" \
    -e "s/{{cart}}/$DATABASE_PASSWORD_CART/" \
    -e "s/{{orders}}/$DATABASE_PASSWORD_ORDERS/" \
    -e "s/{{audit}}/$DATABASE_PASSWORD_AUDIT/" \
    -e "s/{{migrate}}/$DATABASE_MIGRATION_PASSWORD/" \
    -e "s/{{replication}}/$DATABASE_REPLICATION_PASSWORD/" \
    -e "s/{{monitor}}/$DATABASE_MONITOR_PASSWORD/" \
    -e "s/{{monitorPrivileges}}/REPLICATION CLIENT/" \
    /shop/accounts.sql |
  MYSQL_PWD="$MYSQL_ROOT_PASSWORD" mysql --protocol=socket --user=root
