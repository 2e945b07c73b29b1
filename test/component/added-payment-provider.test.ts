import { afterAll, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import { z } from "zod";
import type {
  OnlinePaymentProvider,
  PaymentProviderDefinition,
} from "../../services/orders/payments/provider-interface.ts";
import { InvalidSignature } from "../../services/orders/payments/provider-interface.ts";
import { manual } from "../../services/orders/payments/providers/manual.ts";
import { sandbox } from "../../services/orders/payments/providers/sandbox.ts";
import type { Shop } from "../support/shop.ts";

const settings = z.object({ BANK_TOKEN: z.string().min(8) });

/** A complete provider: a file in `providers` and a line in its index. */
const bank: PaymentProviderDefinition = {
  name: "bank",
  signatureHeaders: ["Bank-Signature"],
  settings,
  setUp(config) {
    const { BANK_TOKEN: token } = config.settings(settings, "when PAYMENT_PROVIDERS has bank");
    const read: OnlinePaymentProvider["readNotice"] = (body, headers) => {
      if (headers["bank-signature"] !== token) throw new InvalidSignature();
      const { event: eventId, payment: id, amount } = notice.parse(JSON.parse(body.toString()));
      const event = {
        about: "payment",
        id,
        reference: `at the bank ${id}`,
        status: "succeeded",
        amount,
        currency: "GBP",
        reason: "",
      } as const;
      return { eventId, type: "paid", event };
    };
    const provider: OnlinePaymentProvider = {
      name: "bank",
      start: ({ id }) =>
        Promise.resolve({
          reference: `at the bank ${id}`,
          next: { action: "redirect", url: `https://bank.example/${id}` },
        }),
      query: () => Promise.resolve({ status: "unknown" }),
      close: () => Promise.resolve({ status: "closed" }),
      refund: ({ key }) => Promise.resolve({ status: "succeeded", reference: `back ${key}` }),
      readNotice: readNotice.mockImplementation(read),
    };
    return () => Promise.resolve(provider);
  },
};
const notice = z.object({ event: z.string(), payment: z.string(), amount: z.int() });
const readNotice = jest.fn<OnlinePaymentProvider["readNotice"]>();

jest.unstable_mockModule("../../services/orders/payments/providers/index.ts", () => ({
  paymentProviders: [manual, sandbox, bank],
}));
// Imported late: the orders contract lists the providers on load.
const { newId } = await import("../../mixins/contract/ids.ts");
const { executeRefunds } = await import("../../services/orders/jobs/execute-refunds.job.ts");
const { FakeCheckoutServices } = await import("../support/fake-checkout-services.ts");
const { runJob } = await import("../support/run-job.ts");
const { customer, startShop } = await import("../support/shop.ts");

const address = { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1 1AA", country: "GB" };
const total = { amount: 2495, currency: "GBP" };
const env = { SWEEP_INTERVAL_SECONDS: "3600", PAYMENT_PROVIDERS: "bank" };
const world = new FakeCheckoutServices();
let shop: Shop;

beforeAll(async () => {
  shop = await startShop({
    services: ["api", "orders"],
    env: { ...env, BANK_TOKEN: "of the bank" },
    prepare: world.install,
  });
});
beforeEach(() => {
  readNotice.mockClear();
});
afterAll(() => shop.stop());

async function begun() {
  const buyer = customer();
  const request = {
    idempotencyKey: newId(),
    cartId: world.cart([world.stock(100, 1000), 2]),
    total,
    shippingAddress: address,
  };
  const { id } = await shop.call("orders.place", request, { as: buyer });
  const payment = await shop.call(
    "orders.payments.record",
    { id, idempotencyKey: newId(), provider: "bank" },
    { as: buyer },
  );
  return { id, payment };
}

async function tell(payment: { readonly id: string }, signatures: Readonly<Record<string, string>>) {
  const body = JSON.stringify({ event: newId(), payment: payment.id, amount: total.amount });
  const headers = { "content-type": "application/json", ...signatures };
  const response = await fetch(`${shop.url}/api/v1/webhooks/payments/bank`, {
    method: "POST",
    headers,
    body,
  });
  return { status: response.status, body: await response.json() };
}

test("an order is paid at it and its money given back", async () => {
  const { id, payment } = await begun();
  expect(payment).toMatchObject({
    provider: "bank",
    status: "pending",
    next: { url: `https://bank.example/${payment.id}` },
  });
  expect(await tell(payment, { "bank-signature": "of the bank" })).toEqual({
    status: 200,
    body: { outcome: "applied" },
  });
  expect((await shop.call("orders.get", { id })).status).toBe("paid");
  await shop.call("orders.cancel", { id, reason: "out of fashion" });
  await runJob(shop, "orders", executeRefunds, Date.now());
  expect((await shop.call("orders.refunds.list", { id })).items).toMatchObject([
    { status: "succeeded", amount: total },
  ]);
});

test("it is given the signature of the header that it names, and of no other", async () => {
  const { payment } = await begun();
  expect(
    await tell(payment, { "bank-signature": "of the bank", "sandbox-signature": "of another" }),
  ).toMatchObject({ status: 200 });
  expect(readNotice).toHaveBeenCalledWith(
    expect.any(Buffer),
    { "bank-signature": "of the bank" },
    expect.any(Number),
  );
  expect(await tell(payment, { "sandbox-signature": "of the bank" })).toMatchObject({ status: 400 });
  expect(readNotice).toHaveBeenLastCalledWith(
    expect.any(Buffer),
    { "bank-signature": undefined },
    expect.any(Number),
  );
});

test("the API describes it, and its header", async () => {
  const text = await (await fetch(`${shop.url}/openapi.json`)).text();
  expect(text).toContain('"enum":["manual","sandbox","bank"]');
  expect(text).toContain('"name":"Bank-Signature","in":"header"');
});

test("without its settings the node is not made, and the setting is named", async () => {
  const started = startShop({ services: ["orders"], env });
  await expect(started).rejects.toThrow(
    "bad setting: BANK_TOKEN is required when PAYMENT_PROVIDERS has bank",
  );
});
