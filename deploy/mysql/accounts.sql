-- The shop's schemas and accounts, for MySQL and MariaDB. Run on the primary only, as root: the replicas get them through
-- replication. What stands in double braces is a password; monitorPrivileges is REPLICATION CLIENT on MySQL, and
-- SLAVE MONITOR, BINLOG MONITOR on MariaDB. The accounts of operators and backups are in accounts-operations.sql.
-- '%' may be replaced by the network of the shop's nodes.

-- >> schemas (npm run render)
CREATE DATABASE IF NOT EXISTS shop_after_sales;
CREATE DATABASE IF NOT EXISTS shop_audit;
CREATE DATABASE IF NOT EXISTS shop_browsing_history;
CREATE DATABASE IF NOT EXISTS shop_cart;
CREATE DATABASE IF NOT EXISTS shop_catalog;
CREATE DATABASE IF NOT EXISTS shop_favourites;
CREATE DATABASE IF NOT EXISTS shop_merchants;
CREATE DATABASE IF NOT EXISTS shop_notifications;
CREATE DATABASE IF NOT EXISTS shop_orders;
CREATE DATABASE IF NOT EXISTS shop_reviews;
CREATE DATABASE IF NOT EXISTS shop_settlements;
CREATE DATABASE IF NOT EXISTS shop_shipping;
CREATE DATABASE IF NOT EXISTS shop_statistics;
CREATE DATABASE IF NOT EXISTS shop_users;
CREATE DATABASE IF NOT EXISTS shop_webhooks;
-- << schemas

-- One account per service: rows of its own schema and nothing else, so that a hole in one service does not open another.
-- >> services (npm run render)
CREATE USER IF NOT EXISTS shop_after_sales@'%' IDENTIFIED BY '{{after_sales}}';
CREATE USER IF NOT EXISTS shop_audit@'%' IDENTIFIED BY '{{audit}}';
CREATE USER IF NOT EXISTS shop_browsing_history@'%' IDENTIFIED BY '{{browsing_history}}';
CREATE USER IF NOT EXISTS shop_cart@'%' IDENTIFIED BY '{{cart}}';
CREATE USER IF NOT EXISTS shop_catalog@'%' IDENTIFIED BY '{{catalog}}';
CREATE USER IF NOT EXISTS shop_favourites@'%' IDENTIFIED BY '{{favourites}}';
CREATE USER IF NOT EXISTS shop_merchants@'%' IDENTIFIED BY '{{merchants}}';
CREATE USER IF NOT EXISTS shop_notifications@'%' IDENTIFIED BY '{{notifications}}';
CREATE USER IF NOT EXISTS shop_orders@'%' IDENTIFIED BY '{{orders}}';
CREATE USER IF NOT EXISTS shop_reviews@'%' IDENTIFIED BY '{{reviews}}';
CREATE USER IF NOT EXISTS shop_settlements@'%' IDENTIFIED BY '{{settlements}}';
CREATE USER IF NOT EXISTS shop_shipping@'%' IDENTIFIED BY '{{shipping}}';
CREATE USER IF NOT EXISTS shop_statistics@'%' IDENTIFIED BY '{{statistics}}';
CREATE USER IF NOT EXISTS shop_users@'%' IDENTIFIED BY '{{users}}';
CREATE USER IF NOT EXISTS shop_webhooks@'%' IDENTIFIED BY '{{webhooks}}';
GRANT SELECT, INSERT, UPDATE, DELETE ON shop_after_sales.* TO shop_after_sales@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON shop_browsing_history.* TO shop_browsing_history@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON shop_cart.* TO shop_cart@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON shop_catalog.* TO shop_catalog@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON shop_favourites.* TO shop_favourites@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON shop_merchants.* TO shop_merchants@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON shop_notifications.* TO shop_notifications@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON shop_orders.* TO shop_orders@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON shop_reviews.* TO shop_reviews@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON shop_settlements.* TO shop_settlements@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON shop_shipping.* TO shop_shipping@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON shop_statistics.* TO shop_statistics@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON shop_users.* TO shop_users@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON shop_webhooks.* TO shop_webhooks@'%';

-- The audit trail only grows: not even its own service can change or remove an entry, or what vouches for it.
GRANT SELECT, INSERT ON shop_audit.* TO shop_audit@'%';
-- The rows that it does change: where the trail ends, its background tasks, what waits to be delivered and what was. A right on a
-- table that is not there yet can be given together with the one to make it, which is taken back at once.
GRANT CREATE, UPDATE ON shop_audit.audit_head TO shop_audit@'%';
GRANT CREATE, UPDATE, DELETE ON shop_audit.outbox TO shop_audit@'%';
GRANT CREATE, DELETE ON shop_audit.inbox TO shop_audit@'%';
GRANT CREATE, UPDATE, DELETE ON shop_audit.tasks TO shop_audit@'%';
GRANT CREATE, UPDATE, DELETE ON shop_audit.files TO shop_audit@'%';
GRANT CREATE, UPDATE, DELETE ON shop_audit.file_chunks TO shop_audit@'%';
GRANT CREATE, UPDATE, DELETE ON shop_audit.schedules TO shop_audit@'%';
REVOKE CREATE ON shop_audit.audit_head FROM shop_audit@'%';
REVOKE CREATE ON shop_audit.outbox FROM shop_audit@'%';
REVOKE CREATE ON shop_audit.inbox FROM shop_audit@'%';
REVOKE CREATE ON shop_audit.tasks FROM shop_audit@'%';
REVOKE CREATE ON shop_audit.files FROM shop_audit@'%';
REVOKE CREATE ON shop_audit.file_chunks FROM shop_audit@'%';
REVOKE CREATE ON shop_audit.schedules FROM shop_audit@'%';

-- Only this procedure removes old entries, in batches from the beginning of the trail: entries that a checkpoint covers
-- and that are at least 30 days old. It runs with the privileges of a locked account.
CREATE USER IF NOT EXISTS shop_audit_remover@localhost ACCOUNT LOCK;
GRANT CREATE, SELECT, DELETE ON shop_audit.audit_events TO shop_audit_remover@localhost;
GRANT CREATE, SELECT ON shop_audit.audit_checkpoints TO shop_audit_remover@localhost;
REVOKE CREATE ON shop_audit.audit_events FROM shop_audit_remover@localhost;
REVOKE CREATE ON shop_audit.audit_checkpoints FROM shop_audit_remover@localhost;
DROP PROCEDURE IF EXISTS shop_audit.remove_old_entries;
CREATE DEFINER = shop_audit_remover@localhost PROCEDURE shop_audit.remove_old_entries(IN up_to BIGINT)
  MODIFIES SQL DATA SQL SECURITY DEFINER
  DELETE FROM shop_audit.audit_events
  WHERE position <= up_to AND position <= (SELECT MAX(position) FROM shop_audit.audit_checkpoints)
    AND occurred_at < (UNIX_TIMESTAMP() - 2592000) * 1000
  ORDER BY position LIMIT 500;
GRANT EXECUTE ON PROCEDURE shop_audit.remove_old_entries TO shop_audit_remover@localhost;
GRANT EXECUTE ON PROCEDURE shop_audit.remove_old_entries TO shop_audit@'%';
-- << services

-- Migrations change tables, and move rows while they do.
CREATE USER IF NOT EXISTS shop_migrate@'%' IDENTIFIED BY '{{migrate}}';
-- >> migrations (npm run render)
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON shop_after_sales.* TO shop_migrate@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON shop_audit.* TO shop_migrate@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON shop_browsing_history.* TO shop_migrate@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON shop_cart.* TO shop_migrate@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON shop_catalog.* TO shop_migrate@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON shop_favourites.* TO shop_migrate@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON shop_merchants.* TO shop_migrate@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON shop_notifications.* TO shop_migrate@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON shop_orders.* TO shop_migrate@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON shop_reviews.* TO shop_migrate@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON shop_settlements.* TO shop_migrate@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON shop_shipping.* TO shop_migrate@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON shop_statistics.* TO shop_migrate@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON shop_users.* TO shop_migrate@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON shop_webhooks.* TO shop_migrate@'%';
-- << migrations

-- The replicas fetch the binary log with this one.
CREATE USER IF NOT EXISTS shop_replication@'%' IDENTIFIED BY '{{replication}}';
GRANT REPLICATION SLAVE ON *.* TO shop_replication@'%';

-- Sees how replication goes, and no data.
CREATE USER IF NOT EXISTS shop_monitor@'%' IDENTIFIED BY '{{monitor}}';
GRANT {{monitorPrivileges}} ON *.* TO shop_monitor@'%';
