import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Service } from "moleculer";
import { findViolations } from "../../mixins/database/invariant.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import type { Result } from "../../mixins/contract/calls.ts";
import { isShopError } from "../../mixins/contract/errors.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import { signBody } from "../../deploy/psp-sandbox/sign-body.ts";
import type { PspMethod } from "../../deploy/psp-sandbox/psp-ledger.ts";
import { paymentMethodInvariants } from "../../services/orders/data/payment-method-invariants.ts";
import {
  methodsPerCustomer,
  setupLifeMs,
  setupsPerDay,
} from "../../services/orders/domain/payment-methods.ts";
import { anonymiseCustomers } from "../../services/orders/jobs/anonymise-customers.job.ts";
import { detachPaymentMethods } from "../../services/orders/jobs/detach-payment-methods.job.ts";
import { executeRefunds } from "../../services/orders/jobs/execute-refunds.job.ts";
import { removeOldKeys } from "../../services/orders/jobs/remove-old-keys.job.ts";
import { settlePaymentSetups } from "../../services/orders/jobs/settle-payment-setups.job.ts";
import type { OrdersDependencies } from "../../services/orders/orders.dependencies.ts";
import type { SavedMethods } from "../../services/orders/payments/provider-interface.ts";
import { FakeCheckoutServices } from "../support/fake-checkout-services.ts";
import { runJob } from "../support/run-job.ts";
import { Sandbox, sandboxSecret } from "../support/sandbox.ts";
import type { Shop } from "../support/shop.ts";
import { customer, deliver, startShop } from "../support/shop.ts";

type Method = Result<"orders.payment-methods.list">["items"][number];
type Buyer = Caller & { kind: "user" };
type Card = PspMethod["behaviour"];

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
  // The tests run the jobs.
  const env = { SWEEP_INTERVAL_SECONDS: "3600", ...sandbox.env };
  shop = await startShop({ services: ["api", "orders"], env, prepare: world.install });
  await sandbox.sendTo(webhooks());
});
afterAll(async () => {
  await shop.stop();
  await sandbox.stop();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await sandbox.faults({});
  await sandbox.sendTo(webhooks());
});

const webhooks = () => `${shop.url}/api/v1/webhooks/payments/sandbox`;
const nowhere = "http://127.0.0.1:9/";
const service = () =>
  shop.broker.getLocalService("orders") as Service &
    ServiceWithDatabase & { collaborators: OrdersDependencies };
const needs = () => service().collaborators;
const rows = <T extends object>(sql: string, ...values: string[]) =>
  service().database.select<T>(sql, values);

function atProvider(): SavedMethods {
  const methods = needs().providers.savedMethods("sandbox");
  if (!methods) throw new Error("the sandbox saves nothing");
  return methods;
}

async function referenceOf(setupId: string): Promise<string> {
  const [row] = await rows<{ reference: string }>(
    "SELECT reference FROM payment_setups WHERE id = ?",
    setupId,
  );
  return row?.reference ?? "";
}

const begin = (as: Buyer, key = newId()) =>
  shop.call("orders.payment-methods.setups.start", { provider: "sandbox", idempotencyKey: key }, { as });
const setupOf = (id: string, as: Buyer) => shop.call("orders.payment-methods.setups.get", { id }, { as });
const methodsOf = async (as: Buyer): Promise<Method[]> =>
  (await shop.call("orders.payment-methods.list", {}, { as })).items;
const setDefault = (id: string, as: Buyer) =>
  shop.call("orders.payment-methods.change", { id, isDefault: true }, { as });
const remove = (id: string, as: Buyer) => shop.call("orders.payment-methods.remove", { id }, { as });
const detachAll = (now = Date.now()) => runJob(shop, "orders", detachPaymentMethods, now);
const ask = (now = Date.now()) => runJob(shop, "orders", settlePaymentSetups, now);
const attachedOf = async ({ userId }: Buyer) =>
  (await sandbox.ledger()).methods.filter((method) => method.customer === userId);

function urlOf({ next }: Result<"orders.payment-methods.setups.start">): string {
  if (next?.action !== "redirect") throw new Error("there is no page");
  return next.url;
}

/** Saves a card on the sandbox's page, and the shop hears of it. */
async function saved(as: Buyer, card: Card = "pays"): Promise<string> {
  const setup = await begin(as);
  await sandbox.save(urlOf(setup), card);
  await sandbox.settled();
  expect(await setupOf(setup.id, as)).toMatchObject({ status: "succeeded" });
  return setup.id;
}

async function placed(as: Buyer): Promise<string> {
  const cartId = world.cart([world.stock(100, 1000), 2]);
  const params = { idempotencyKey: newId(), cartId, total: gbp(2495), shippingAddress: address };
  return (await shop.call("orders.place", params, { as })).id;
}
const pay = (id: string, paymentMethodId: string, as: Caller, key = newId()) =>
  shop.call("orders.payments.record", { id, idempotencyKey: key, paymentMethodId }, { as });
const charge = (id: string, paymentMethodId?: string, key = newId()) =>
  shop.call("orders.payments.charge", { id, idempotencyKey: key, paymentMethodId });
const orderOf = (id: string) => shop.call("orders.get", { id });
const paymentsOf = async (id: string) => (await shop.call("orders.payments.list", { id })).items;
const atPsp = async (orderId: string) => {
  const ids = new Set((await paymentsOf(orderId)).map(({ id }) => id));
  return (await sandbox.ledger()).payments.filter(({ reference }) => ids.has(reference));
};

const eventsAbout = (id: string) =>
  world.events.filter(({ payload }) => Object.values(payload).includes(id)).map(({ name }) => name.slice(7));

async function outcome<T>(work: Promise<T>): Promise<T | string> {
  return work.catch((error: unknown) => {
    if (isShopError(error)) return error.type;
    throw error;
  });
}

const notify = async (type: string, data: object, secret = sandboxSecret, id = newId()) => {
  const body = JSON.stringify({ id, type, data });
  const signature = signBody(Buffer.from(body), secret, Date.now());
  const headers = { "content-type": "application/json", "sandbox-signature": signature };
  const response = await fetch(webhooks(), { method: "POST", headers, body });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

/** Violated invariants of saved payment methods, of those that hold at any time. */
async function broken(): Promise<string[]> {
  const moments = { now: 0, graceMs: 60_000, keysRetainedSince: 0, inboxRetainedSince: 0 };
  const context = { moments, config: configOf(shop.broker) };
  const all = { after: "", upTo: undefined };
  const found: string[] = [];
  for (const invariant of paymentMethodInvariants)
    for (const row of invariant.whenSettled
      ? []
      : await findViolations(service().database, invariant, all, context))
      found.push(`${invariant.code} ${JSON.stringify(row)}`);
  return found;
}
afterEach(async () => {
  expect(await broken()).toEqual([]);
});

describe("saving a payment method", () => {
  test("the customer chooses a card at the provider, whose notice saves brand, last four and expiry", async () => {
    const buyer = customer();
    const setup = await begin(buyer);
    expect(setup).toMatchObject({ provider: "sandbox", status: "pending", paymentMethodId: null });
    expect(await methodsOf(buyer)).toEqual([]);
    await sandbox.save(urlOf(setup));
    await sandbox.settled();
    const [method, ...others] = await methodsOf(buyer);
    expect(others).toEqual([]);
    expect(method).toEqual({
      id: setup.id,
      provider: "sandbox",
      brand: "visa",
      lastFour: "4242",
      expiryMonth: 12,
      expiryYear: new Date().getUTCFullYear() + 4,
      isDefault: true,
      createdAt: expect.any(String),
    });
    expect(await setupOf(setup.id, buyer)).toMatchObject({ status: "succeeded", paymentMethodId: setup.id });
    await shop.settled();
    expect(eventsAbout(setup.id)).toEqual(["payment-method-added"]);
  });

  test("no event and no row that a customer sees has the provider's token", async () => {
    const buyer = customer();
    const id = await saved(buyer);
    const [there] = await attachedOf(buyer);
    await remove(id, buyer);
    await shop.settled();
    expect(there?.id).toMatch(/^sbx_pm_/);
    const told = JSON.stringify([world.events, await methodsOf(buyer), await setupOf(id, buyer)]);
    expect(told).not.toContain(there?.id);
    expect(told).not.toContain("4242");
  });

  test("a provider that cannot save is refused by its field", async () => {
    const params = { provider: "manual", idempotencyKey: newId() } as const;
    await expect(
      shop.call("orders.payment-methods.setups.start", params, { as: customer() }),
    ).rejects.toMatchObject({
      type: "validation-failed",
      data: { errors: [{ path: "provider", code: "not-supported" }] },
    });
  });

  test("giving up leaves the setup to be finished on the same page", async () => {
    const buyer = customer();
    const setup = await begin(buyer);
    await sandbox.save(urlOf(setup), "");
    await sandbox.settled();
    expect(await setupOf(setup.id, buyer)).toMatchObject({
      status: "pending",
      failure: "The customer gave up",
    });
    await sandbox.save(urlOf(setup));
    await sandbox.settled();
    expect(await setupOf(setup.id, buyer)).toMatchObject({ status: "succeeded", failure: null });
  });

  test("one key makes one setup, here and at the provider, and answers byte for byte the same", async () => {
    const buyer = customer();
    const key = newId();
    const outcomes = await times(8, () => outcome(begin(buyer, key)));
    const answers = outcomes.filter((result) => typeof result !== "string");
    for (const result of outcomes)
      if (typeof result === "string") expect(result).toBe("idempotency-in-flight");
    const again = await begin(buyer, key);
    expect(new Set([...answers, again].map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await rows("SELECT id FROM payment_setups WHERE customer_id = ?", buyer.userId)).toHaveLength(1);
  });

  test.each([
    ["does not answer", { fail: 1 }],
    ["did it and its answer was lost", { loseAnswer: 1 }],
  ])("when the provider %s, the same key goes on with the same setup", async (_title, faults) => {
    const buyer = customer();
    const key = newId();
    await sandbox.faults(faults);
    expect(await outcome(begin(buyer, key))).toBe("unavailable");
    await sandbox.faults({});
    const setup = await begin(buyer, key);
    await sandbox.save(urlOf(setup));
    await sandbox.settled();
    expect(await methodsOf(buyer)).toMatchObject([{ id: setup.id }]);
    expect(await attachedOf(buyer)).toHaveLength(1);
  });

  test("a node that dies between the provider's answer and its commit leaves the key to be taken over", async () => {
    const buyer = customer();
    const key = newId();
    const methods = atProvider();
    const real = methods.startSetup.bind(methods);
    let url = "";
    jest.spyOn(methods, "startSetup").mockImplementationOnce(async (setup) => {
      const { next } = await real(setup);
      url = next.action === "redirect" ? next.url : "";
      throw new Error("killed");
    });
    jest.spyOn(needs().keys, "release").mockImplementationOnce(() => Promise.reject(new Error("killed")));
    await expect(begin(buyer, key)).rejects.toThrow("killed");
    expect(await outcome(begin(buyer, key))).toBe("idempotency-in-flight");
    const now = Date.now.bind(Date);
    jest.spyOn(Date, "now").mockImplementation(() => now() + 60_000);
    expect(urlOf(await begin(buyer, key))).toBe(url);
  });

  test("the notice may come before the answer of the setup", async () => {
    const buyer = customer();
    const methods = atProvider();
    const real = methods.startSetup.bind(methods);
    jest.spyOn(methods, "startSetup").mockImplementationOnce(async (request) => {
      const started = await real(request);
      if (started.next.action === "redirect") await sandbox.save(started.next.url);
      await sandbox.settled();
      return started;
    });
    const setup = await begin(buyer);
    expect(setup).toMatchObject({ status: "succeeded", paymentMethodId: setup.id });
    expect(setup.next).toBeUndefined();
    expect(await methodsOf(buyer)).toMatchObject([{ id: setup.id, isDefault: true }]);
  });
});

describe("notices of setups", () => {
  test("five concurrent copies, later ones and other ones of the same success save once", async () => {
    const buyer = customer();
    await sandbox.faults({ hold: true });
    const setup = await begin(buyer);
    await sandbox.save(urlOf(setup));
    const reference = await referenceOf(setup.id);
    const data = { id: reference, reference: setup.id };
    const id = newId();
    const outcomes = await times(5, () => notify("setup.succeeded", data, sandboxSecret, id));
    expect(outcomes.filter(({ body }) => body["outcome"] === "applied")).toHaveLength(1);
    await times(5, () => notify("setup.succeeded", data));
    expect(await sandbox.release()).toEqual([200]);
    expect(await methodsOf(buyer)).toHaveLength(1);
    await shop.settled();
    expect(eventsAbout(setup.id)).toEqual(["payment-method-added"]);
    expect(await notify("setup.failed", data)).toMatchObject({ body: { outcome: "ignored" } });
  });

  test("in reverse order they converge", async () => {
    const buyer = customer();
    await sandbox.faults({ hold: true });
    const setup = await begin(buyer);
    await sandbox.save(urlOf(setup), "");
    await sandbox.save(urlOf(setup));
    expect(await sandbox.release(true)).toEqual([200, 200]);
    expect(await setupOf(setup.id, buyer)).toMatchObject({ status: "succeeded", failure: null });
  });

  test("that are forged, unreadable or about unknown things have no effect", async () => {
    const buyer = customer();
    const setup = await begin(buyer);
    const data = { id: "sbx_set_x", reference: setup.id };
    expect(await notify("setup.succeeded", data, "another secret")).toMatchObject({ status: 400 });
    expect(await notify("setup.succeeded", { reference: setup.id })).toMatchObject({ status: 400 });
    expect(await notify("setup.succeeded", { ...data, reference: newId() })).toMatchObject({
      body: { outcome: "unknown" },
    });
    expect(await notify("setup.succeeded", { ...data, reference: "'; --" })).toMatchObject({
      body: { outcome: "unknown" },
    });
    expect(await notify("method.detached", { id: "sbx_pm_x" })).toMatchObject({ status: 400 });
    expect(await methodsOf(buyer)).toEqual([]);
  });

  test("a notice that claims a success which the provider does not confirm saves nothing", async () => {
    const buyer = customer();
    const setup = await begin(buyer);
    const data = { id: await referenceOf(setup.id), reference: setup.id };
    expect(await notify("setup.succeeded", data)).toMatchObject({ status: 200 });
    expect(await setupOf(setup.id, buyer)).toMatchObject({ status: "pending" });
    expect(await methodsOf(buyer)).toEqual([]);
  });

  test("a lost notice is made up for by a query, and one by two nodes at once saves once", async () => {
    const buyer = customer();
    const setup = await begin(buyer);
    await sandbox.sendTo(nowhere);
    await sandbox.save(urlOf(setup));
    await ask();
    expect(await setupOf(setup.id, buyer)).toMatchObject({ status: "pending" });
    await times(2, () => ask(Date.now() + 2 * 60_000));
    expect(await methodsOf(buyer)).toMatchObject([{ id: setup.id }]);
    await sandbox.sendTo(webhooks());
    await sandbox.settled();
    expect(await methodsOf(buyer)).toHaveLength(1);
  });

  test("when the provider does not answer after its notice, the job reads the result later", async () => {
    const buyer = customer();
    const setup = await begin(buyer);
    await sandbox.faults({ fail: 1 });
    await sandbox.save(urlOf(setup));
    await sandbox.settled();
    expect(await setupOf(setup.id, buyer)).toMatchObject({ status: "pending" });
    await ask();
    await sandbox.faults({});
    await ask(Date.now() + hour);
    expect(await setupOf(setup.id, buyer)).toMatchObject({ status: "succeeded" });
  });

  test("what nobody finishes expires after a day, and is still saved when it is finished later", async () => {
    const buyer = customer();
    const setup = await begin(buyer);
    await ask(Date.now() + setupLifeMs + hour);
    expect(await setupOf(setup.id, buyer)).toMatchObject({ status: "expired" });
    await sandbox.save(urlOf(setup));
    await sandbox.settled();
    expect(await setupOf(setup.id, buyer)).toMatchObject({ status: "succeeded" });
    expect(await methodsOf(buyer)).toHaveLength(1);
  });
});

describe("limits", () => {
  test("concurrent setups do not exceed the number of payment methods of a customer", async () => {
    const buyer = customer();
    const outcomes = await times(methodsPerCustomer + 5, () => outcome(begin(buyer)));
    expect(outcomes.filter((result) => result === "limit-reached")).toHaveLength(5);
    await expect(begin(buyer)).rejects.toMatchObject({ data: { limit: methodsPerCustomer } });
  });

  test("a setup that succeeds after its place was given to another one is detached, not saved", async () => {
    const buyer = customer();
    const late = await begin(buyer);
    await ask(Date.now() + setupLifeMs + hour);
    await times(methodsPerCustomer, () => begin(buyer));
    await sandbox.save(urlOf(late));
    await sandbox.settled();
    expect(await setupOf(late.id, buyer)).toMatchObject({ status: "refused", paymentMethodId: null });
    expect(await methodsOf(buyer)).toEqual([]);
    await detachAll();
    expect(await attachedOf(buyer)).toEqual([]);
  });

  test("of setups in a day, also when earlier ones have expired", async () => {
    const buyer = customer();
    await times(methodsPerCustomer, () => begin(buyer));
    await ask(Date.now() + setupLifeMs + hour);
    await times(setupsPerDay - methodsPerCustomer, () => begin(buyer));
    await expect(begin(buyer)).rejects.toMatchObject({
      type: "limit-reached",
      data: { limit: setupsPerDay },
    });
  });
});

describe("the default", () => {
  const defaults = async (as: Buyer) =>
    (await methodsOf(as)).filter(({ isDefault }) => isDefault).map(({ id }) => id);

  test("is the first one, then the one that the customer chose, and after its removal the newest", async () => {
    const buyer = customer();
    const [first, second, third] = [await saved(buyer), await saved(buyer), await saved(buyer)];
    expect(await defaults(buyer)).toEqual([first]);
    expect(await setDefault(second, buyer)).toMatchObject({ id: second, isDefault: true });
    expect(await defaults(buyer)).toEqual([second]);
    await remove(second, buyer);
    expect(await defaults(buyer)).toEqual([third]);
    await remove(first, buyer);
    await remove(third, buyer);
    expect(await methodsOf(buyer)).toEqual([]);
    const next = await saved(buyer);
    expect(await defaults(buyer)).toEqual([next]);
  });

  test("is exactly one, after many choices, removals and additions at once", async () => {
    const buyer = customer();
    const ids: string[] = [];
    for (let count = 0; count < 6; count += 1) ids.push(await saved(buyer));
    await Promise.all([
      ...ids.map((id) => outcome(setDefault(id, buyer))),
      ...ids.slice(0, 4).map((id) => outcome(remove(id, buyer))),
      ...ids.map((id) => outcome(setDefault(id, buyer))),
      saved(buyer),
    ]);
    expect(await methodsOf(buyer)).toHaveLength(3);
    expect(await defaults(buyer)).toHaveLength(1);
  });
});

describe("removing a payment method", () => {
  test("detaches it at the provider, erases what was known of it, and is told once", async () => {
    const buyer = customer();
    const id = await saved(buyer);
    const outcomes = await times(4, () => outcome(remove(id, buyer)));
    expect(outcomes.filter((result) => result === "not-found")).toHaveLength(3);
    expect(await attachedOf(buyer)).toHaveLength(1);
    await times(2, () => detachAll());
    await sandbox.settled();
    expect(await attachedOf(buyer)).toEqual([]);
    expect(await rows("SELECT * FROM payment_methods WHERE id = ?", id)).toMatchObject([
      { status: "detached", token: null, brand: null, last_four: null, expiry_year: null },
    ]);
    await shop.settled();
    expect(eventsAbout(id)).toEqual(["payment-method-added", "payment-method-removed"]);
    await runJob(shop, "orders", removeOldKeys, Date.now() + 31 * 24 * hour);
    expect(await rows("SELECT id FROM payment_methods WHERE id = ?", id)).toEqual([]);
  });

  test.each([
    ["does not answer", { fail: 1 }],
    ["did it and its answer was lost", { loseAnswer: 1 }],
  ])("is retried when the provider %s", async (_title, faults) => {
    const buyer = customer();
    const id = await saved(buyer);
    await remove(id, buyer);
    await sandbox.faults(faults);
    await detachAll();
    await sandbox.faults({});
    await detachAll(Date.now() + hour);
    expect(await attachedOf(buyer)).toEqual([]);
    expect(await rows("SELECT attempts, status FROM payment_methods WHERE id = ?", id)).toEqual([
      { attempts: 2, status: "detached" },
    ]);
  });

  test("one that was detached at the provider is gone here too", async () => {
    const buyer = customer();
    const id = await saved(buyer);
    const [there] = await attachedOf(buyer);
    await sandbox.call("DELETE", `/v1/methods/${there?.id}`);
    await sandbox.settled();
    expect(await methodsOf(buyer)).toEqual([]);
    await detachAll();
    await shop.settled();
    expect(world.events.findLast(({ payload }) => Object.values(payload).includes(id))).toMatchObject({
      name: "orders.payment-method-removed",
      payload: { cause: "provider" },
    });
  });

  test("somebody else's id is not found", async () => {
    const [buyer, other] = [customer(), customer()];
    const id = await saved(buyer);
    expect(await outcome(remove(id, other))).toBe("not-found");
    expect(await outcome(setDefault(id, other))).toBe("not-found");
    expect(await outcome(setupOf(id, other))).toBe("not-found");
    expect(await methodsOf(other)).toEqual([]);
    expect(await methodsOf(buyer)).toMatchObject([{ id, isDefault: true }]);
  });
});

describe("deleting the account", () => {
  const leave = async ({ userId }: Buyer) => {
    const event = {
      id: newId(),
      name: "users.account-deleted",
      occurredAt: Date.now(),
      actor: { kind: "user", id: userId },
      requestId: newId(),
      payload: { userId },
    } as const;
    for (const error of await deliver(shop.broker, [event])) if (error) throw error;
  };

  test("removes and detaches all, also what the shop was never told of, and nothing is saved afterwards", async () => {
    const buyer = customer();
    const [first, second] = [await saved(buyer), await saved(buyer)];
    const [unfinished, unheard] = [await begin(buyer), await begin(buyer)];
    await sandbox.sendTo(nowhere);
    await sandbox.save(urlOf(unheard));
    await leave(buyer);
    await leave(buyer);
    expect(await methodsOf(buyer)).toEqual([]);
    expect(await outcome(begin(buyer))).toBe("limit-reached");
    await detachAll();
    await detachAll(Date.now() + hour);
    expect(await attachedOf(buyer)).toEqual([]);
    await sandbox.sendTo(webhooks());
    await sandbox.save(urlOf(unfinished));
    await sandbox.settled();
    expect(await setupOf(unfinished.id, buyer)).toMatchObject({ status: "refused" });
    await detachAll(Date.now() + hour);
    expect(await attachedOf(buyer)).toEqual([]);
    expect(await rows("SELECT reference FROM payer_accounts WHERE customer_id = ?", buyer.userId)).toEqual(
      [],
    );
    await shop.settled();
    for (const id of [first, second])
      expect(eventsAbout(id)).toEqual(["payment-method-added", "payment-method-removed"]);
  });

  test("goes on after the provider's failures", async () => {
    const buyer = customer();
    await saved(buyer);
    await leave(buyer);
    await sandbox.faults({ fail: 1 });
    await detachAll();
    await detachAll(Date.now() + hour);
    expect(await attachedOf(buyer)).toHaveLength(1);
    await sandbox.faults({});
    await detachAll(Date.now() + 3 * hour);
    await detachAll(Date.now() + 6 * hour);
    expect(await attachedOf(buyer)).toEqual([]);
    expect(await rows("SELECT reference FROM payer_accounts WHERE customer_id = ?", buyer.userId)).toEqual(
      [],
    );
  });

  test("that a node of the version before has noted removes them by a job", async () => {
    const buyer = customer();
    await saved(buyer);
    const { database } = service();
    await database.transaction({ actor: { kind: "system", id: "test" }, requestId: "test" }, (tx) =>
      needs().deletedCustomers.add(buyer.userId, Date.now(), tx),
    );
    await runJob(shop, "orders", anonymiseCustomers);
    expect(await methodsOf(buyer)).toEqual([]);
  });
});

describe("paying an order with a saved payment method", () => {
  test("the order is paid at once; the provider's notice of it changes nothing more", async () => {
    const buyer = customer();
    const methodId = await saved(buyer);
    const id = await placed(buyer);
    const payment = await pay(id, methodId, buyer);
    expect(payment).toMatchObject({
      status: "succeeded",
      provider: "sandbox",
      paymentMethodId: methodId,
      amount: gbp(2495),
    });
    expect(payment.next).toBeUndefined();
    expect(await orderOf(id)).toMatchObject({ status: "paid" });
    await sandbox.settled();
    await shop.settled();
    expect(eventsAbout(id)).toEqual(["placed", "paid"]);
    expect(await atPsp(id)).toMatchObject([{ status: "succeeded", amount: 2495 }]);
  });

  test("a card that asks for the customer answers where to authenticate, and is paid from there", async () => {
    const buyer = customer();
    const methodId = await saved(buyer, "asks");
    const id = await placed(buyer);
    const key = newId();
    const payment = await pay(id, methodId, buyer, key);
    expect(payment).toMatchObject({ status: "pending", next: { action: "redirect" } });
    expect(JSON.stringify(await pay(id, methodId, buyer, key))).toBe(JSON.stringify(payment));
    expect(await orderOf(id)).toMatchObject({ status: "placed" });
    await sandbox.pay(payment.reference ?? "");
    await sandbox.settled();
    expect(await orderOf(id)).toMatchObject({ status: "paid" });
    await shop.settled();
    expect(eventsAbout(id)).toEqual(["placed", "payment-started", "paid"]);
  });

  test("a decline is a refusal that frees the key, and another card pays", async () => {
    const buyer = customer();
    const [bad, good] = [await saved(buyer, "declines"), await saved(buyer)];
    const id = await placed(buyer);
    const key = newId();
    await expect(pay(id, bad, buyer, key)).rejects.toMatchObject({
      type: "payment-refused",
      message: "The card was declined",
    });
    expect(await orderOf(id)).toMatchObject({ status: "placed" });
    expect(await pay(id, good, buyer, key)).toMatchObject({ status: "succeeded" });
    expect(await paymentsOf(id)).toMatchObject([{ status: "failed" }, { status: "succeeded" }]);
    await sandbox.settled();
    await shop.settled();
    expect(eventsAbout(id)).toEqual(["placed", "payment-failed", "paid"]);
  });

  test("a foreign method, a removed one, a foreign order and staff in the customer's stead are not found", async () => {
    const [buyer, other] = [customer(), customer()];
    const [own, foreign, removed] = [await saved(buyer), await saved(other), await saved(buyer)];
    await remove(removed, buyer);
    const [id, theirs] = [await placed(buyer), await placed(other)];
    const staff: Caller = { ...customer(), role: "support", permissions: ["orders:read", "orders:write"] };
    const clerk: Caller = { ...buyer, role: "support", permissions: ["orders:read", "orders:write"] };
    expect(await outcome(pay(id, foreign, buyer))).toBe("not-found");
    expect(await outcome(pay(id, removed, buyer))).toBe("not-found");
    expect(await outcome(pay(id, newId(), buyer))).toBe("not-found");
    expect(await outcome(pay(theirs, own, buyer))).toBe("not-found");
    expect(await outcome(pay(id, own, staff))).toBe("not-found");
    expect(await outcome(pay(theirs, own, clerk))).toBe("not-found");
    expect(await outcome(charge(id, foreign))).toBe("not-found");
    expect(await paymentsOf(id)).toEqual([]);
    expect(await paymentsOf(theirs)).toEqual([]);
    expect(await pay(id, own, clerk)).toMatchObject({ status: "succeeded" });
  });

  test("another provider than the method's, and a reference, are refused", async () => {
    const buyer = customer();
    const methodId = await saved(buyer);
    const id = await placed(buyer);
    const asked = { id, idempotencyKey: newId(), paymentMethodId: methodId };
    const stripe = { ...asked, provider: "stripe" } as const;
    expect(await outcome(shop.call("orders.payments.record", stripe, { as: buyer }))).toBe(
      "validation-failed",
    );
    const named = { ...asked, reference: "of the bank" };
    expect(await outcome(shop.call("orders.payments.record", named, { as: buyer }))).toBe(
      "validation-failed",
    );
    const both = { ...asked, provider: "sandbox" } as const;
    expect(await shop.call("orders.payments.record", both, { as: buyer })).toMatchObject({
      status: "succeeded",
    });
  });

  test("one key charges once, and so do many keys at once", async () => {
    const buyer = customer();
    const methodId = await saved(buyer);
    const [id, another] = [await placed(buyer), await placed(buyer)];
    const key = newId();
    const outcomes = await times(8, () => outcome(pay(id, methodId, buyer, key)));
    for (const result of outcomes)
      if (typeof result === "string") expect(result).toBe("idempotency-in-flight");
    expect(await pay(id, methodId, buyer, key)).toMatchObject({ status: "succeeded" });
    expect(await outcome(pay(another, methodId, buyer, key))).toBe("idempotency-mismatch");
    const several = await times(8, () => outcome(pay(another, methodId, buyer)));
    expect(several.filter((result) => typeof result !== "string")).toHaveLength(1);
    for (const orderId of [id, another]) expect(await atPsp(orderId)).toHaveLength(1);
  });

  test.each([
    ["does not answer", { fail: 1 }],
    ["charged and its answer was lost", { loseAnswer: 1 }],
  ])("when the provider %s, the same key goes on with the same payment", async (_title, faults) => {
    const buyer = customer();
    const methodId = await saved(buyer);
    const id = await placed(buyer);
    const key = newId();
    await sandbox.faults({ ...faults, hold: true });
    expect(await outcome(pay(id, methodId, buyer, key))).toBe("unavailable");
    await sandbox.faults({});
    expect(await pay(id, methodId, buyer, key)).toMatchObject({ status: "succeeded" });
    await sandbox.release();
    expect(await atPsp(id)).toHaveLength(1);
    expect(await orderOf(id)).toMatchObject({ status: "paid" });
  });

  test("killed between the charge and its commit, the notice pays, and the same key answers with it", async () => {
    const buyer = customer();
    const methodId = await saved(buyer);
    const id = await placed(buyer);
    const key = newId();
    const methods = atProvider();
    const real = methods.charge.bind(methods);
    jest.spyOn(methods, "charge").mockImplementationOnce(async (request) => {
      await real(request);
      throw new Error("killed");
    });
    jest.spyOn(needs().keys, "release").mockImplementationOnce(() => Promise.reject(new Error("killed")));
    await expect(pay(id, methodId, buyer, key)).rejects.toThrow("killed");
    await sandbox.settled();
    expect(await orderOf(id)).toMatchObject({ status: "paid" });
    const now = Date.now.bind(Date);
    jest.spyOn(Date, "now").mockImplementation(() => now() + 60_000);
    expect(await pay(id, methodId, buyer, key)).toMatchObject({ status: "succeeded" });
    expect(await atPsp(id)).toHaveLength(1);
  });

  test("of payment and cancellation one wins; money that came too late is refunded by itself", async () => {
    const buyer = customer();
    const methodId = await saved(buyer);
    const methods = atProvider();
    const id = await placed(buyer);
    const real = methods.charge.bind(methods);
    const cancel = () => shop.call("orders.cancel", { id, reason: "Changed my mind" }, { as: buyer });
    jest.spyOn(methods, "charge").mockImplementationOnce(async (request) => {
      const charged = await real(request);
      await cancel();
      return charged;
    });
    expect(await pay(id, methodId, buyer)).toMatchObject({ status: "succeeded", refunded: gbp(2495) });
    expect(await orderOf(id)).toMatchObject({ status: "cancelled" });
    await runJob(shop, "orders", executeRefunds);
    await sandbox.settled();
    expect((await shop.call("orders.refunds.list", { id })).items).toMatchObject([
      { cause: "late-payment", status: "succeeded" },
    ]);
    expect(await outcome(pay(id, methodId, buyer))).toBe("illegal-transition");
  });

  test("a payment that was started before the removal of its method counts; none is started after it", async () => {
    const buyer = customer();
    const methodId = await saved(buyer);
    const [id, next] = [await placed(buyer), await placed(buyer)];
    const methods = atProvider();
    const real = methods.charge.bind(methods);
    jest.spyOn(methods, "charge").mockImplementationOnce(async (request) => {
      await remove(methodId, buyer);
      expect(await outcome(pay(next, methodId, buyer))).toBe("not-found");
      return real(request);
    });
    expect(await pay(id, methodId, buyer)).toMatchObject({ status: "succeeded" });
    const other = await saved(buyer);
    jest.spyOn(methods, "charge").mockImplementationOnce(async (request) => {
      await remove(other, buyer);
      await detachAll();
      return real(request);
    });
    expect(await outcome(pay(next, other, buyer))).toBe("payment-refused");
    expect(await orderOf(next)).toMatchObject({ status: "placed" });
  });

  test("a payment that another node began before, and that gets the order after, waits for the first", async () => {
    const buyer = customer();
    const [id, methodId] = [await placed(buyer), await saved(buyer)];
    const { keys } = needs();
    const claim = keys.claim.bind(keys);
    const methods = atProvider();
    const charge = methods.charge.bind(methods);
    const earlierId = newId();
    jest.spyOn(methods, "charge").mockImplementationOnce(async (request) => {
      jest.spyOn(keys, "claim").mockImplementationOnce(async (request, forMs, tx) => {
        const claimed = await claim<never>(request, forMs, tx);
        return claimed.claim ? { claim: { ...claimed.claim, subjectId: earlierId } } : claimed;
      });
      expect(await outcome(pay(id, methodId, buyer))).toBe("idempotency-in-flight");
      return charge(request);
    });
    expect(await pay(id, methodId, buyer)).toMatchObject({ status: "succeeded" });
    expect(await atPsp(id)).toHaveLength(1);
  });

  test("many payments and removals at once: each order is paid once or not at all", async () => {
    const buyer = customer();
    const ids = await times(6, () => placed(buyer));
    const methodIds: string[] = [];
    for (let count = 0; count < 3; count += 1) methodIds.push(await saved(buyer));
    await Promise.all([
      ...ids.flatMap((id, index) =>
        methodIds.map((methodId) => outcome(pay(id, methodId, buyer, `${index}-${methodId}`))),
      ),
      ...methodIds.slice(1).map((methodId) => outcome(remove(methodId, buyer))),
      detachAll(),
    ]);
    await sandbox.settled();
    for (const id of ids) {
      const there = (await atPsp(id)).filter(({ status }) => status === "succeeded");
      expect(there.length).toBe((await orderOf(id)).status === "paid" ? 1 : 0);
    }
  });
});

describe("charging without the customer", () => {
  test("pays with the default method, once for a key", async () => {
    const buyer = customer();
    const methodId = await saved(buyer);
    const id = await placed(buyer);
    const key = newId();
    const answer = await charge(id, undefined, key);
    expect(answer).toMatchObject({
      outcome: "succeeded",
      payment: { status: "succeeded", paymentMethodId: methodId },
    });
    expect(JSON.stringify(await charge(id, undefined, key))).toBe(JSON.stringify(answer));
    expect(await orderOf(id)).toMatchObject({ status: "paid" });
    expect(await atPsp(id)).toHaveLength(1);
    expect(await outcome(charge(id))).toBe("illegal-transition");
  });

  test("a decline is told, and leaves the order to be paid", async () => {
    const buyer = customer();
    await saved(buyer, "declines");
    const id = await placed(buyer);
    const key = newId();
    const answer = await charge(id, undefined, key);
    expect(answer).toMatchObject({
      outcome: "declined",
      payment: { status: "failed", failure: "The card was declined" },
    });
    expect(await charge(id, undefined, key)).toEqual(answer);
    expect(await atPsp(id)).toHaveLength(1);
    await sandbox.settled();
    await shop.settled();
    expect(eventsAbout(id)).toEqual(["placed", "payment-failed"]);
  });

  test("when the bank asks for the customer, the order stays unpaid and the customer is told once", async () => {
    const buyer = customer();
    const methodId = await saved(buyer, "asks");
    const id = await placed(buyer);
    const key = newId();
    const answer = await charge(id, undefined, key);
    expect(answer).toMatchObject({ outcome: "authentication-required", payment: { status: "failed" } });
    expect(await charge(id, undefined, key)).toEqual(answer);
    await sandbox.settled();
    await shop.settled();
    expect(eventsAbout(id)).toEqual(["placed", "payment-authentication-required"]);
    expect(await orderOf(id)).toMatchObject({ status: "placed" });
    const payment = await pay(id, methodId, buyer);
    await sandbox.pay(payment.reference ?? "");
    await sandbox.settled();
    expect(await orderOf(id)).toMatchObject({ status: "paid" });
  });

  test("without a saved method it is not found, and when the answer is lost the same key goes on", async () => {
    const buyer = customer();
    const id = await placed(buyer);
    expect(await outcome(charge(id))).toBe("not-found");
    await saved(buyer);
    const key = newId();
    await sandbox.faults({ loseAnswer: 1, hold: true });
    expect(await outcome(charge(id, undefined, key))).toBe("unavailable");
    await sandbox.faults({});
    expect(await charge(id, undefined, key)).toMatchObject({ outcome: "succeeded" });
    expect(await atPsp(id)).toHaveLength(1);
    await sandbox.release();
  });
});
