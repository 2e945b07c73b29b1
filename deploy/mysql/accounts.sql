-- The shop's schemas and accounts, for MySQL and MariaDB. Run on the primary only, as root: the replicas get them through
-- replication. What stands in double braces is a password; monitorPrivileges is REPLICATION CLIENT on MySQL, and
-- SLAVE MONITOR, BINLOG MONITOR on MariaDB. The accounts of operators and backups are in accounts-operations.sql.
-- '%' may be replaced by the network of the shop's nodes.

CREATE DATABASE IF NOT EXISTS shop_users;
CREATE DATABASE IF NOT EXISTS shop_catalog;
CREATE DATABASE IF NOT EXISTS shop_cart;
CREATE DATABASE IF NOT EXISTS shop_orders;
CREATE DATABASE IF NOT EXISTS shop_audit;

-- One account per service: rows of its own schema and nothing else, so that a hole in one service does not open another.
CREATE USER IF NOT EXISTS shop_users@'%' IDENTIFIED BY '{{users}}';
CREATE USER IF NOT EXISTS shop_catalog@'%' IDENTIFIED BY '{{catalog}}';
CREATE USER IF NOT EXISTS shop_cart@'%' IDENTIFIED BY '{{cart}}';
CREATE USER IF NOT EXISTS shop_orders@'%' IDENTIFIED BY '{{orders}}';
CREATE USER IF NOT EXISTS shop_audit@'%' IDENTIFIED BY '{{audit}}';
GRANT SELECT, INSERT, UPDATE, DELETE ON shop_users.* TO shop_users@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON shop_catalog.* TO shop_catalog@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON shop_cart.* TO shop_cart@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON shop_orders.* TO shop_orders@'%';

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

-- Entries that have become old are removed by this procedure and nobody else, a batch at a time from the beginning of the
-- trail: those that a checkpoint stands for and, whatever a checkpoint says, none that is not 30 days old. It works with
-- the rights of an account that nobody can log in with.
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

-- Migrations change tables, and move rows while they do.
CREATE USER IF NOT EXISTS shop_migrate@'%' IDENTIFIED BY '{{migrate}}';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON shop_users.* TO shop_migrate@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON shop_catalog.* TO shop_migrate@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON shop_cart.* TO shop_migrate@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON shop_orders.* TO shop_migrate@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON shop_audit.* TO shop_migrate@'%';

-- The replicas fetch the binary log with this one.
CREATE USER IF NOT EXISTS shop_replication@'%' IDENTIFIED BY '{{replication}}';
GRANT REPLICATION SLAVE ON *.* TO shop_replication@'%';

-- Sees how replication goes, and no data.
CREATE USER IF NOT EXISTS shop_monitor@'%' IDENTIFIED BY '{{monitor}}';
GRANT {{monitorPrivileges}} ON *.* TO shop_monitor@'%';
