#!/bin/bash
# Runs once, when a replica's data folder is made. The server follows its source from its next start on, by itself.
set -eo pipefail

# Without a retry count of its own MySQL 8.4 gives up after ten attempts; 0 is: never.
MYSQL_PWD="$MYSQL_ROOT_PASSWORD" mysql --protocol=socket --user=root <<SQL
CHANGE REPLICATION SOURCE TO
  SOURCE_HOST = 'mysql-primary', SOURCE_USER = 'shop_replication', SOURCE_PASSWORD = '$DATABASE_REPLICATION_PASSWORD',
  SOURCE_AUTO_POSITION = 1, SOURCE_SSL = 1, GET_SOURCE_PUBLIC_KEY = 1,
  SOURCE_CONNECT_RETRY = 1, SOURCE_RETRY_COUNT = 0, SOURCE_HEARTBEAT_PERIOD = 3;
SET PERSIST super_read_only = ON;
SQL
