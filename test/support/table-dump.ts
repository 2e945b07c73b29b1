import { createHash } from "node:crypto";
import type { Service } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { until } from "../cluster/processes.ts";
import type { Shop } from "./shop.ts";

/** Digests of all tables by `service.table`, once the shop is idle, to detect changes. */
export async function tableDigests(shop: Shop): Promise<Record<string, string>> {
  await untilIdle(shop);
  const digests: Record<string, string> = {};
  for (const { name, database } of shop.broker.services as (Service & Partial<ServiceWithDatabase>)[]) {
    if (!database) continue;
    const tables =
      database.engine === "sqlite"
        ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        : "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()";
    for (const { name: table } of await database.select<{ name: string }>(tables)) {
      const rows = await database.select(`SELECT * FROM ${table}`);
      const texts = rows.map((row) => JSON.stringify(row)).sort();
      digests[`${name}.${table}`] =
        `${rows.length} ${createHash("sha256").update(texts.join("\n")).digest("hex")}`;
    }
  }
  return digests;
}

/** Events may cause mail, and sent mail causes events. */
async function untilIdle(shop: Shop): Promise<void> {
  const users = shop.broker.getLocalService("users") as Service & ServiceWithDatabase;
  const mailsWaiting = () => users.database.select("SELECT id FROM mails WHERE status = 'waiting' LIMIT 1");
  await shop.settled();
  await until(async () => (await mailsWaiting()).length === 0);
  await shop.settled();
}
