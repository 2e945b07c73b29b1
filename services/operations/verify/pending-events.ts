import type { Database } from "../../../mixins/database/database.ts";
import type { EventEnvelope } from "../../../mixins/events/envelope.ts";
import type { KeySubject } from "./across-services.ts";
import type { Databases, Shop } from "./databases.ts";
import { pages } from "./pages.ts";
import { scopeCondition } from "../../../mixins/database/invariant.ts";

/** Services with an outbox. */
export function publishersOf({ services }: Shop): string[] {
  return services.filter(({ contract }) => Object.keys(contract.events).length > 0).map(({ name }) => name);
}

/** Payload fields that hold the subject's id. */
const names: Readonly<Record<Exclude<KeySubject, "event">, string>> = {
  order: "orderId",
  account: "userId",
  "api-key": "keyId",
  role: "name",
  catalogue: "id",
  product: "productId",
  coupon: "couponId",
  merchant: "merchantId",
  "after-sale": "afterSaleId",
  replacement: "replacementId",
};

/** Subjects with events pending in an outbox. */
export async function keysInOutboxes(
  shop: Shop,
  databases: Databases,
  about: KeySubject,
  keys: ReadonlySet<string>,
): Promise<Set<string>> {
  const found = new Set<string>();
  for (const service of publishersOf(shop))
    for await (const event of pendingEvents(databases[service] as Database)) {
      const key =
        about === "event" ? event.id : (event.payload as Record<string, unknown> | undefined)?.[names[about]];
      if (typeof key === "string" && keys.has(key)) found.add(key);
    }
  return found;
}

async function* pendingEvents(database: Database): AsyncGenerator<EventEnvelope> {
  for await (const page of pages([{ database, table: "outbox", key: "id" }])) {
    const { sql, values } = scopeCondition("id", page);
    // Another invariant covers unreadable events.
    const text = `SELECT envelope FROM outbox WHERE status = 'waiting' AND JSON_VALID(envelope) AND ${sql}`;
    for (const { envelope } of await database.select<{ envelope: string }>(text, values))
      yield JSON.parse(envelope) as EventEnvelope;
  }
}
