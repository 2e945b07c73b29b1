import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Caller } from "../../mixins/contract/caller.ts";
import type { Result } from "../../mixins/contract/calls.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { executeRefunds } from "../../services/orders/jobs/execute-refunds.job.ts";
import { FakeCheckoutServices } from "../support/fake-checkout-services.ts";
import { runJob } from "../support/run-job.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";
import { failure, FakeStripe } from "../support/fake-stripe.ts";

const hour = 3_600_000;
const gbp = (amount: number) => ({ amount, currency: "GBP" });
const address = { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1 1AA", country: "GB" };
const desk: Caller = { ...customer(), role: "support", permissions: ["orders:read", "orders:write"] };

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

async function placed(as: Caller): Promise<Result<"orders.place">> {
  const cartId = world.cart([world.stock(100, 1000), 2]);
  return shop.call(
    "orders.place",
    { idempotencyKey: newId(), cartId, total: gbp(2495), shippingAddress: address },
    { as },
  );
}
const start = (id: string, as: Caller, key = newId()) =>
  shop.call("orders.payments.record", { id, idempotencyKey: key, provider: "stripe" }, { as });
const orderOf = (id: string) => shop.call("orders.get", { id });
const refundsOf = async (id: string) => (await shop.call("orders.refunds.list", { id })).items;
const giveAll = (now = Date.now()) => runJob(shop, "orders", executeRefunds, now);

async function tell({
  body,
  signature,
}: {
  body: string;
  signature: string;
}): Promise<{ status: number; body: unknown }> {
  const headers = { "content-type": "application/json", "stripe-signature": signature };
  const response = await fetch(`${shop.url}/api/v1/webhooks/payments/stripe`, {
    method: "POST",
    headers,
    body,
  });
  return { status: response.status, body: await response.json() };
}
const intentOf = (reference: string | null) => {
  const intent = stripe.intents.find(({ id }) => id === reference);
  if (!intent) throw new Error(`there is no intent ${reference}`);
  return intent;
};
const succeeded = (reference: string | null) =>
  stripe.event("payment_intent.succeeded", {
    ...intentOf(reference),
    status: "succeeded",
    amount_received: 2495,
  });

async function paid(): Promise<{ id: string; reference: string | null }> {
  const buyer = customer();
  const { id } = await placed(buyer);
  const { reference } = await start(id, buyer);
  expect(await tell(succeeded(reference))).toMatchObject({ status: 200, body: { outcome: "applied" } });
  return { id, reference };
}

describe("paying with Stripe", () => {
  test("an intent over the order's total is made once for a key, and its webhook pays the order", async () => {
    const buyer = customer();
    const { id, number } = await placed(buyer);
    const key = newId();
    const payment = await start(id, buyer, key);
    expect(payment).toMatchObject({ provider: "stripe", status: "pending", amount: gbp(2495) });
    const publishableKey = "pk_test_of_the_stand_in";
    expect(payment.next).toEqual({
      action: "confirm",
      clientSecret: `${payment.reference}_secret`,
      publishableKey,
    });
    expect(JSON.stringify(await start(id, buyer, key))).toBe(JSON.stringify(payment));
    expect(stripe.requests.at(-1)).toMatchObject({
      path: "POST /v1/payment_intents",
      key: payment.id,
      fields: {
        amount: "2495",
        currency: "gbp",
        "metadata[payment]": payment.id,
        description: `Order ${number}`,
      },
    });
    expect(
      stripe.intents.filter(({ metadata }) => (metadata as Record<string, string>)["payment"] === payment.id),
    ).toHaveLength(1);
    const news = succeeded(payment.reference);
    expect(await tell(news)).toMatchObject({ status: 200, body: { outcome: "applied" } });
    expect(await tell(news)).toMatchObject({ status: 200, body: { outcome: "duplicate" } });
    expect(await orderOf(id)).toMatchObject({ status: "paid" });
  });

  test("a webhook whose body was changed or whose signature is another's has no effect", async () => {
    const buyer = customer();
    const { id } = await placed(buyer);
    const { body, signature } = succeeded((await start(id, buyer)).reference);
    for (const bad of [
      { body: `${body} `, signature },
      { body, signature: signature.replace(/.$/, "0x") },
      { body, signature: "" },
    ])
      expect(await tell(bad)).toMatchObject({ status: 400, body: { type: "/problems/invalid-signature" } });
    expect(await orderOf(id)).toMatchObject({ status: "placed" });
  });

  test("a card that was declined can be followed by one that works; a late decline undoes nothing", async () => {
    const buyer = customer();
    const { id } = await placed(buyer);
    const { reference } = await start(id, buyer);
    const declined = { ...intentOf(reference), last_payment_error: { message: "Your card was declined." } };
    await tell(stripe.event("payment_intent.payment_failed", declined, newId()));
    expect((await shop.call("orders.payments.list", { id })).items).toMatchObject([
      { status: "failed", failure: "Your card was declined." },
    ]);
    await tell(succeeded(reference));
    expect(await tell(stripe.event("payment_intent.payment_failed", declined, newId()))).toMatchObject({
      body: { outcome: "ignored" },
    });
    expect(await orderOf(id)).toMatchObject({ status: "paid" });
  });

  test("a refusal by Stripe is a refusal that frees the key; a failure of Stripe is unavailable", async () => {
    const buyer = customer();
    const { id } = await placed(buyer);
    const key = newId();
    stripe.next = { error: failure(400, "invalid_request_error", "Amount must be at least 30 pence") };
    await expect(start(id, buyer, key)).rejects.toMatchObject({
      type: "payment-refused",
      message: "Amount must be at least 30 pence",
    });
    stripe.next = { error: failure(500, "api_error", "An error occurred") };
    await expect(start(id, buyer, key)).rejects.toMatchObject({ type: "unavailable" });
    stripe.lose = 2;
    await expect(start(id, buyer, key)).rejects.toMatchObject({ type: "unavailable" });
    const payment = await start(id, buyer, key);
    expect(
      stripe.intents.filter(({ metadata }) => (metadata as Record<string, string>)["payment"] === payment.id),
    ).toHaveLength(1);
  });
});

describe("refunds by Stripe", () => {
  const refund = (id: string) =>
    shop.call("orders.refunds.record", { id, idempotencyKey: newId(), reason: "Late" }, { as: desk });

  test("are given once, also when the answer was lost and Stripe has forgotten the key", async () => {
    const { id, reference } = await paid();
    await refund(id);
    stripe.lose = 2;
    await giveAll();
    stripe.forgetKeys();
    await giveAll(Date.now() + hour);
    expect(await refundsOf(id)).toMatchObject([
      { status: "succeeded", attempts: 2, reference: expect.stringMatching(/^re_/) },
    ]);
    expect(stripe.refunds.filter(({ payment_intent: of }) => of === reference)).toMatchObject([
      { amount: 2495 },
    ]);
  });

  test("that take their time succeed when Stripe tells, and one that bounces afterwards waits for staff", async () => {
    const { id, reference } = await paid();
    await refund(id);
    stripe.next = { refundStatus: "pending" };
    await giveAll();
    const [given] = stripe.refunds.slice(-1);
    expect(await refundsOf(id)).toMatchObject([{ status: "requested", reference: given?.id }]);
    await tell(stripe.event("refund.updated", { ...given, status: "succeeded" }, newId()));
    expect(await refundsOf(id)).toMatchObject([{ status: "succeeded" }]);
    await tell(
      stripe.event(
        "refund.failed",
        { ...given, status: "failed", failure_reason: "expired_or_canceled_card" },
        newId(),
      ),
    );
    expect(await refundsOf(id)).toMatchObject([{ status: "failed", failure: "expired_or_canceled_card" }]);
    // Its success is superseded.
    await tell(stripe.event("refund.updated", { ...given, status: "succeeded" }, newId()));
    const [failed] = await refundsOf(id);
    expect(failed).toMatchObject({ status: "failed" });
    await shop.call("orders.refunds.retry", { id, refundId: failed?.id ?? "" }, { as: desk });
    await giveAll(Date.now() + hour);
    expect(await refundsOf(id)).toMatchObject([{ status: "succeeded" }]);
    const keys = stripe.requests.filter(
      ({ path, fields }) => path === "POST /v1/refunds" && fields["payment_intent"] === reference,
    );
    expect(new Set(keys.map(({ key }) => key)).size).toBe(2);
  });

  test("that Stripe refuses wait for staff", async () => {
    const { id } = await paid();
    await refund(id);
    stripe.next = { error: failure(400, "invalid_request_error", "Charge has already been refunded.") };
    await giveAll();
    expect(await refundsOf(id)).toMatchObject([
      { status: "failed", failure: "Charge has already been refunded." },
    ]);
  });
});
