import { setTimeout as sleep } from "node:timers/promises";
import { newId } from "../../../mixins/contract/ids.ts";
import { numberOf } from "../../catalog/demo/demo-mall.ts";
import { callerOf } from "./accounts.ts";
import type { DemoShop } from "./demo-shop.ts";
import type { Seller } from "./seed-merchants.ts";

/** Of which of the merchants that sell, how much, and why. */
const adjustments = [
  [0, 2500, "Share of the autumn campaign"],
  [1, -800, "Labels and boxes"],
  [2, 1200, "Lost parcel, paid by the carrier"],
  [4, 4000, "Pictures for the mall's front page"],
] as const;

/** Accounts to be paid to, adjustments, and a payout to half of the merchants. */
export async function seedSettlements(shop: DemoShop, sellers: readonly Seller[]): Promise<void> {
  const selling = sellers.filter(({ demo }) => demo.status === "active");
  for (const { id: merchantId, demo, owner } of selling.slice(0, -2)) {
    const number = `GB29DEMO${10_000_000 + numberOf(demo.slug, 90_000_000)}`;
    const account = { merchantId, holder: `${demo.name[0]} Ltd`, number, bank: "Demo Bank" };
    await shop.eventually("not-found", () =>
      shop.call("settlements.payout-accounts.put", account, callerOf(owner)),
    );
  }
  for (const [index, amountMinor, reason] of adjustments) {
    const merchantId = selling[index]?.id ?? "";
    await shop.eventually("not-found", () =>
      shop.call("settlements.balances.adjust", { merchantId, amountMinor, reason }),
    );
  }
  await shop.settled();
  // A sale's money becomes due a moment after its receipt, where the return window is over.
  await sleep(2 * shop.config.sweepIntervalMs);
  const merchantIds = selling.filter((_, index) => index % 2 === 0).map(({ id }) => id);
  const { id } = await shop.call("settlements.payouts.create", { idempotencyKey: newId(), merchantIds });
  const { transfers } = await shop.call("settlements.payouts.get", { id });
  // One fails, one stays open.
  const [failing, , ...paid] = transfers.toReversed();
  for (const { id: transferId } of paid)
    await shop.call("settlements.payouts.settle", { id, transferId, status: "paid" });
  if (!failing) return;
  const failure = "The bank does not know the account";
  await shop.call("settlements.payouts.settle", { id, transferId: failing.id, status: "failed", failure });
}
