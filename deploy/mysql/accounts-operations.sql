-- The accounts of those who run the shop's databases, besides those of the shop in accounts.sql. Run on the primary only, as
-- root. What stands in double braces is a password, or what the two engines call differently:
--   operatorPrivileges  MySQL:   SYSTEM_VARIABLES_ADMIN, REPLICATION_SLAVE_ADMIN, CONNECTION_ADMIN, REPLICATION CLIENT
--                       MariaDB: READ_ONLY ADMIN, REPLICATION MASTER ADMIN, REPLICATION SLAVE ADMIN, CONNECTION ADMIN,
--                                SLAVE MONITOR, BINLOG MONITOR
--   backupPrivileges    MySQL:   REPLICATION CLIENT, RELOAD      MariaDB: BINLOG MONITOR, RELOAD

-- Moves the primary: opens and closes servers, points replicas, ends connections. Sees no data.
CREATE USER IF NOT EXISTS shop_operator@'%' IDENTIFIED BY '{{operator}}';
GRANT PROCESS, RELOAD, {{operatorPrivileges}} ON *.* TO shop_operator@'%';

-- Reads everything of the shop and the binary log, changes nothing.
CREATE USER IF NOT EXISTS shop_backup@'%' IDENTIFIED BY '{{backup}}';
GRANT REPLICATION SLAVE, {{backupPrivileges}} ON *.* TO shop_backup@'%';
-- >> backups (npm run render)
GRANT SELECT, SHOW VIEW, TRIGGER, LOCK TABLES ON shop_after_sales.* TO shop_backup@'%';
GRANT SELECT, SHOW VIEW, TRIGGER, LOCK TABLES ON shop_audit.* TO shop_backup@'%';
GRANT SELECT, SHOW VIEW, TRIGGER, LOCK TABLES ON shop_browsing_history.* TO shop_backup@'%';
GRANT SELECT, SHOW VIEW, TRIGGER, LOCK TABLES ON shop_cart.* TO shop_backup@'%';
GRANT SELECT, SHOW VIEW, TRIGGER, LOCK TABLES ON shop_catalog.* TO shop_backup@'%';
GRANT SELECT, SHOW VIEW, TRIGGER, LOCK TABLES ON shop_favourites.* TO shop_backup@'%';
GRANT SELECT, SHOW VIEW, TRIGGER, LOCK TABLES ON shop_merchants.* TO shop_backup@'%';
GRANT SELECT, SHOW VIEW, TRIGGER, LOCK TABLES ON shop_notifications.* TO shop_backup@'%';
GRANT SELECT, SHOW VIEW, TRIGGER, LOCK TABLES ON shop_orders.* TO shop_backup@'%';
GRANT SELECT, SHOW VIEW, TRIGGER, LOCK TABLES ON shop_reviews.* TO shop_backup@'%';
GRANT SELECT, SHOW VIEW, TRIGGER, LOCK TABLES ON shop_settlements.* TO shop_backup@'%';
GRANT SELECT, SHOW VIEW, TRIGGER, LOCK TABLES ON shop_shipping.* TO shop_backup@'%';
GRANT SELECT, SHOW VIEW, TRIGGER, LOCK TABLES ON shop_statistics.* TO shop_backup@'%';
GRANT SELECT, SHOW VIEW, TRIGGER, LOCK TABLES ON shop_users.* TO shop_backup@'%';
GRANT SELECT, SHOW VIEW, TRIGGER, LOCK TABLES ON shop_webhooks.* TO shop_backup@'%';
-- << backups
