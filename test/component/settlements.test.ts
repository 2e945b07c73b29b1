import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { setTimeout as sleep } from "node:timers/promises";
import type { Service } from "moleculer";
import type { EventPayload, EventName } from "../../mixins/contract/calls.ts";
import type { UserCaller } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import { findViolations } from "../../mixins/database/invariant.ts";
import { invariants } from "../../services/settlements/data/invariants.ts";
import { ordersReceived } from "../../services/settlements/events/orders-received.event.ts";
import { releaseSales } from "../../services/settlements/jobs/release-sales.job.ts";
import type { SettlementsDependencies } from "../../services/settlements/settlements.dependencies.ts";
import { runJob } from "../support/run-job.ts";
import type { Shop } from "../support/shop.ts";
import { customer, deliver, startShop } from "../support/shop.ts";

const day = 86_400_000;
const gbp = (amount: number) => ({ amount, currency: "GBP" });

/** A part of an order, as the events of orders tell it. */
interface Sold {
  readonly orderId: string;
  readonly partId: string;
  readonly merchantId: string;
}

describe("settlements", () => {
  let shop: Shop;
  let merchantId: string;
  beforeAll(async () => {
    shop = await startShop({ env: { SWEEP_INTERVAL_SECONDS: "3600" } });
  });
  afterAll(() => shop?.stop());

  beforeEach(async () => {
    merchantId = newId();
    const after = { slug: `m-${merchantId}`, name: "Potter", status: "active" as const };
    await tell(event("merchants.changed", { merchantId, version: 1, before: null, after }));
    await tell(
      event("merchants.terms-changed", {
        merchantId,
        version: 1,
        validFrom: new Date(0).toISOString(),
        basisPoints: 1000,
        categories: [],
      }),
    );
  });

  function event<N extends EventName>(name: N, payload: EventPayload<N>, occurredAt = Date.now()) {
    const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;
    return { id: newId(), name, occurredAt, ...origin, payload } as EventEnvelope;
  }
  async function tell(...events: EventEnvelope[]): Promise<void> {
    const faults = await deliver(shop.broker, events, "settlements");
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  }

  /** Goods of 100.00, 10.00 off, 4.95 for shipping. */
  function sale(of: Partial<Sold> = {}): Sold & { readonly paid: EventEnvelope } {
    const sold = { orderId: newId(), partId: newId(), merchantId, ...of };
    const paid = event("orders.paid", {
      orderId: sold.orderId,
      number: "K7Q2-9XMD",
      customerId: newId(),
      payment: {
        id: newId(),
        orderId: sold.orderId,
        provider: "manual",
        status: "succeeded",
        reference: null,
        amount: gbp(9495),
        refunded: gbp(0),
        received: null,
        failure: null,
        at: new Date().toISOString(),
        paidAt: new Date().toISOString(),
      },
      lines: [
        {
          lineId: newId(),
          variantId: newId(),
          productId: newId(),
          merchantId: sold.merchantId,
          quantity: 2,
          unitPrice: gbp(5000),
          discount: gbp(1000),
        },
      ],
      parts: [
        {
          partId: sold.partId,
          merchantId: sold.merchantId,
          subtotal: gbp(10_000),
          discount: gbp(1000),
          shipping: gbp(495),
          total: gbp(9495),
        },
      ],
    });
    return { ...sold, paid };
  }
  function refund({ orderId, partId, merchantId: of }: Sold, amount: number, refundId = newId()) {
    return event("orders.refund-requested", {
      orderId,
      number: "K7Q2-9XMD",
      customerId: newId(),
      refund: {
        id: refundId,
        orderId,
        paymentId: newId(),
        amount: gbp(amount),
        cause: "return",
        reason: null,
        status: "requested",
        reference: null,
        failure: null,
        attempts: 0,
        at: new Date().toISOString(),
        settledAt: null,
      },
      parts: [{ partId, merchantId: of, amount: gbp(amount) }],
    });
  }
  function received({ orderId, partId, merchantId: of }: Sold, at = Date.now()) {
    const about = { orderId, number: "K7Q2-9XMD", customerId: newId(), partId, merchantId: of };
    return event("orders.received", { ...about, by: "customer", lines: [] }, at);
  }
  const balance = async () => {
    const { pending, due } = await shop.call("settlements.balances.get", { merchantId });
    return [pending.amount, due.amount];
  };
  const release = (now = Date.now() + 8 * day) => runJob(shop, "settlements", releaseSales, now);
  const payOut = (idempotencyKey: string = newId(), minimumMinor = 1) =>
    shop.call("settlements.payouts.create", { idempotencyKey, merchantIds: [merchantId], minimumMinor });
  const database = () =>
    (shop.broker.getLocalService("settlements") as Service & ServiceWithDatabase).database;
  /** Codes of this service's invariants that are violated. */
  async function violations(): Promise<string[]> {
    const moments = { now: Date.now(), graceMs: 0, keysRetainedSince: 0, inboxRetainedSince: 0 };
    const context = { moments, config: configOf(shop.broker) };
    const scope = { after: "", upTo: undefined };
    const broken = await Promise.all(
      invariants.map(async (invariant) => ({
        code: invariant.code,
        rows: await findViolations(database(), invariant, scope, context),
      })),
    );
    return broken.filter(({ rows }) => rows.length > 0).map(({ code }) => code);
  }

  test("a sale is owed less the commission, becomes due when its return window has ended, and is paid out", async () => {
    const sold = sale();
    await tell(sold.paid);
    // 100.00 + 4.95 − 10.00 commission; the mall bears the discount.
    expect(await balance()).toEqual([9495, 0]);
    await release();
    expect(await balance()).toEqual([9495, 0]);

    await tell(received(sold));
    await release(Date.now() + 6 * day);
    expect(await balance()).toEqual([9495, 0]);
    await release();
    await release();
    expect(await balance()).toEqual([0, 9495]);

    const payout = await payOut();
    expect(payout).toMatchObject({ amount: gbp(9495), transferCount: 1 });
    expect(await balance()).toEqual([0, 0]);
    await expect(payOut()).rejects.toMatchObject({ type: "illegal-transition" });

    const { items } = await shop.call("settlements.ledger.list", { merchantId, sort: "sequence" });
    expect(items.map(({ kind, entries }) => [kind, entries])).toEqual([
      ["sale", { receipts: 9495, discounts: 1000, commission: -1000, pending: -9495 }],
      ["release", { pending: 9495, due: -9495 }],
      ["payout", { due: 9495, payouts: -9495 }],
    ]);
    expect(await violations()).toEqual([]);
  });

  test.each([
    ["before it is due", false, [4747, 0]],
    ["after it is due", true, [0, 4747]],
  ] as const)("a refund %s takes the merchant's share back, once", async (_case, isDue, expected) => {
    const sold = sale();
    await tell(sold.paid);
    if (isDue) {
      await tell(received(sold));
      await release();
    }
    const refundId = newId();
    await tell(refund(sold, 4748, refundId));
    await tell(refund(sold, 4748, refundId));
    expect(await balance()).toEqual(expected);
    await tell(refund(sold, 4747));
    expect(await balance()).toEqual([0, 0]);
    expect(await violations()).toEqual([]);
  });

  test("refund and receipt may arrive before the sale, and any event twice", async () => {
    const sold = sale();
    const events = [refund(sold, 4748), received(sold, Date.now() - 9 * day)];
    await tell(...events);
    await tell(...events);
    await tell(sold.paid);
    await tell(sold.paid);
    expect(await balance()).toEqual([4747, 0]);
    await release(Date.now());
    expect(await balance()).toEqual([0, 4747]);
    expect(await violations()).toEqual([]);
  });

  test("a sale whose receipt is recorded at the same time is released", async () => {
    const sold = sale();
    const { collaborators } = shop.broker.getLocalService("settlements") as Service & {
      collaborators: SettlementsDependencies;
    };
    const receipt = received(sold, Date.now() - 9 * day) as EventEnvelope<"orders.received">;
    const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;
    let paid: Promise<void> | undefined;
    await database().transaction(origin, async (tx) => {
      await ordersReceived.handle(receipt, tx, collaborators);
      // It waits for this transaction, or does not know of the receipt.
      paid = tell(sold.paid);
      await Promise.race([paid, sleep(300)]);
    });
    await paid;
    await release(Date.now());
    expect(await balance()).toEqual([0, 9495]);
    expect(await violations()).toEqual([]);
  });

  test("commission is that of the innermost category, by the terms at the time of the payment", async () => {
    const [mugs, kitchen] = [newId(), newId()];
    await tell(
      event("merchants.terms-changed", {
        merchantId,
        version: 2,
        validFrom: new Date(0).toISOString(),
        basisPoints: 2000,
        categories: [{ categoryId: kitchen, basisPoints: 500 }],
      }),
      event("merchants.terms-changed", {
        merchantId,
        version: 3,
        validFrom: new Date(Date.now() + day).toISOString(),
        basisPoints: 9000,
        categories: [],
      }),
    );
    const plain = sale();
    await tell(plain.paid);
    const inKitchen = sale();
    const payload = inKitchen.paid.payload as EventPayload<"orders.paid">;
    const lines = payload.lines?.map((line) => ({ ...line, categoryIds: [mugs, kitchen] }));
    await tell({ ...inKitchen.paid, payload: { ...payload, lines } } as EventEnvelope);
    const { items } = await shop.call("settlements.ledger.list", { merchantId, sort: "sequence" });
    expect(items.map(({ entries }) => entries.commission)).toEqual([-2000, -500]);
  });

  test("many payouts at once pay what is due once", async () => {
    const sold = sale();
    await tell(sold.paid, received(sold));
    await release();
    const key = newId();
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 5 }, () => payOut(key)),
      ...Array.from({ length: 5 }, () => payOut()),
    ]);
    const paid = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value.id] : []));
    expect(new Set(paid).size).toBe(1);
    expect(await balance()).toEqual([0, 0]);
    await expect(
      shop.call("settlements.payouts.create", { idempotencyKey: key, merchantIds: [newId()] }),
    ).rejects.toMatchObject({ type: expect.stringMatching(/idempotency-mismatch|illegal-transition/) });
    expect(await violations()).toEqual([]);
  });

  test("a transfer that failed is due again, and reported once", async () => {
    const sold = sale();
    await tell(sold.paid, received(sold));
    await release();
    const { id } = await payOut();
    const transfers = async () => (await shop.call("settlements.payouts.get", { id })).transfers;
    const [transfer] = await transfers();
    const report = (status: "paid" | "failed") =>
      shop.call("settlements.payouts.settle", { id, transferId: transfer?.id ?? "", status });
    await report("paid");
    await report("paid");
    await Promise.all([report("failed"), report("failed")]);
    expect(await balance()).toEqual([0, 9495]);
    await expect(report("paid")).rejects.toMatchObject({ type: "illegal-transition" });
    expect((await transfers())[0]?.status).toBe("failed");
    expect((await payOut()).amount).toEqual(gbp(9495));
    expect(await violations()).toEqual([]);
  });

  test("what a merchant owes lowers what is due later, and is not paid out", async () => {
    const sold = sale();
    await tell(sold.paid, received(sold));
    await release();
    await payOut();
    await tell(refund(sold, 9495));
    expect(await balance()).toEqual([0, -9495]);
    await expect(payOut()).rejects.toMatchObject({ type: "illegal-transition" });
    const adjusted = await shop.call("settlements.balances.adjust", {
      merchantId,
      amountMinor: 10_000,
      reason: "goodwill",
    });
    expect(adjusted.due).toEqual(gbp(505));
    expect((await payOut()).amount).toEqual(gbp(505));
  });

  test("a statement has opening balance, transactions and closing balance", async () => {
    const sold = sale();
    // Released now: a statement is of a month, and what is released later may be in the next one.
    await tell(sold.paid, received(sold, Date.now() - 8 * day));
    await release(Date.now());
    const month = new Date().toISOString().slice(0, 7);
    const { content, fileName } = await shop.call("settlements.statements.get", { merchantId, month });
    expect(fileName).toBe(`statement-${month}.csv`);
    const lines = Buffer.from(content, "base64").toString("utf8").trimEnd().split("\n");
    expect(lines[0]).toBe("\ufeffsequence,at,kind,order,reason,pending,due,currency");
    expect(
      lines
        .slice(1)
        .map((line) => line.split(","))
        .map(([, , kind, , , pending, due]) => [kind, pending, due]),
    ).toEqual([
      ["opening-balance", "0", "0"],
      ["sale", "9495", "0"],
      ["release", "0", "9495"],
      ["closing-balance", "0", "9495"],
    ]);
  });

  test("accounts are shown by their end, and in full only to the bank", async () => {
    const owner: UserCaller = { ...customer(), merchants: [{ merchantId, role: "owner" }] };
    const account = { merchantId, holder: "Pat Potter", number: "GB29NWBK60161331926819" };
    const set = await shop.call("settlements.payout-accounts.put", account, { as: owner });
    expect(set).toMatchObject({ number: "6819", version: 1 });
    await expect(shop.call("settlements.payout-accounts.put", account, { as: owner })).rejects.toMatchObject({
      type: "precondition-failed",
    });
    const sold = sale();
    await tell(sold.paid, received(sold));
    await release();
    const { id } = await payOut();
    const { content } = await shop.call("settlements.payouts.file", { id });
    expect(Buffer.from(content, "base64").toString("utf8")).toContain("Pat Potter,GB29NWBK60161331926819");
    const { items } = await shop.call("settlements.transfers.list", { merchantId }, { as: owner });
    expect(items[0]?.account).toBe("6819");
  });

  test("another merchant's figures are not found", async () => {
    const stranger: UserCaller = { ...customer(), merchants: [{ merchantId: newId(), role: "owner" }] };
    const month = "2026-11";
    for (const call of [
      shop.call("settlements.balances.get", { merchantId }, { as: stranger }),
      shop.call("settlements.ledger.list", { merchantId }, { as: stranger }),
      shop.call("settlements.statements.get", { merchantId, month }, { as: stranger }),
      shop.call("settlements.transfers.list", { merchantId }, { as: stranger }),
      shop.call("settlements.payout-accounts.get", { merchantId }, { as: stranger }),
      shop.call(
        "settlements.payout-accounts.put",
        { merchantId, holder: "X", number: "12345" },
        { as: stranger },
      ),
    ])
      await expect(call).rejects.toMatchObject({ type: "not-found" });
    expect((await shop.call("settlements.balances.list", {}, { as: stranger })).items).toEqual([]);
    const keeper: UserCaller = { ...customer(), merchants: [{ merchantId, role: "stock-keeper" }] };
    await expect(shop.call("settlements.balances.get", { merchantId }, { as: keeper })).rejects.toMatchObject(
      { type: "forbidden" },
    );
  });
});
