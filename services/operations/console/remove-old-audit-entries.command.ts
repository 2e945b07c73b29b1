import type { ShopCommand } from "./command.ts";

export const removeOldAuditEntries: ShopCommand = {
  usage: "audit remove-old [days]",
  summary: "Remove audit entries older than so many days, or than AUDIT_RETENTION_DAYS; export them before",
  async run({ call }, [days]) {
    let entries = 0;
    for (let more = true; more;) {
      const removed = await call(
        "audit.entries.remove-old",
        days === undefined ? {} : { olderThanDays: Number(days) },
      );
      entries += removed.entries;
      more = removed.more;
    }
    return entries === 0 ? "no entry is that old" : `${entries} entries removed; a checkpoint replaces them`;
  },
};
