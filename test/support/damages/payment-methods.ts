import { newId } from "../../../mixins/contract/ids.ts";
import type { Damage, Data } from "../damage.ts";
import { insert, one } from "../damage.ts";

type Row = Readonly<Record<string, string | number | null>>;

const customerId = newId();
const methodId = newId();
const payer: Row = { customer_id: customerId, default_method_id: methodId, places: 1, closed_at: null };
const active: Row = {
  id: methodId,
  customer_id: customerId,
  provider: "sandbox",
  token: "sbx_pm_1",
  status: "active",
  brand: "visa",
  last_four: "4242",
  expiry_month: 12,
  expiry_year: 2030,
  attempts: 0,
  due_at: null,
  created_at: 1,
  removed_at: null,
};
const removed: Row = { ...active, status: "removing", due_at: 2, removed_at: 2 };
const setup: Row = {
  id: newId(),
  customer_id: customerId,
  provider: "sandbox",
  status: "succeeded",
  reference: "sbx_set_1",
  method_id: methodId,
  attempts: 0,
  created_at: 1,
  settled_at: 1,
};
const account: Row = {
  provider: "sandbox",
  customer_id: customerId,
  reference: "sbx_cus_1",
  attempts: 0,
  due_at: null,
};

async function add({ orders }: Data, table: string, row: Row): Promise<void> {
  const columns = Object.keys(row);
  const sql = `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
  await orders.run(sql, ...Object.values(row));
}

/** A customer with a payment method, both with these differences. */
function having(payerChange: Row, methodChange: Row, named: string): Damage {
  return {
    async damage(data) {
      await add(data, "payers", { ...payer, ...payerChange });
      await add(data, "payment_methods", { ...active, ...methodChange });
      return named;
    },
  };
}

/** A payment that used a removed payment method; both in order but for these differences. */
function used(change: Row): Damage {
  return {
    async damage(data) {
      const sql = `SELECT p.id, o.customer_id AS customerId, p.started_at AS startedAt FROM payments p
        JOIN orders o ON o.id = p.order_id WHERE p.status = 'succeeded' AND p.provider = 'manual' ORDER BY p.id`;
      const { id, customerId: buyer } = await one<{ id: string; customerId: string }>(data.orders, sql);
      const later = Date.now() + 3_600_000;
      const row = { ...removed, customer_id: buyer, provider: "manual", removed_at: later, due_at: later };
      await add(data, "payment_methods", { ...row, ...change });
      await data.orders.run("UPDATE payments SET method_id = ? WHERE id = ?", methodId, id);
      return id;
    },
  };
}

/** Damages to saved payment methods. */
export const damagesOfPaymentMethods: Readonly<Record<string, Damage>> = {
  "payment-methods.default: none": having({ default_method_id: null }, {}, customerId),
  "payment-methods.default: a removed one": having(
    { places: 0 },
    { status: "removing", due_at: Date.now() + 3_600_000, removed_at: 2 },
    customerId,
  ),
  "payment-methods.default: another customer's": {
    async damage(data) {
      await add(data, "payers", payer);
      await add(data, "payment_methods", active);
      const other = newId();
      await add(data, "payers", { ...payer, customer_id: other, places: 0 });
      return other;
    },
  },
  "payment-methods.places: one too many": having({ places: 2 }, {}, customerId),
  "payment-methods.states: in an unknown state": having(
    { places: 0, default_method_id: null },
    { status: "lost", due_at: 1, removed_at: 2 },
    methodId,
  ),
  "payment-methods.states: at an unknown provider": having({}, { provider: "nobody" }, methodId),
  "payment-methods.states: without a token": having({}, { token: null }, methodId),
  "payment-methods.states: of a deleted account": insert(
    "orders",
    "payment_methods",
    { ...active, id: methodId },
    methodId,
  ),
  "payment-methods.used: removed before": used({ removed_at: 2 }),
  "payment-methods.used: another customer's": used({ customer_id: newId() }),
  "payment-methods.used: another provider's": used({ provider: "sandbox" }),
  "payment-methods.setups: in an unknown state": insert(
    "orders",
    "payment_setups",
    { ...setup, status: "lost", method_id: null },
    String(setup["id"]),
  ),
  "payment-methods.setups: succeeded without a payment method": insert(
    "orders",
    "payment_setups",
    { ...setup, method_id: null },
    String(setup["id"]),
  ),
  "payment-methods.setups: ended without a time": insert(
    "orders",
    "payment_setups",
    { ...setup, settled_at: null },
    String(setup["id"]),
  ),
  "payment-methods.accounts: of no customer": insert("orders", "payer_accounts", account, customerId),
  "payment-methods.accounts: being emptied for a customer who is there": {
    async damage(data) {
      await add(data, "payers", { ...payer, default_method_id: null, places: 0 });
      await add(data, "payer_accounts", { ...account, due_at: 1 });
      return customerId;
    },
  },
  "payment-methods.detached: still attached": {
    settled: true,
    damage: insert("orders", "payment_methods", removed, methodId).damage,
  },
};
