import { newId } from "../../../mixins/contract/ids.ts";
import type { Damage, Data } from "../damage.ts";

const add = async (data: Data, table: string, row: Readonly<Record<string, string | number | null>>) => {
  const columns = Object.keys(row);
  const sql = `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
  await data.settlements.run(sql, ...Object.values(row));
};

/** A sale that no order has. */
const sale = (partId: string, total: number) => ({
  part_id: partId,
  order_id: newId(),
  order_number: "K7Q2-9XMD",
  merchant_id: newId(),
  currency: "GBP",
  total,
  borne_by_mall: 0,
  commission: 0,
  refunded: 0,
  paid_at: 1,
});

/** Damages to the ledger of merchants, each by rows that should not be there. */
export const damagesOfSettlements: Readonly<Record<string, Damage>> = {
  "settlements.double-entry": {
    async damage(data) {
      const id = newId();
      await add(data, "transactions", {
        id,
        merchant_id: newId(),
        sequence: 1,
        kind: "adjustment",
        posted_at: 1,
        pending: 0,
        due: 5,
        actor: "operator:x",
      });
      await add(data, "entries", { transaction_id: id, account: "due", amount: -5 });
      return id;
    },
  },
  "settlements.balances": {
    async damage(data) {
      const id = newId();
      await add(data, "merchants", {
        id,
        version: 0,
        pending: 0,
        due: 5,
        transactions: 0,
        last_posted_at: 0,
      });
      return id;
    },
  },
  "settlements.sales": {
    async damage(data) {
      const partId = newId();
      await add(data, "sales", sale(partId, 100));
      return partId;
    },
    also: ["settlements.orders"],
  },
  "settlements.orders": {
    async damage(data) {
      const partId = newId();
      // Of nothing, it needs no entries.
      await add(data, "sales", sale(partId, 0));
      return partId;
    },
  },
  "settlements.refunds": {
    async damage(data) {
      const partId = newId();
      await add(data, "sales", sale(partId, 0));
      await add(data, "refunds", { refund_id: newId(), part_id: partId, amount: 5, posted_at: 1 });
      return partId;
    },
    also: ["settlements.orders"],
  },
  "settlements.releases: never, although the goods were received": {
    async damage(data) {
      const partId = newId();
      await add(data, "sales", sale(partId, 0));
      await add(data, "receipts", { part_id: partId, received_at: 1 });
      return partId;
    },
    also: ["settlements.orders"],
  },
  "settlements.payouts": {
    async damage(data) {
      const id = newId();
      await add(data, "transfers", {
        id,
        payout_id: newId(),
        merchant_id: newId(),
        amount: 5,
        status: "open",
        created_at: 1,
      });
      return id;
    },
  },
  "settlements.payout-totals": {
    async damage(data) {
      const id = newId();
      await add(data, "payouts", {
        id,
        actor: "operator:x",
        idempotency_key: id,
        fingerprint: "0".repeat(64),
        currency: "GBP",
        amount: 5,
        transfers: 0,
        created_at: 1,
      });
      return id;
    },
  },
};
