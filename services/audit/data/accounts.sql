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
