import type { Service } from "moleculer";
import { loadConfig } from "../../config/index.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import { createNode } from "../../services/node/create-node.ts";
import { deliver } from "./shop.ts";

/**
 * A node that is told of so many orders, from the first one each time it starts, and sends their confirmations.
 * Prints `ready` when it begins and `done` when all are sent. Started by `confirm-orders.ts`, which kills it.
 */

const [dataDir = "", smtpUrl = "", wanted = "0"] = process.argv.slice(2);
const count = Number(wanted);
const batch = 50;
const customers = 100;
const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;

/** The same in every run. */
function idOf(kind: number, n: number): string {
  return `019c0000-0000-7000-80${String(kind).padStart(2, "0")}-${String(n).padStart(12, "0")}`;
}

function placed(n: number, occurredAt: number): EventEnvelope<"orders.placed"> {
  const price = { amount: 1000 + n, currency: "GBP" };
  return {
    ...origin,
    id: idOf(1, n),
    name: "orders.placed",
    occurredAt,
    payload: {
      orderId: idOf(2, n),
      number: `ORDER-${n}`,
      customerId: idOf(3, n % customers),
      cartId: idOf(4, n),
      lines: [{ variantId: idOf(5, 1), quantity: 1, name: "Mug", unitPrice: price }],
      total: price,
    },
  };
}

const broker = await createNode(
  loadConfig({
    DATA_DIR: dataDir,
    SMTP_URL: smtpUrl,
    PORT: "0",
    LOG_LEVEL: "fatal",
    LOG_FORMAT: "text",
    SERVICES: "users,notifications",
    SWEEP_INTERVAL_SECONDS: "1",
  }),
);
await broker.start();
const { database } = broker.getLocalService("notifications") as Service & ServiceWithDatabase;
const { database: accounts } = broker.getLocalService("users") as Service & ServiceWithDatabase;

await accounts.transaction(origin, async (tx) => {
  for (let n = 0; n < customers; n += 1) {
    const id = idOf(3, n);
    const account = { id, email: `c${n}@example.org`, name: "Ada", password_hash: "-", role: "customer" };
    const row = { ...account, status: "active", version: 1, created_at: 1, updated_at: 1 };
    await accounts.insertIfAbsent("users", row, tx);
  }
});
// The only node: what it sent when it was killed is nobody's, and need not wait for the end of the lease.
await database.transaction(origin, (tx) =>
  database.execute("UPDATE deliveries SET due_at = 1 WHERE status = 'sending'", [], tx),
);
process.stdout.write("ready\n");

const now = Date.now();
for (let from = 0; from < count; from += batch) {
  const events = Array.from({ length: Math.min(batch, count - from) }, (_, n) => placed(from + n, now));
  const faults = (await deliver(broker, events, "notifications")).filter((fault) => fault !== undefined);
  if (faults.length > 0) throw faults[0];
}
const sent = async () => {
  const sql = "SELECT COUNT(*) AS n FROM deliveries WHERE channel = 'mail' AND status = 'sent'";
  return (await database.select<{ n: number }>(sql))[0]?.n ?? 0;
};
while ((await sent()) < count) await new Promise((resolve) => setTimeout(resolve, 200));
process.stdout.write("done\n");
await broker.stop();
