import { newId } from "../../../mixins/contract/ids.ts";
import type { Damage, Data } from "../damage.ts";

const add = async (data: Data, table: string, row: Readonly<Record<string, string | number | null>>) => {
  const columns = Object.keys(row);
  const sql = `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
  await data.notifications.run(sql, ...Object.values(row));
};

/** A notification that was read. */
function notification(changes: Readonly<Record<string, string | number | null>> = {}) {
  const customerId = newId();
  return {
    id: newId(),
    source_id: newId(),
    kind: "order-paid",
    recipient: customerId,
    customer_id: customerId,
    variables: "{}",
    inbox_of: customerId,
    is_unread: 0,
    read_at: 2,
    occurred_at: 1,
    created_at: 1,
    ...changes,
  };
}

/** Adds a delivery of a notification of its own. @returns its id */
async function deliver(
  data: Data,
  changes: Readonly<Record<string, string | number | null>>,
): Promise<string> {
  const told = notification();
  const id = newId();
  await add(data, "notifications", told);
  const ended = { status: "sent", attempts: 1, due_at: null, ends_at: 1, ended_at: 1 };
  const row = { id, notification_id: told.id, channel: "mail", is_urgent: 1, ...ended, ...changes };
  await add(data, "deliveries", row);
  return id;
}

const addNotification = async (data: Data, changes: Readonly<Record<string, string | number | null>>) => {
  const row = notification(changes);
  await add(data, "notifications", row);
  return row.id;
};

const later = () => Date.now() + 1e9;

/** Damages to notifications, each by rows that should not be there. */
export const damagesOfNotifications: Readonly<Record<string, Damage>> = {
  "notifications.recipients": { damage: (data) => addNotification(data, { inbox_of: newId() }) },
  "notifications.recipients: nobody": {
    damage: (data) =>
      addNotification(data, { customer_id: null, inbox_of: null, is_unread: 0, read_at: null }),
  },
  "notifications.reading": { damage: (data) => addNotification(data, { read_at: null }) },
  "notifications.deliveries: sent at no time": { damage: (data) => deliver(data, { ended_at: null }) },
  "notifications.deliveries: waits for nothing": {
    damage: (data) => deliver(data, { status: "waiting", ended_at: null, ends_at: later() }),
  },
  "notifications.deliveries: of nothing": {
    damage: (data) => deliver(data, { notification_id: newId() }),
  },
  "notifications.attempts": { damage: (data) => deliver(data, { attempts: 0 }) },
  "notifications.in-time": {
    damage: (data) => deliver(data, { status: "waiting", due_at: 1, ended_at: null }),
  },
  "notifications.given-up": { damage: (data) => deliver(data, { status: "failed" }) },
  "notifications.announcements": {
    async damage(data) {
      const id = newId();
      await add(data, "announcements", {
        id,
        kind: "price-fell",
        product_id: newId(),
        day: "2026-11-30",
        price_before: null,
        occurred_at: 1,
        told_to: "",
        due_at: null,
        created_at: 1,
      });
      return id;
    },
  },
};
