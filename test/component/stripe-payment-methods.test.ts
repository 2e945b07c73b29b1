import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Caller } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { detachPaymentMethods } from "../../services/orders/jobs/detach-payment-methods.job.ts";
import { settlePaymentSetups } from "../../services/orders/jobs/settle-payment-setups.job.ts";
import { FakeCheckoutServices } from "../support/fake-checkout-services.ts";
import { FakeStripe, failure } from "../support/fake-stripe.ts";
import { runJob } from "../support/run-job.ts";
import type { Shop } from "../support/shop.ts";
import { customer, deliver, startShop } from "../support/shop.ts";

type Buyer = Caller & { kind: "user" };

const hour = 3_600_000;
const total = { amount: 2495, currency: "GBP" };
const address = { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1 1AA", country: "GB" };

let shop: Shop;
let world: FakeCheckoutServices;
const stripe = new FakeStripe();

beforeAll(async () => {
  await stripe.start();
  world = new FakeCheckoutServices();
  const env = { SWEEP_INTERVAL_SECONDS: "3600", ...stripe.env };
  shop = await startShop({ services: ["api", "orders"], env, prepare: world.install });
});
afterAll(async () => {
  await shop.stop();
  await stripe.stop();
});

const begin = (as: Buyer, key = newId()) =>
  shop.call("orders.payment-methods.setups.start", { provider: "stripe", idempotencyKey: key }, { as });
const methodsOf = async (as: Buyer) => (await shop.call("orders.payment-methods.list", {}, { as })).items;
const detachAll = (now = Date.now()) => runJob(shop, "orders", detachPaymentMethods, now);
const attachedOf = ({ userId }: Buyer) => {
  const account = stripe.customers.find(({ metadata }) => Object.values(Object(metadata)).includes(userId));
  return stripe.methods.filter((method) => method["customer"] === account?.id);
};
const setupAt = (id: string) => {
  const setup = stripe.setups.find(({ metadata }) => Object.values(Object(metadata)).includes(id));
  if (!setup) throw new Error(`there is no setup of ${id}`);
  return setup;
};

async function tell(type: string, object: object, id = newId()) {
  const { body, signature } = stripe.event(type, object, id);
  const headers = { "content-type": "application/json", "stripe-signature": signature };
  const response = await fetch(`${shop.url}/api/v1/webhooks/payments/stripe`, {
    method: "POST",
    headers,
    body,
  });
  return { status: response.status, body: await response.json() };
}

async function saved(as: Buyer, card: "pays" | "declines" | "asks" = "pays"): Promise<string> {
  const { id } = await begin(as);
  expect(await tell("setup_intent.succeeded", stripe.finishSetup(setupAt(id).id, card))).toMatchObject({
    body: { outcome: "applied" },
  });
  return id;
}

async function placed(as: Buyer): Promise<string> {
  const cartId = world.cart([world.stock(100, 1000), 2]);
  const params = { idempotencyKey: newId(), cartId, total, shippingAddress: address };
  return (await shop.call("orders.place", params, { as })).id;
}
const pay = (id: string, paymentMethodId: string, as: Buyer, key = newId()) =>
  shop.call("orders.payments.record", { id, idempotencyKey: key, paymentMethodId }, { as });
const charge = (id: string) => shop.call("orders.payments.charge", { id, idempotencyKey: newId() });
const orderOf = (id: string) => shop.call("orders.get", { id });

describe("saving a payment method at Stripe", () => {
  test("a setup intent of the customer is made once for a key, and its webhook saves the card", async () => {
    const buyer = customer();
    const key = newId();
    const setup = await begin(buyer, key);
    const { id: reference } = setupAt(setup.id);
    expect(setup.next).toEqual({
      action: "confirm",
      clientSecret: `${reference}_secret`,
      publishableKey: "pk_test_of_the_stand_in",
    });
    expect(JSON.stringify(await begin(buyer, key))).toBe(JSON.stringify(setup));
    expect(stripe.requests.at(-1)).toMatchObject({
      path: "POST /v1/setup_intents",
      key: setup.id,
      fields: { usage: "off_session", "metadata[setup]": setup.id },
    });
    await begin(buyer);
    expect(
      stripe.customers.filter(({ metadata }) => Object.values(Object(metadata)).includes(buyer.userId)),
    ).toHaveLength(1);
    await tell("setup_intent.succeeded", stripe.finishSetup(reference));
    expect(await methodsOf(buyer)).toMatchObject([
      { id: setup.id, provider: "stripe", brand: "visa", lastFour: "4242", expiryMonth: 8, expiryYear: 2031 },
    ]);
    expect(await tell("setup_intent.succeeded", setupAt(setup.id))).toMatchObject({
      body: { outcome: "ignored" },
    });
  });

  test("a webhook that never comes is made up for by a query; a cancelled setup ends", async () => {
    const buyer = customer();
    const [heard, cancelled] = [await begin(buyer), await begin(buyer)];
    stripe.finishSetup(setupAt(heard.id).id);
    Object.assign(setupAt(cancelled.id), { status: "canceled" });
    await runJob(shop, "orders", settlePaymentSetups, Date.now() + hour);
    expect(await methodsOf(buyer)).toMatchObject([{ id: heard.id }]);
    const { id } = cancelled;
    expect(await shop.call("orders.payment-methods.setups.get", { id }, { as: buyer })).toMatchObject({
      status: "expired",
    });
  });

  test("a failed attempt is told, and a refusal by Stripe frees the key", async () => {
    const buyer = customer();
    const key = newId();
    stripe.next = { error: failure(400, "invalid_request_error", "Not available in your country") };
    await expect(begin(buyer, key)).rejects.toMatchObject({ type: "payment-refused" });
    stripe.lose = 2;
    await expect(begin(buyer, key)).rejects.toMatchObject({ type: "unavailable" });
    stripe.lose = 0;
    const { id } = await begin(buyer, key);
    const failed = Object.assign(setupAt(id), { last_setup_error: { message: "Your card has expired." } });
    await tell("setup_intent.setup_failed", failed);
    expect(await shop.call("orders.payment-methods.setups.get", { id }, { as: buyer })).toMatchObject({
      status: "pending",
      failure: "Your card has expired.",
    });
  });
});

describe("a card that its bank renewed", () => {
  const renewed = { brand: "visa", last4: "1881", exp_month: 2, exp_year: 2036 };

  test("is shown with its new expiry and last four, as Stripe has them when it tells, and pays on", async () => {
    const buyer = customer();
    const id = await saved(buyer);
    const [there] = attachedOf(buyer);
    const before = { ...there };
    Object.assign(there ?? {}, { card: renewed });
    expect(await tell("payment_method.automatically_updated", there ?? {})).toMatchObject({
      body: { outcome: "applied" },
    });
    const shown = { id, brand: "visa", lastFour: "1881", expiryMonth: 2, expiryYear: 2036, isDefault: true };
    expect(await methodsOf(buyer)).toMatchObject([shown]);
    // A notice of an earlier change that arrives later.
    await tell("payment_method.updated", before);
    expect(await methodsOf(buyer)).toMatchObject([shown]);
    expect(await pay(await placed(buyer), id, buyer)).toMatchObject({ status: "succeeded" });
  });

  test("is told again when Stripe could not be asked", async () => {
    const buyer = customer();
    await saved(buyer);
    const there = Object.assign(attachedOf(buyer)[0] ?? {}, { card: renewed });
    const eventId = newId();
    stripe.lose = 2;
    expect(await tell("payment_method.updated", there, eventId)).toMatchObject({ status: 503 });
    stripe.lose = 0;
    expect(await methodsOf(buyer)).toMatchObject([{ lastFour: "4242", expiryYear: 2031 }]);
    for (const outcome of ["applied", "duplicate"])
      expect(await tell("payment_method.updated", there, eventId)).toMatchObject({ body: { outcome } });
    expect(await methodsOf(buyer)).toMatchObject([{ lastFour: "1881", expiryYear: 2036 }]);
  });

  test("changes nothing where it is not saved, was removed, or was detached", async () => {
    const buyer = customer();
    const [removed, detached] = [await saved(buyer), await saved(buyer)];
    const [first, second] = attachedOf(buyer).map((method) => Object.assign(method, { card: renewed }));
    await shop.call("orders.payment-methods.remove", { id: removed }, { as: buyer });
    const asked = () =>
      stripe.requests.filter(({ path }) => path.startsWith("GET /v1/payment_methods/")).length;
    const before = asked();
    for (const method of [first ?? {}, { ...first, id: "pm_of_another_shop" }])
      expect(await tell("payment_method.updated", method)).toMatchObject({ body: { outcome: "ignored" } });
    expect(asked()).toBe(before);
    Object.assign(second ?? {}, { customer: null });
    expect(await tell("payment_method.updated", second ?? {})).toMatchObject({
      body: { outcome: "ignored" },
    });
    expect(await methodsOf(buyer)).toMatchObject([{ id: detached, lastFour: "4242" }]);
  });
});

describe("detaching at Stripe", () => {
  test("is done once, and one that Stripe has detached already counts", async () => {
    const buyer = customer();
    const [first, second] = [await saved(buyer), await saved(buyer)];
    await shop.call("orders.payment-methods.remove", { id: first }, { as: buyer });
    stripe.lose = 1;
    await detachAll();
    stripe.lose = 0;
    stripe.forgetKeys();
    await detachAll(Date.now() + hour);
    expect(attachedOf(buyer)).toHaveLength(1);
    const [there] = attachedOf(buyer);
    expect(
      await tell("payment_method.detached", Object.assign(there ?? {}, { customer: null })),
    ).toMatchObject({ body: { outcome: "applied" } });
    expect(await methodsOf(buyer)).toEqual([]);
    await detachAll();
    const asked = stripe.requests.filter(({ path }) => path.endsWith("/detach")).length;
    await detachAll(Date.now() + 2 * hour);
    expect(stripe.requests.filter(({ path }) => path.endsWith("/detach"))).toHaveLength(asked);
    expect(second).not.toBe(first);
  });

  test("a deleted account leaves nothing there", async () => {
    const buyer = customer();
    await saved(buyer);
    const { id } = await begin(buyer);
    stripe.finishSetup(setupAt(id).id);
    const { userId } = buyer;
    const event = {
      id: newId(),
      name: "users.account-deleted",
      occurredAt: Date.now(),
      actor: { kind: "user", id: userId },
      requestId: newId(),
      payload: { userId },
    } as const;
    expect(await deliver(shop.broker, [event])).toEqual([undefined]);
    await detachAll();
    await detachAll(Date.now() + hour);
    expect(attachedOf(buyer)).toEqual([]);
  });
});

describe("charging at Stripe", () => {
  test("with the customer: paid at once, declined, or with a next step for Stripe's library", async () => {
    const buyer = customer();
    const [good, bad, asking] = [
      await saved(buyer),
      await saved(buyer, "declines"),
      await saved(buyer, "asks"),
    ];
    const [id, other] = [await placed(buyer), await placed(buyer)];
    await expect(pay(id, bad, buyer)).rejects.toMatchObject({
      type: "payment-refused",
      message: "Your card was declined.",
    });
    expect(await pay(id, good, buyer)).toMatchObject({ status: "succeeded", provider: "stripe" });
    expect(await orderOf(id)).toMatchObject({ status: "paid" });
    const { reference, next } = await pay(other, asking, buyer);
    expect(next).toMatchObject({ action: "confirm", clientSecret: `${reference}_secret` });
    const intent = stripe.intents.find((known) => known.id === reference);
    const paid = { ...intent, status: "succeeded", amount_received: total.amount };
    expect(await tell("payment_intent.succeeded", paid)).toMatchObject({ body: { outcome: "applied" } });
    expect(await orderOf(other)).toMatchObject({ status: "paid" });
    expect(stripe.requests.findLast(({ fields }) => fields["confirm"] === "true")).toMatchObject({
      fields: { off_session: "false", "automatic_payment_methods[allow_redirects]": "never" },
    });
  });

  test("a lost answer is asked for again with the same key, and charges once", async () => {
    const buyer = customer();
    const methodId = await saved(buyer);
    const id = await placed(buyer);
    const key = newId();
    stripe.lose = 2;
    await expect(pay(id, methodId, buyer, key)).rejects.toMatchObject({ type: "unavailable" });
    stripe.lose = 0;
    const payment = await pay(id, methodId, buyer, key);
    expect(payment).toMatchObject({ status: "succeeded" });
    expect(
      stripe.intents.filter(({ metadata }) => Object.values(Object(metadata)).includes(payment.id)),
    ).toHaveLength(1);
  });

  test("without the customer: paid, declined, or left unpaid because the bank asks for them", async () => {
    for (const [card, expected, status] of [
      ["pays", "succeeded", "paid"],
      ["declines", "declined", "placed"],
      ["asks", "authentication-required", "placed"],
    ] as const) {
      const buyer = customer();
      await saved(buyer, card);
      const id = await placed(buyer);
      expect(await charge(id)).toMatchObject({ outcome: expected });
      expect(await orderOf(id)).toMatchObject({ status });
    }
    await shop.settled();
    expect(world.events.filter(({ name }) => name === "orders.payment-authentication-required")).toHaveLength(
      1,
    );
  });
});
