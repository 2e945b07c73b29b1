import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Caller } from "../../mixins/contract/caller.ts";
import type { ActionName, Input } from "../../mixins/contract/calls.ts";
import { actionsByName } from "../../mixins/contract/registry.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Permission } from "../../mixins/contract/permissions.ts";
import { stepUpMs } from "../../mixins/contract/step-up.ts";
import { newMerchant } from "../support/merchant-of.ts";
import { newPerson } from "../support/people.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";
import { tableDigests } from "../support/table-dump.ts";
import { allContracts } from "../support/all-contracts.ts";
import { stockedMug } from "../support/stocked-mug.ts";

const shippingAddress = {
  name: "Ada",
  line1: "1 Street",
  city: "London",
  postalCode: "N1 1AA",
  country: "GB",
};
const gbp = (amount: number) => ({ amount, currency: "GBP" });

const ofStaff: Permission[] = [
  "orders:read",
  "orders:write",
  "after-sales:write",
  "merchants:write",
  "settlements:write",
];
const support: Caller = { ...customer(), role: "support", permissions: ofStaff };
const stale: Caller = { ...support, verifiedAt: Date.now() - stepUpMs };
const key = (...permissions: Permission[]): Caller => ({ kind: "key", keyId: newId(), permissions });

/** Every action that moves money, by the contracts. */
const moving = [...actionsByName(allContracts)].flatMap(([name, { movesMoney }]) =>
  movesMoney ? [name] : [],
);

describe("money movements", () => {
  let shop: Shop;
  let variantId: string;
  let buyer: Caller;
  beforeAll(async () => {
    shop = await startShop({ env: { SHIPPING_MINOR: "0", SWEEP_INTERVAL_SECONDS: "3600" } });
    variantId = await stockedMug(shop, { quantity: 1000, priceMinor: 1000 });
    buyer = customer();
  });
  afterAll(() => shop.stop());

  async function placed() {
    await shop.settled();
    const { id: cartId } = await shop.call("cart.create", {}, { as: buyer });
    await shop.call("cart.items.add", { id: cartId, variantId, quantity: 2 }, { as: buyer });
    return shop.call(
      "orders.place",
      { cartId, idempotencyKey: newId(), total: gbp(2000), shippingAddress },
      { as: buyer },
    );
  }
  async function paid() {
    const order = await placed();
    await shop.call("orders.payments.record", { id: order.id, idempotencyKey: newId() });
    return order;
  }

  /** A request for a refund of goods that were sent, or of unsent ones. */
  async function complained({ sent }: { sent: boolean }) {
    const { id: orderId, lines } = await paid();
    if (sent) await shop.call("orders.shipments.create", { id: orderId, idempotencyKey: newId() });
    const { id } = await shop.call(
      "after-sales.requests.create",
      {
        orderId,
        idempotencyKey: newId(),
        kind: sent ? "return-and-refund" : "refund-only",
        reason: "late",
        lines: lines.map((line) => ({ lineId: line.id, quantity: 1 })),
      },
      { as: buyer },
    );
    return { id };
  }

  async function merchant() {
    return newMerchant(shop, await newPerson(shop));
  }
  async function owed() {
    const merchantId = await merchant();
    await shop.call("settlements.balances.adjust", { merchantId, amountMinor: 100, reason: "Goodwill" });
    return merchantId;
  }

  /** A valid request of each action, which succeeds for authorized callers. */
  const requests: { readonly [N in ActionName]?: () => Promise<Input<N>> } = {
    "orders.payments.record": async () => ({ id: (await placed()).id, idempotencyKey: newId() }),
    "orders.cancel": async () => ({ id: (await paid()).id, reason: "Lost" }),
    "orders.refunds.record": async () => ({ id: (await paid()).id, idempotencyKey: newId(), reason: "Late" }),
    "orders.refunds.retry": async () => {
      const { id } = await paid();
      const refund = await shop.call("orders.refunds.record", {
        id,
        idempotencyKey: newId(),
        reason: "Late",
      });
      return { id, refundId: refund.id };
    },
    "orders.returns.record": async () => {
      const { id, lines } = await paid();
      return {
        id,
        idempotencyKey: newId(),
        lines: lines.map((line) => ({ lineId: line.id, quantity: 2 })),
        reason: "Never sent",
      };
    },
    "merchants.terms.set": async () => {
      const id = await merchant();
      const { version } = await shop.call("merchants.terms.get", { id });
      return { id, basisPoints: 500, expectedVersion: version };
    },
    "settlements.balances.adjust": async () => ({
      merchantId: await merchant(),
      amountMinor: 100,
      reason: "Goodwill",
    }),
    "settlements.payouts.create": async () => ({ idempotencyKey: newId(), merchantIds: [await owed()] }),
    "settlements.payouts.settle": async () => {
      const payout = { idempotencyKey: newId(), merchantIds: [await owed()] };
      const { id } = await shop.call("settlements.payouts.create", payout);
      const { transfers } = await shop.call("settlements.payouts.get", { id });
      return { id, transferId: transfers[0]?.id ?? "", status: "paid" };
    },
    "after-sales.answers.approve": async () => complained({ sent: false }),
    "after-sales.answers.receive": async () => {
      const { id } = await complained({ sent: true });
      await shop.call("after-sales.answers.approve", { id });
      const parcel = { carrier: "DHL", trackingNumber: "1" };
      await shop.call("after-sales.requests.send-back", { id, ...parcel }, { as: buyer });
      return { id };
    },
    "after-sales.answers.decide": async () => {
      const { id } = await complained({ sent: false });
      await shop.call("after-sales.answers.reject", { id, reason: "No" });
      await shop.call("after-sales.requests.escalate", { id, reason: "Yes" }, { as: buyer });
      return { id, decision: "uphold", reason: "Seen" };
    },
    "orders.coupons.create": async () => ({
      code: `A-${newId()}`,
      discount: { kind: "percent", basisPoints: 10_000 },
    }),
    "orders.coupons.update": async () => {
      const code = `S-${newId()}`;
      await shop.call("orders.coupons.create", { code, discount: { kind: "percent", basisPoints: 100 } });
      return { code, expectedVersion: 1, discount: { kind: "percent", basisPoints: 10_000 } };
    },
  };
  const requestOf = async (name: string) => (requests[name as ActionName] as () => Promise<object>)();
  const attempt = (name: string, params: object, as: Caller) =>
    shop.broker.call(name, params, { meta: { caller: as } });

  test("is tried here, all of it", () => {
    expect(Object.keys(requests).sort()).toEqual(moving.toSorted());
  });

  test.each(moving)(
    "%s is refused to staff who have not shown lately that it is they, and changes nothing",
    async (name) => {
      const params = await requestOf(name);
      await shop.settled();
      const before = await tableDigests(shop);
      await expect(attempt(name, params, stale)).rejects.toMatchObject({ type: "step-up-required" });
      expect(await tableDigests(shop)).toEqual(before);
      await attempt(name, params, support);
    },
  );

  test.each(moving)("%s is refused to a key that was not made for it, and changes nothing", async (name) => {
    const params = await requestOf(name);
    await shop.settled();
    const before = await tableDigests(shop);
    await expect(attempt(name, params, key(...ofStaff))).rejects.toMatchObject({
      type: "forbidden",
      data: { permission: "money:write" },
    });
    await expect(attempt(name, params, key("money:write"))).rejects.toMatchObject({ type: "forbidden" });
    expect(await tableDigests(shop)).toEqual(before);
    await attempt(name, params, key(...ofStaff, "money:write"));
  });

  test("customers can cancel their own orders without re-authentication", async () => {
    const { id } = await placed();
    const as = { ...buyer, verifiedAt: Date.now() - stepUpMs };
    expect(await shop.call("orders.cancel", { id, reason: "No" }, { as })).toMatchObject({
      status: "cancelled",
    });
  });
});
