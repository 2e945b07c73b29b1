import { expect, test } from "@jest/globals";
import { loadConfig } from "../../../config/index.ts";
import { setUpProviders } from "../../../services/orders/payments/open-providers.ts";
import { paymentProviders } from "../../../services/orders/payments/providers/index.ts";

const cluster = {
  SHOP_SHAPE: "cluster",
  AMQP_URL: "amqp://shop:secret@broker:5672",
  REDIS_URL: "redis://:secret@cache:6379",
  DATABASE_PRIMARY: "db1:3306",
  DATABASE_PASSWORD_ORDERS: "o",
  SERVICES: "orders",
};

test.each([
  ["SANDBOX_URL", { PAYMENT_PROVIDERS: "sandbox" }],
  ["SANDBOX_API_KEY", { PAYMENT_PROVIDERS: "sandbox", SANDBOX_URL: "http://psp:3001" }],
  [
    "SANDBOX_WEBHOOK_SECRET",
    { PAYMENT_PROVIDERS: "sandbox", SANDBOX_URL: "http://psp:3001", SANDBOX_API_KEY: "12345678" },
  ],
  ["STRIPE_API_KEY", { PAYMENT_PROVIDERS: "manual,stripe" }],
  ["STRIPE_WEBHOOK_SECRET", { PAYMENT_PROVIDERS: "stripe", STRIPE_API_KEY: "sk_test_1" }],
])("a provider that is on without its %s is not set up", (key, settings) => {
  const message = new RegExp(
    `^bad setting: ${key} is required when PAYMENT_PROVIDERS has (sandbox|stripe)\\b`,
  );
  expect(() => setUpProviders(loadConfig({ ...cluster, ...settings }))).toThrow(message);
});

test("a sandbox elsewhere needs its secrets also in one process, and one of its own needs none", () => {
  const elsewhere = loadConfig({ SANDBOX_URL: "http://psp:3001" });
  expect(() => setUpProviders(elsewhere)).toThrow("bad setting: SANDBOX_API_KEY is required");
  expect(setUpProviders(loadConfig({}))).toHaveLength(2);
});

test("a provider that does not exist is named, with those that do", () => {
  const config = loadConfig({ PAYMENT_PROVIDERS: "manual,paypal" });
  expect(() => setUpProviders(config)).toThrow(
    "bad setting: PAYMENT_PROVIDERS: paypal is none of manual, sandbox, stripe",
  );
});

test.each(paymentProviders)(
  "the name of $name fits into a path and a column, and is its alone",
  ({ name }) => {
    expect(name).toMatch(/^[a-z][a-z0-9-]{0,19}$/);
    expect(paymentProviders.filter((provider) => provider.name === name)).toHaveLength(1);
  },
);
