import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { ShopMeta } from "../../mixins/service/action-runtime.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import type { Input, Result } from "../../mixins/contract/calls.ts";
import { isShopError } from "../../mixins/contract/errors.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { expireUnpaidOrders } from "../../services/orders/jobs/expire-unpaid-orders.job.ts";
import { removeOldKeys } from "../../services/orders/jobs/remove-old-keys.job.ts";
import { executeRefunds } from "../../services/orders/jobs/execute-refunds.job.ts";
import type { OrdersDependencies } from "../../services/orders/orders.dependencies.ts";
import { maxAttempts } from "../../services/orders/payments/execute-refund.ts";
import { signBody } from "../../deploy/psp-sandbox/sign-body.ts";
import { FakeCheckoutServices } from "../support/fake-checkout-services.ts";
import { runJob } from "../support/run-job.ts";
import { Sandbox, sandboxSecret } from "../support/sandbox.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

type Order = Result<"orders.get">;
type Payment = Result<"orders.payments.list">["items"][number];

const hour = 3_600_000;
const gbp = (amount: number) => ({ amount, currency: "GBP" });
const address = { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1 1AA", country: "GB" };
const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

let shop: Shop;
let world: FakeCheckoutServices;
let sandbox: Sandbox;

beforeAll(async () => {
  world = new FakeCheckoutServices();
  sandbox = await Sandbox.start();
  // The tests run the sweepers.
  const env = { SWEEP_INTERVAL_SECONDS: "3600", ...sandbox.env };
  shop = await startShop({ services: ["api", "orders"], env, prepare: world.install });
  await sandbox.sendTo(`${shop.url}/api/v1/webhooks/payments/sandbox`);
});
afterAll(async () => {
  await shop.stop();
  await sandbox.stop();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await sandbox.faults({});
});

const staff = (): Caller & { kind: "user" } => ({
  ...customer(),
  role: "support",
  permissions: ["orders:read", "orders:write"],
});
const desk = staff();

async function placed(as: Caller): Promise<Order> {
  const cartId = world.cart([world.stock(100, 1000), 2]);
  const params = { idempotencyKey: newId(), cartId, total: gbp(2495), shippingAddress: address };
  return shop.call("orders.place", params, { as });
}
const start = (id: string, as: Caller, key = newId()) =>
  shop.call("orders.payments.record", { id, idempotencyKey: key, provider: "sandbox" }, { as });
const orderOf = (id: string) => shop.call("orders.get", { id });
const paymentsOf = async (id: string) => (await shop.call("orders.payments.list", { id })).items;
const refundsOf = async (id: string) => (await shop.call("orders.refunds.list", { id })).items;
const cancel = (id: string, as: Caller) =>
  shop.call("orders.cancel", { id, reason: "Changed my mind" }, { as });
const refund = (id: string, change: Partial<Input<"orders.refunds.record">> = {}, as: Caller = desk) =>
  shop.call("orders.refunds.record", { id, idempotencyKey: newId(), reason: "Late", ...change }, { as });
const atPsp = (payment: Payment) => payment.reference ?? "";

/** Pays on the sandbox's page and waits for the shop to process the webhook. */
async function pay(payment: Payment, outcome: "succeeded" | "failed" = "succeeded"): Promise<void> {
  await sandbox.pay(atPsp(payment), outcome);
  await sandbox.settled();
}

async function paid(as: Caller): Promise<{ order: Order; payment: Payment }> {
  const { id } = await placed(as);
  const { next: _next, ...payment } = await start(id, as);
  await pay(payment);
  return { order: await orderOf(id), payment };
}

function service() {
  return shop.broker.getLocalService("orders") as Service & { collaborators: OrdersDependencies };
}

const run = (job: typeof executeRefunds, now?: number) => runJob(shop, "orders", job, now);

const eventsOf = (orderId: string) =>
  world.events
    .filter(({ payload }) => "orderId" in payload && payload.orderId === orderId)
    .map(({ name }) => name.slice(7));

async function outcome<T>(work: Promise<T>): Promise<T | string> {
  return work.catch((error: unknown) => {
    if (isShopError(error)) return error.type;
    throw error;
  });
}

/** Balance of an order, here and at the provider; throws when they differ. */
async function balance(id: string): Promise<{ paid: number; refunded: number }> {
  const [payments, refunds, book] = [await paymentsOf(id), await refundsOf(id), await sandbox.ledger()];
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
  for (const payment of payments) {
    const there = book.payments.find((known) => known.id === payment.reference);
    if (payment.provider === "manual") continue;
    if (payment.status === "succeeded")
      expect(there).toMatchObject({ status: "succeeded", amount: payment.amount.amount });
    const back = refunds.filter((one) => one.paymentId === payment.id);
    expect(payment.refunded.amount).toBe(sum(back.map(({ amount }) => amount.amount)));
    const given = back.filter(({ status }) => status === "succeeded");
    const givenThere = book.refunds.filter(
      ({ paymentId, status }) => paymentId === there?.id && status === "succeeded",
    );
    expect(sum(givenThere.map(({ amount }) => amount))).toBe(sum(given.map(({ amount }) => amount.amount)));
  }
  const own = refunds.filter(({ cause }) => cause !== "late-payment");
  expect((await orderOf(id)).refunded.amount).toBe(sum(own.map(({ amount }) => amount.amount)));
  const succeeded = payments.filter(({ status }) => status === "succeeded");
  return {
    paid: sum(succeeded.map(({ amount }) => amount.amount)),
    refunded: sum(refunds.filter(({ status }) => status === "succeeded").map(({ amount }) => amount.amount)),
  };
}

describe("paying at a provider", () => {
  test("the owner begins, pays on the provider's page, and the order is paid once the provider tells", async () => {
    const buyer = customer();
    const { id, total } = await placed(buyer);
    const { next, ...payment } = await start(id, buyer);
    expect(payment).toMatchObject({ provider: "sandbox", status: "pending", amount: total, paidAt: null });
    expect(next).toEqual({ action: "redirect", url: `${sandbox.url}/pay/${atPsp(payment)}` });
    expect(await orderOf(id)).toMatchObject({ status: "placed" });
    await pay(payment);
    expect(await orderOf(id)).toMatchObject({ status: "paid", payBefore: null, version: 2 });
    expect(await paymentsOf(id)).toMatchObject([
      { id: payment.id, status: "succeeded", paidAt: expect.any(String) },
    ]);
    await shop.settled();
    expect(eventsOf(id)).toEqual(["placed", "payment-started", "paid"]);
    const { items } = await shop.call("orders.timeline", { id });
    expect(items.at(-1)).toMatchObject({ event: "paid", actor: "system:payments.sandbox" });
    expect(await balance(id)).toEqual({ paid: 2495, refunded: 0 });
  });

  test("a stranger does not find the order, staff can pay for it, and customers record nothing by hand", async () => {
    const buyer = customer();
    const { id } = await placed(buyer);
    await expect(start(id, customer())).rejects.toMatchObject({ type: "not-found" });
    const byHand = { id, idempotencyKey: newId() };
    await expect(shop.call("orders.payments.record", byHand, { as: buyer })).rejects.toMatchObject({
      type: "forbidden",
    });
    expect(await start(id, desk)).toMatchObject({ status: "pending" });
  });

  test("a provider that is not switched on is refused by its field", async () => {
    const buyer = customer();
    const { id } = await placed(buyer);
    const params = { id, idempotencyKey: newId(), provider: "stripe" } as const;
    await expect(shop.call("orders.payments.record", params, { as: buyer })).rejects.toMatchObject({
      type: "validation-failed",
      data: { errors: [{ path: "provider" }] },
    });
  });

  test("a payment that fails leaves the order to be paid, also with the same payment", async () => {
    const buyer = customer();
    const { id } = await placed(buyer);
    const payment = await start(id, buyer);
    await pay(payment, "failed");
    expect(await paymentsOf(id)).toMatchObject([{ status: "failed", failure: "The customer gave up" }]);
    expect(await orderOf(id)).toMatchObject({ status: "placed" });
    await pay(payment);
    expect(await orderOf(id)).toMatchObject({ status: "paid" });
    expect(await paymentsOf(id)).toMatchObject([{ status: "succeeded", failure: null }]);
    await shop.settled();
    expect(eventsOf(id)).toEqual(["placed", "payment-started", "payment-failed", "paid"]);
  });

  test("an unpayable order is refused before the provider is called, and the key stays free", async () => {
    const buyer = customer();
    const { id } = await placed(buyer);
    await cancel(id, buyer);
    const before = (await sandbox.ledger()).payments.length;
    const key = newId();
    await expect(start(id, buyer, key)).rejects.toMatchObject({
      type: "illegal-transition",
      data: { from: "cancelled" },
    });
    expect((await sandbox.ledger()).payments).toHaveLength(before);
    const { id: another } = await placed(buyer);
    expect(await start(another, buyer, key)).toMatchObject({ status: "pending" });
  });

  test("payments of one order are not begun without end", async () => {
    const buyer = customer();
    const { id } = await placed(buyer);
    for (let begun = 0; begun < 20; begun += 1) await start(id, buyer);
    await expect(start(id, buyer)).rejects.toMatchObject({ type: "limit-reached", data: { limit: 20 } });
  });
});

describe("the idempotency key of a payment at a provider", () => {
  test("the same request answers byte for byte the same, and makes one payment here and there", async () => {
    const buyer = customer();
    const { id } = await placed(buyer);
    const key = newId();
    const outcomes = await times(10, () => outcome(start(id, buyer, key)));
    const answers = outcomes.filter((result) => typeof result !== "string");
    for (const result of outcomes)
      if (typeof result === "string") expect(result).toBe("idempotency-in-flight");
    expect(answers.length).toBeGreaterThan(0);
    await pay(answers[0] as Payment);
    const meta: ShopMeta = { caller: buyer };
    const params = { id, idempotencyKey: key, provider: "sandbox" } as const;
    const again = await shop.broker.call("orders.payments.record", params, { meta });
    expect(meta.replayed).toBe(true);
    expect(new Set([...answers, again].map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await paymentsOf(id)).toHaveLength(1);
    expect(
      (await sandbox.ledger()).payments.filter(({ reference }) => reference === answers[0]?.id),
    ).toHaveLength(1);
  });

  test("for another order, or paid in another way, it is refused; someone else's same key is another key", async () => {
    const buyer = customer();
    const [{ id }, { id: other }] = [await placed(buyer), await placed(buyer)];
    const key = newId();
    await start(id, buyer, key);
    expect(await outcome(start(other, buyer, key))).toBe("idempotency-mismatch");
    await start(id, desk, key);
    const byHand = { id, idempotencyKey: key };
    expect(await outcome(shop.call("orders.payments.record", byHand, { as: desk }))).toBe(
      "idempotency-mismatch",
    );
    expect(await paymentsOf(id)).toHaveLength(2);
  });

  test.each([
    ["does not answer", { fail: 1 }],
    ["did it and its answer was lost", { loseAnswer: 1 }],
  ])(
    "when the provider %s, it is a documented problem, and the same key goes on with the same payment",
    async (_title, faults) => {
      const buyer = customer();
      const { id } = await placed(buyer);
      const key = newId();
      await sandbox.faults(faults);
      expect(await outcome(start(id, buyer, key))).toBe("unavailable");
      const [pending] = await paymentsOf(id);
      expect(pending).toMatchObject({ status: "pending", reference: null });
      await sandbox.faults({});
      const payment = await start(id, buyer, key);
      expect(payment.id).toBe(pending?.id);
      expect(
        (await sandbox.ledger()).payments.filter(({ reference }) => reference === payment.id),
      ).toHaveLength(1);
      await pay(payment);
      expect(await orderOf(id)).toMatchObject({ status: "paid" });
    },
  );

  test("when the provider is slower than a request may take, the answer is deadline-exceeded, and the key works", async () => {
    const buyer = customer();
    const { id } = await placed(buyer);
    const key = newId();
    await sandbox.faults({ slow: 1, slowMs: 30_000 });
    expect(await outcome(start(id, buyer, key))).toBe("deadline-exceeded");
    await sandbox.faults({});
    expect(await start(id, buyer, key)).toMatchObject({ status: "pending" });
    expect(await paymentsOf(id)).toHaveLength(1);
  });

  test("a claim whose node died is in flight until its term ends, then it is taken over with the same payment", async () => {
    const buyer = customer();
    const { id } = await placed(buyer);
    const key = newId();
    const { providers, keys } = service().collaborators;
    const provider = providers.online("sandbox");
    if (!provider) throw new Error("the sandbox is switched off");
    // The provider executed it, and the node crashed before it stored the result or released its claim.
    const real = provider.start.bind(provider);
    jest.spyOn(provider, "start").mockImplementationOnce(async (payment) => {
      await real(payment);
      throw new Error("killed");
    });
    jest.spyOn(keys, "release").mockImplementationOnce(() => Promise.reject(new Error("killed")));
    await expect(start(id, buyer, key)).rejects.toThrow("killed");
    expect(await outcome(start(id, buyer, key))).toBe("idempotency-in-flight");
    const now = Date.now.bind(Date);
    jest.spyOn(Date, "now").mockImplementation(() => now() + 60_000);
    const payment = await start(id, buyer, key);
    const [only, ...more] = await paymentsOf(id);
    expect(more).toEqual([]);
    expect(only?.id).toBe(payment.id);
    expect(
      (await sandbox.ledger()).payments.filter(({ reference }) => reference === payment.id),
    ).toHaveLength(1);
  });

  test("a key that was forgotten pays nothing twice: the order is paid already", async () => {
    const buyer = customer();
    const { id } = await placed(buyer);
    const key = newId();
    await pay(await start(id, buyer, key));
    await run(removeOldKeys, Date.now() + 49 * hour);
    expect(await outcome(start(id, buyer, key))).toBe("illegal-transition");
    expect(await balance(id)).toEqual({ paid: 2495, refunded: 0 });
  });
});

describe("webhooks", () => {
  const send = async (body: string, header?: string, path = "sandbox") => {
    const signature = header ?? signBody(Buffer.from(body), sandboxSecret, Date.now());
    const response = await fetch(`${shop.url}/api/v1/webhooks/payments/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", "sandbox-signature": signature },
      body,
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const news = (payment: Payment, change: object = {}, type = "payment.succeeded", id = newId()) =>
    JSON.stringify({
      id,
      type,
      data: {
        id: payment.reference,
        reference: payment.id,
        amount: 2495,
        currency: "GBP",
        failure: null,
        ...change,
      },
    });
  const begun = async () => {
    const buyer = customer();
    const { id } = await placed(buyer);
    return { id, payment: await start(id, buyer), buyer };
  };

  test("a body that is not signed, differently signed, changed or signed long ago has no effect", async () => {
    const { id, payment } = await begun();
    const body = news(payment);
    const bytes = Buffer.from(body);
    const bad = [
      "nonsense",
      signBody(bytes, "another secret", Date.now()),
      signBody(Buffer.from(`${body} `), sandboxSecret, Date.now()),
      signBody(bytes, sandboxSecret, Date.now() - 6 * 60_000),
    ];
    for (const header of bad)
      expect(await send(body, header)).toMatchObject({
        status: 400,
        body: { type: "/problems/invalid-signature" },
      });
    expect(await orderOf(id)).toMatchObject({ status: "placed" });
    expect(await send(body)).toMatchObject({ status: 200, body: { outcome: "applied" } });
    expect(await orderOf(id)).toMatchObject({ status: "paid" });
  });

  test("a signed webhook that is unreadable, too large, of another type or for an unknown provider is a problem", async () => {
    expect(await send("{")).toMatchObject({ status: 400, body: { type: "/problems/malformed-request" } });
    expect(await send('{"id":"x"}')).toMatchObject({
      status: 400,
      body: { type: "/problems/malformed-request" },
    });
    expect(await send(`"${"x".repeat(300_000)}"`)).toMatchObject({ status: 413 });
    expect(await send("{}", undefined, "stripe")).toMatchObject({ status: 404 });
    expect(await send("{}", undefined, "paypal")).toMatchObject({
      status: 404,
      body: { type: "/problems/not-found" },
    });
    const url = `${shop.url}/api/v1/webhooks/payments/sandbox`;
    expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(415);
    const unsigned = await fetch(url, {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json" },
    });
    expect(unsigned.status).toBe(400);
  });

  test("five concurrent copies of a webhook and a later one have one effect", async () => {
    const { id, payment } = await begun();
    const body = news(payment);
    const outcomes = (await times(5, () => send(body))).map((answer) => String(answer.body.outcome));
    expect(outcomes.toSorted((one, other) => (one < other ? -1 : 1))).toEqual([
      "applied",
      "duplicate",
      "duplicate",
      "duplicate",
      "duplicate",
    ]);
    expect(await send(body)).toMatchObject({ status: 200, body: { outcome: "duplicate" } });
    expect(await send(news(payment))).toMatchObject({ body: { outcome: "ignored" } });
    await shop.settled();
    expect(eventsOf(id)).toEqual(["placed", "payment-started", "paid"]);
  });

  test("webhooks in reverse order converge: a late failure does not undo a success", async () => {
    const buyer = customer();
    const { id } = await placed(buyer);
    await sandbox.faults({ hold: true });
    const payment = await start(id, buyer);
    await sandbox.pay(atPsp(payment), "failed");
    await sandbox.pay(atPsp(payment));
    expect(await sandbox.release(true)).toEqual([200, 200, 200]);
    expect(await orderOf(id)).toMatchObject({ status: "paid" });
    expect(await paymentsOf(id)).toMatchObject([{ status: "succeeded", failure: null }]);
  });

  test("a webhook that precedes the stored response of the provider applies to the payment", async () => {
    const buyer = customer();
    const { id } = await placed(buyer);
    const key = newId();
    await sandbox.faults({ loseAnswer: 1 });
    await outcome(start(id, buyer, key));
    const [there] = (await sandbox.ledger()).payments.slice(-1);
    await sandbox.pay(there?.id ?? "");
    await sandbox.settled();
    expect(await orderOf(id)).toMatchObject({ status: "paid" });
    expect(await paymentsOf(id)).toMatchObject([{ status: "succeeded", reference: there?.id }]);
  });

  test.each([
    ["amount", { amount: 2494 }],
    ["currency", { currency: "EUR" }],
  ])(
    "another %s than was asked for does not pay the order; staff and the audit trail see it",
    async (_title, change) => {
      const { id, payment } = await begun();
      expect(await send(news(payment, change))).toMatchObject({
        status: 200,
        body: { outcome: "mismatched" },
      });
      expect(await orderOf(id)).toMatchObject({ status: "placed" });
      expect(await paymentsOf(id)).toMatchObject([
        { status: "mismatched", received: { ...gbp(2495), ...change } },
      ]);
      // A mismatch is final, whatever later notifications say.
      expect(await send(news(payment))).toMatchObject({ body: { outcome: "ignored" } });
      await shop.settled();
      expect(eventsOf(id)).toEqual(["placed", "payment-started", "payment-mismatched"]);
    },
  );

  test("webhooks about unknown payments are recorded and change nothing", async () => {
    const { payment } = await begun();
    const stranger = { ...payment, id: newId(), reference: "sbx_pay_unknown" };
    expect(await send(news(stranger))).toMatchObject({ status: 200, body: { outcome: "unknown" } });
    expect(await send(news({ ...stranger, id: "no id of ours" }))).toMatchObject({
      body: { outcome: "unknown" },
    });
    expect(await send(news(payment, {}, "payment.unheard-of"))).toMatchObject({
      body: { outcome: "ignored" },
    });
  });
});

describe("money that comes too late", () => {
  test.each([
    ["cancelled", async (id: string, buyer: Caller) => void (await cancel(id, buyer))],
    ["expired", async () => run(expireUnpaidOrders, Date.now() + hour)],
    [
      "paid",
      async (id: string) => {
        await shop.call("orders.payments.record", { id, idempotencyKey: newId() }, { as: desk });
      },
    ],
  ])("for an order that is %s goes back by itself, once", async (status, end) => {
    const buyer = customer();
    const { id } = await placed(buyer);
    const payment = await start(id, buyer);
    await end(id, buyer);
    await sandbox.faults({ duplicate: 1 });
    await pay(payment);
    const order = await orderOf(id);
    expect(order).toMatchObject({ status, refunded: gbp(0) });
    expect(await refundsOf(id)).toMatchObject([
      { status: "requested", cause: "late-payment", paymentId: payment.id, amount: gbp(2495) },
    ]);
    await times(3, () => run(executeRefunds));
    await sandbox.settled();
    expect(await refundsOf(id)).toMatchObject([{ status: "succeeded", attempts: 1 }]);
    expect(await balance(id)).toEqual({ paid: status === "paid" ? 4990 : 2495, refunded: 2495 });
    expect(await orderOf(id)).toEqual(order);
  });

  test("of payment and cancellation, thirty times at once, one wins, and the money agrees with the provider", async () => {
    const orders = await times(30, async () => {
      const buyer = customer();
      const { id } = await placed(buyer);
      return { id, buyer, payment: await start(id, buyer) };
    });
    await sandbox.faults({ seed: 3, duplicate: 0.3, delay: 0.5, delayMs: 50 });
    await Promise.all(
      orders.flatMap(({ id, buyer, payment }) => [sandbox.pay(atPsp(payment)), outcome(cancel(id, buyer))]),
    );
    await sandbox.settled();
    await run(executeRefunds);
    await sandbox.settled();
    await shop.settled();
    for (const { id } of orders) {
      const { status } = await orderOf(id);
      expect(await balance(id)).toEqual({ paid: 2495, refunded: status === "cancelled" ? 2495 : 0 });
      const told = eventsOf(id).filter((name) => name === "paid" || name === "cancelled");
      expect(told).toEqual([status]);
    }
  });
});

describe("refunds", () => {
  test("in part and then in full: the order is refunded once nothing is left, and the provider has given it", async () => {
    const { order, payment } = await paid(customer());
    const { id } = order;
    expect(await refund(id, { amount: gbp(500) })).toMatchObject({
      status: "requested",
      cause: "staff",
      paymentId: payment.id,
    });
    expect(await orderOf(id)).toMatchObject({ status: "paid", refunded: gbp(500) });
    expect(await outcome(refund(id, { amount: gbp(1996) }))).toBe("limit-reached");
    await refund(id);
    expect(await orderOf(id)).toMatchObject({ status: "refunded", refunded: gbp(2495) });
    expect(await outcome(refund(id))).toBe("illegal-transition");
    await run(executeRefunds);
    await sandbox.settled();
    expect(await refundsOf(id)).toMatchObject([
      { status: "succeeded", amount: gbp(500), reference: expect.stringMatching(/^sbx_ref_/) },
      { status: "succeeded", amount: gbp(1995) },
    ]);
    expect(await balance(id)).toEqual({ paid: 2495, refunded: 2495 });
    await shop.settled();
    expect(eventsOf(id).slice(3)).toEqual(["refund-requested", "refund-requested", "refunded", "refunded"]);
    const { items } = await shop.call("orders.timeline", { id });
    expect(items.map(({ event }) => event)).toEqual(["placed", "paid", "refunded", "refunded"]);
  });

  test("many at once give back no more than was paid", async () => {
    const { order } = await paid(customer());
    const outcomes = await times(10, () => outcome(refund(order.id, { amount: gbp(600) })));
    expect(outcomes.filter((result) => typeof result !== "string")).toHaveLength(4);
    await run(executeRefunds);
    expect(await balance(order.id)).toEqual({ paid: 2495, refunded: 2400 });
  });

  test("the same request again is a replay; another under its key is refused", async () => {
    const { order } = await paid(customer());
    const params = { id: order.id, idempotencyKey: newId(), amount: gbp(100), reason: "Late" };
    const first = await refund(order.id, params);
    const meta: ShopMeta = { caller: desk };
    const again = await shop.broker.call("orders.refunds.record", params, { meta });
    expect(JSON.stringify(again)).toBe(JSON.stringify(first));
    expect(meta.replayed).toBe(true);
    expect(await outcome(refund(order.id, { ...params, amount: gbp(101) }))).toBe("idempotency-mismatch");
    expect(await orderOf(order.id)).toMatchObject({ refunded: gbp(100) });
  });

  test("amounts that make no sense, unpaid orders and customers are refused", async () => {
    const buyer = customer();
    const { order } = await paid(buyer);
    for (const amount of [gbp(0), gbp(-5), { amount: 5, currency: "EUR" }])
      expect(await outcome(refund(order.id, { amount }))).toBe("validation-failed");
    expect(await outcome(refund(order.id, {}, buyer))).toBe("forbidden");
    const { id } = await placed(buyer);
    expect(await outcome(refund(id))).toBe("illegal-transition");
    expect(await outcome(refund(newId()))).toBe("not-found");
    await expect(
      shop.call("orders.refunds.list", { id: order.id }, { as: customer() }),
    ).rejects.toMatchObject({ type: "not-found" });
  });

  test("cancellations and returns cause refunds; manual payments are refunded manually", async () => {
    const { order } = await paid(customer());
    await refund(order.id, { amount: gbp(95) });
    await cancel(order.id, desk);
    const byHand = await placed(customer());
    await shop.call("orders.payments.record", { id: byHand.id, idempotencyKey: newId() }, { as: desk });
    const lines = [{ lineId: byHand.lines[0]?.id ?? "", quantity: 1 }];
    const returned = { id: byHand.id, idempotencyKey: newId(), lines, reason: "Too small" };
    await shop.call("orders.returns.record", returned, { as: desk });
    await run(executeRefunds);
    expect(await refundsOf(order.id)).toMatchObject([
      { cause: "staff", amount: gbp(95) },
      { cause: "cancellation", amount: gbp(2400), reason: "Changed my mind", status: "succeeded" },
    ]);
    expect(await refundsOf(byHand.id)).toMatchObject([
      { cause: "return", amount: gbp(1000), status: "succeeded" },
    ]);
    expect(await balance(order.id)).toEqual({ paid: 2495, refunded: 2495 });
    expect(await balance(byHand.id)).toEqual({ paid: 2495, refunded: 1000 });
  });

  test("a refund whose response was lost is executed once, however often it is retried", async () => {
    const { order } = await paid(customer());
    await refund(order.id);
    await sandbox.faults({ loseAnswer: 1, hold: true });
    for (let tried = 0; tried < 3; tried += 1) await run(executeRefunds, Date.now() + tried * hour);
    expect(await refundsOf(order.id)).toMatchObject([
      { status: "requested", attempts: 3, failure: expect.any(String) },
    ]);
    await sandbox.faults({});
    await run(executeRefunds, Date.now() + 4 * hour);
    await sandbox.release();
    expect(await refundsOf(order.id)).toMatchObject([{ status: "succeeded" }]);
    expect(await balance(order.id)).toEqual({ paid: 2495, refunded: 2495 });
    await shop.settled();
    expect(eventsOf(order.id).filter((name) => name === "refunded")).toHaveLength(1);
  });

  test("a try that is killed after the provider gave the money is finished by another one", async () => {
    const { order } = await paid(customer());
    await refund(order.id);
    const { refunds } = service().collaborators;
    jest.spyOn(refunds, "succeed").mockImplementationOnce(() => Promise.reject(new Error("killed")));
    await sandbox.faults({ hold: true });
    await expect(run(executeRefunds)).rejects.toThrow("killed");
    await run(executeRefunds);
    expect(await refundsOf(order.id)).toMatchObject([{ status: "requested", attempts: 1 }]);
    await run(executeRefunds, Date.now() + hour);
    expect(await refundsOf(order.id)).toMatchObject([{ status: "succeeded", attempts: 2 }]);
    await sandbox.release();
    expect(await balance(order.id)).toEqual({ paid: 2495, refunded: 2495 });
  });

  test("a declined refund waits for staff, who can retry it; late webhooks of the declined one change nothing", async () => {
    const { order } = await paid(customer());
    const { id } = order;
    const refunded = await refund(id);
    await sandbox.faults({ declineRefund: 1, hold: true });
    await run(executeRefunds);
    expect(await refundsOf(id)).toMatchObject([
      { status: "failed", failure: "The bank declined the refund" },
    ]);
    await run(executeRefunds, Date.now() + hour);
    const again = { id, refundId: refunded.id };
    expect(await outcome(shop.call("orders.refunds.retry", again, { as: customer() }))).toBe("forbidden");
    expect(await outcome(shop.call("orders.refunds.retry", { ...again, id: newId() }, { as: desk }))).toBe(
      "not-found",
    );
    expect(await shop.call("orders.refunds.retry", again, { as: desk })).toMatchObject({
      status: "requested",
      attempts: 0,
    });
    await sandbox.faults({});
    await sandbox.release();
    expect(await refundsOf(id)).toMatchObject([{ status: "requested" }]);
    await run(executeRefunds, Date.now() + hour);
    await sandbox.settled();
    expect(await refundsOf(id)).toMatchObject([{ status: "succeeded", failure: null }]);
    expect(await shop.call("orders.refunds.retry", again, { as: desk })).toMatchObject({
      status: "succeeded",
    });
    expect(await balance(id)).toEqual({ paid: 2495, refunded: 2495 });
    await shop.settled();
    expect(eventsOf(id).slice(3)).toEqual([
      "refund-requested",
      "refund-failed",
      "refund-requested",
      "refunded",
    ]);
  });

  test("a refund without a response is retried for hours, then waits for staff", async () => {
    const { order } = await paid(customer());
    await refund(order.id);
    await sandbox.faults({ fail: 1 });
    for (let tried = 0; tried < maxAttempts; tried += 1)
      await run(executeRefunds, Date.now() + (tried + 1) * 2 * hour);
    expect(await refundsOf(order.id)).toMatchObject([{ status: "failed", attempts: maxAttempts }]);
    await sandbox.faults({});
    const [failed] = await refundsOf(order.id);
    await shop.call("orders.refunds.retry", { id: order.id, refundId: failed?.id ?? "" }, { as: desk });
    await run(executeRefunds);
    expect(await balance(order.id)).toEqual({ paid: 2495, refunded: 2495 });
  });
});
