import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Caller } from "../../mixins/contract/caller.ts";
import type { ActionName, Input } from "../../mixins/contract/calls.ts";
import { isShopError } from "../../mixins/contract/errors.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { removeOldKeys } from "../../services/orders/jobs/remove-old-keys.job.ts";
import { runJob } from "../support/run-job.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";
import { tableDigests } from "../support/table-dump.ts";
import { stockedMug } from "../support/stocked-mug.ts";

const day = 24 * 3_600_000;
const shippingAddress = {
  name: "Ada",
  line1: "1 Street",
  city: "London",
  postalCode: "N1 1AA",
  country: "GB",
};
const gbp = (amount: number) => ({ amount, currency: "GBP" });
const staff = (role: string): Caller => ({
  ...customer(),
  role,
  permissions: ["orders:read", "orders:write", "after-sales:write", "audit:read"],
});

describe("how much money staff may move", () => {
  let shop: Shop;
  let variantId: string;
  const buyer = customer();
  beforeAll(async () => {
    const env = { STAFF_MONEY_PER_DAY: '{"trainee":2500,"key":2000,"*":null}', FOUR_EYES_FROM_MINOR: "5000" };
    shop = await startShop({ env: { ...env, SHIPPING_MINOR: "0", SWEEP_INTERVAL_SECONDS: "3600" } });
    variantId = await stockedMug(shop, { quantity: 1000, priceMinor: 1000 });
  });
  afterAll(() => shop.stop());

  async function placed(quantity: number) {
    await shop.settled();
    const { id: cartId } = await shop.call("cart.create", {}, { as: buyer });
    await shop.call("cart.items.add", { id: cartId, variantId, quantity }, { as: buyer });
    return shop.call(
      "orders.place",
      { cartId, idempotencyKey: newId(), total: gbp(1000 * quantity), shippingAddress },
      { as: buyer },
    );
  }
  async function paid(quantity: number) {
    const order = await placed(quantity);
    await shop.call("orders.payments.record", { id: order.id, idempotencyKey: newId() });
    return order;
  }
  const refund = (id: string, amount: number, as: Caller) =>
    shop.call(
      "orders.refunds.record",
      { id, idempotencyKey: newId(), amount: gbp(amount), reason: "Late" },
      { as },
    );
  /** A request for a refund of goods that were not sent. */
  async function complained(quantity: number): Promise<string> {
    const { id: orderId, lines } = await paid(quantity);
    const wish = { kind: "refund-only", reason: "late", idempotencyKey: newId() } as const;
    const wanted = lines.map((line) => ({ lineId: line.id, quantity }));
    const { id } = await shop.call(
      "after-sales.requests.create",
      { orderId, ...wish, lines: wanted },
      { as: buyer },
    );
    return id;
  }
  const outcome = async (work: Promise<object>) =>
    work.then(
      () => "done",
      (error: unknown) => {
        if (isShopError(error)) return error.type;
        throw error;
      },
    );

  describe("in a day", () => {
    test("When someone's limit is reached, nothing more is moved by any detour, and others have their own", async () => {
      const trainee = staff("trainee");
      const { id, lines } = await paid(4);
      await refund(id, 1500, trainee);
      const order = await placed(2);
      await shop.settled();
      const before = await tableDigests(shop);
      const full = { type: "limit-reached", data: { limit: 2500 } };
      const goods = [{ lineId: lines[0]?.id ?? "", quantity: 2 }];
      await expect(refund(id, 1001, trainee)).rejects.toMatchObject(full);
      const back = { id, idempotencyKey: newId(), lines: goods, reason: "Never sent" };
      await expect(shop.call("orders.returns.record", back, { as: trainee })).rejects.toMatchObject(full);
      const cash = { id: order.id, idempotencyKey: newId() };
      await expect(shop.call("orders.payments.record", cash, { as: trainee })).rejects.toMatchObject(full);
      expect(await tableDigests(shop)).toEqual(before);
      await refund(id, 1000, trainee);
      await refund(id, 1001, staff("trainee"));
    });

    test("When many requests of someone come at once, no more of them pass than the limit allows", async () => {
      const trainee = staff("trainee");
      const { id } = await paid(4);
      const outcomes = await Promise.all([1, 2, 3, 4].map(() => outcome(refund(id, 1000, trainee))));
      expect(outcomes.toSorted()).toEqual(["done", "done", "limit-reached", "limit-reached"]);
    });

    test("API keys have a limit of their own, and roles that are not named the one of all others", async () => {
      const key: Caller = {
        kind: "key",
        keyId: newId(),
        permissions: ["orders:read", "orders:write", "money:write"],
      };
      const { id } = await paid(8);
      expect(await outcome(refund(id, 2001, key))).toBe("limit-reached");
      expect(await outcome(refund(id, 2000, key))).toBe("done");
      expect(await outcome(refund(id, 4999, staff("support")))).toBe("done");
    });
  });

  describe("for after-sales", () => {
    const approve = (id: string, as: Caller) => shop.call("after-sales.answers.approve", { id }, { as });

    test("counts when they are approved, once; beyond the limit nothing is", async () => {
      const trainee = staff("trainee");
      const [first, second] = [await complained(2), await complained(1)];
      await approve(first, trainee);
      await approve(first, trainee);
      await expect(approve(second, trainee)).rejects.toMatchObject({
        type: "limit-reached",
        data: { limit: 2500 },
      });
      expect(await shop.call("after-sales.requests.get", { id: second })).toMatchObject({
        status: "requested",
      });
      expect(await approve(second, staff("trainee"))).toMatchObject({ status: "refunded" });
    });

    test("much of it waits until someone else approves it", async () => {
      const [asker, other] = [staff("support"), staff("support")];
      const id = await complained(5);
      const failure = (await approve(id, asker).catch((error: unknown) => error)) as {
        data: { approvalId: string };
      };
      await shop.call("orders.approvals.approve", { id: failure.data.approvalId }, { as: other });
      expect(await outcome(approve(id, other))).toBe("approval-required");
      expect(await approve(id, asker)).toMatchObject({ status: "refunded", refund: gbp(5000) });
    });
  });

  describe("by four eyes", () => {
    /** Much money, in every way there is. */
    const requests: { readonly [N in ActionName]?: () => Promise<Input<N>> } = {
      "orders.payments.record": async () => ({ id: (await placed(5)).id, idempotencyKey: newId() }),
      "orders.cancel": async () => ({ id: (await paid(5)).id, reason: "Lost" }),
      "orders.refunds.record": async () => ({
        id: (await paid(5)).id,
        idempotencyKey: newId(),
        reason: "Late",
      }),
      "orders.returns.record": async () => {
        const { id, lines } = await paid(5);
        return {
          id,
          idempotencyKey: newId(),
          lines: lines.map((line) => ({ lineId: line.id, quantity: 5 })),
          reason: "Broken",
        };
      },
      "orders.coupons.create": async () => ({
        code: `A-${newId()}`,
        discount: { kind: "percent", basisPoints: 10_000 },
      }),
      "orders.coupons.update": async () => {
        const code = `S-${newId()}`;
        await shop.call("orders.coupons.create", {
          code,
          totalLimit: 5,
          discount: { kind: "fixed", amountMinor: 100 },
        });
        return { code, expectedVersion: 1, totalLimit: 50 };
      },
    };

    test.each(Object.entries(requests))(
      "When %s is about much money, it waits until someone else approves it, and is done once",
      async (name, request) => {
        const [asker, other] = [staff("support"), staff("support")];
        const params = await request();
        const ask = (as = asker) => shop.broker.call<object, object>(name, params, { meta: { caller: as } });
        const approvalOf = (work: Promise<object>) =>
          work.then(
            () => Promise.reject(new Error("it was done")),
            (error: unknown) => {
              if (isShopError(error, "approval-required")) return String(error.data["approvalId"]);
              throw error;
            },
          );
        await shop.settled();
        const before = await tableDigests(shop);
        const id = await approvalOf(ask());
        const changed = Object.entries(await tableDigests(shop)).filter(
          ([table, digest]) => before[table] !== digest,
        );
        const told = (table: string) => table.startsWith("audit.") || table.startsWith("orders.outbox");
        expect(changed.map(([table]) => table).filter((table) => !told(table))).toEqual(["orders.approvals"]);

        expect(await approvalOf(ask())).toBe(id);
        const { items } = await shop.call("orders.approvals.list", { status: "pending" }, { as: other });
        expect(items[0]).toMatchObject({
          id,
          action: name,
          status: "pending",
          requestedBy: `user:${(asker as { userId: string }).userId}`,
        });
        const approve = (as: Caller) => shop.call("orders.approvals.approve", { id }, { as });
        await expect(approve(asker)).rejects.toMatchObject({ type: "forbidden" });
        expect(await approvalOf(ask())).toBe(id);
        expect(await approve(other)).toMatchObject({
          status: "approved",
          approvedBy: `user:${(other as { userId: string }).userId}`,
        });
        // The approval applies to its requester only.
        await approvalOf(ask(other));
        await ask();
        expect(
          (await shop.call("orders.approvals.list", { status: "used" }, { as: other })).items[0],
        ).toMatchObject({ id });

        await shop.settled();
        const trail = await shop.call(
          "audit.list",
          { entity: "approval", entityId: id, sort: "occurredAt" },
          { as: other },
        );
        expect(trail.items.map(({ type }) => type)).toEqual([
          "orders.approval-requested",
          "orders.approval-given",
        ]);
      },
    );

    test("What is approved for one request is not for another, nor for the same one twice", async () => {
      const [asker, other] = [staff("support"), staff("support")];
      const { id } = await paid(20);
      const failure = refund(id, 5000, asker).catch((error: unknown) => error);
      const { approvalId } = ((await failure) as { data: { approvalId: string } }).data;
      await shop.call("orders.approvals.approve", { id: approvalId }, { as: other });
      expect(await outcome(refund(id, 5001, asker))).toBe("approval-required");
      expect(await outcome(refund(id, 5000, asker))).toBe("done");
      expect(await outcome(refund(id, 5000, asker))).toBe("approval-required");
      expect(await outcome(refund(id, 4999, asker))).toBe("done");
    });

    test("A week later it is forgotten", async () => {
      await runJob(shop, "orders", removeOldKeys, Date.now() + 8 * day);
      expect((await shop.call("orders.approvals.list", {})).items).toEqual([]);
    });
  });
});
