import { defineContract } from "../../mixins/contract/contract.ts";
import { ledgerActions, ledgerEvents } from "./contract/ledger.ts";
import { payoutActions, payoutEvents } from "./contract/payouts.ts";

export const settlements = defineContract({
  name: "settlements",
  summary: "What the mall owes its merchants: ledger, statements and payouts",
  consumes: [
    "orders.paid",
    "orders.refund-requested",
    "orders.received",
    "merchants.changed",
    "merchants.terms-changed",
  ],
  actions: { ...ledgerActions, ...payoutActions },
  events: { ...ledgerEvents, ...payoutEvents },
});

declare module "../../mixins/contract/registry.ts" {
  interface Contracts {
    settlements: typeof settlements;
  }
}
