import { describe, expect, test } from "@jest/globals";
import { ConfigError, loadConfig } from "../../../config/index.ts";
import { brokerOptions } from "../../../mixins/broker-options.ts";

const cluster = {
  SHOP_SHAPE: "cluster",
  AMQP_URL: "amqp://shop:secret@broker:5672",
  REDIS_URL: "redis://:secret@cache:6379",
  DATABASE_PRIMARY: "db1:3306",
  DATABASE_REPLICAS: "db2:3306, db3:3307",
  DATABASE_PASSWORD_USERS: "u",
  DATABASE_PASSWORD_CATALOG: "c",
  DATABASE_PASSWORD_CART: "t",
  DATABASE_PASSWORD_ORDERS: "o",
  DATABASE_PASSWORD_AUDIT: "a",
  AUDIT_KEY: "sealed with this key",
  SECRETS_KEY: "first:encrypted-with-this-key-which-is-long",
};

describe("configuration", () => {
  test("nothing set is the embedded shape with every service on port 3000 of this machine", () => {
    const config = loadConfig({});
    expect(config).toMatchObject({ shape: "embedded", http: { host: "127.0.0.1", port: 3000 } });
    expect(config.services).toEqual(["api", "users", "catalog", "cart", "orders", "audit"]);
    expect(config.database.engine).toBe("sqlite");
  });

  test("units are spelled out as milliseconds", () => {
    const config = loadConfig({ PAYMENT_WINDOW_MINUTES: "2", CART_LIFETIME_DAYS: "1" });
    expect(config.checkout.paymentWindowMs).toBe(120_000);
    expect(config.cart.lifetimeMs).toBe(86_400_000);
  });

  test("a node is given up when it was silent for three of its own heartbeats", () => {
    expect(brokerOptions(loadConfig({}))).toMatchObject({ heartbeatInterval: 1, heartbeatTimeout: 3 });
    expect(brokerOptions(loadConfig({ HEARTBEAT_SECONDS: "5" }))).toMatchObject({ heartbeatInterval: 5, heartbeatTimeout: 15 });
  });

  test("no protection can be taken away where a real shop could run", () => {
    const asked = { TEST_WITHOUT_PROTECTIONS: "inbox,lease-expiry" };
    const allowed = { ...asked, TEST_SHOP_MAY_LOSE_DATA: "true", NAMESPACE: "test-shop" };
    expect(loadConfig({}).withoutProtections).toEqual([]);
    expect(loadConfig({ TEST_SHOP_MAY_LOSE_DATA: "true", NAMESPACE: "test-shop" }).withoutProtections).toEqual([]);
    expect(loadConfig(allowed).withoutProtections).toEqual(["inbox", "lease-expiry"]);
    for (const source of [
      asked,
      { ...asked, TEST_SHOP_MAY_LOSE_DATA: "true" },
      { ...asked, NAMESPACE: "test-shop" },
      { ...allowed, NAMESPACE: "shop" },
      { ...allowed, TEST_WITHOUT_PROTECTIONS: "everything" },
    ])
      expect(() => loadConfig(source)).toThrow(/^bad setting: TEST_WITHOUT_PROTECTIONS/);
  });

  test.each([
    ["PORT", "http"],
    ["PORT", "70000"],
    ["SERVICES", "users,shipping"],
    ["SHOP_SHAPE", "cloud"],
    ["CURRENCY", "pounds"],
    ["DEMO_DATA", "yes"],
    ["ADMIN_EMAIL", "nobody"],
    ["DATABASE_REPLICAS", "nowhere"],
  ])("a bad %s (%s) is named in one line", (key, value) => {
    expect(() => loadConfig({ [key]: value })).toThrow(new RegExp(`^bad setting: .*${key}: [^\n]+$`));
    expect(() => loadConfig({ [key]: value })).toThrow(ConfigError);
  });

  test.each([
    ["{", "must be JSON"],
    ["[]", "expected record"],
    ['{"Germany":{}}', "Germany: "],
    ['{"DE":{"shippingMinor":-1}}', "DE\\.shippingMinor: "],
    ['{"DE":{"shipping":1}}', "DE: .*shipping"],
  ])("bad destinations (%s) are named to the place", (value, place) => {
    expect(() => loadConfig({ DESTINATIONS: value })).toThrow(new RegExp(`^bad setting: DESTINATIONS: .*${place}`));
  });

  test("a destination has the shop's terms where it has none of its own", () => {
    const DESTINATIONS = '{"DE":{"taxRateBasisPoints":1900,"freeShippingFromMinor":null},"FR":{}}';
    const { pricing } = loadConfig({ SHIPPING_MINOR: "300", DESTINATIONS });
    const terms = { taxRateBasisPoints: 2000, shippingMinor: 300, freeShippingFromMinor: 5000 };
    expect(pricing).toMatchObject({ currency: "GBP", ...terms });
    expect([...pricing.destinations]).toEqual([
      ["DE", { taxRateBasisPoints: 1900, shippingMinor: 300, freeShippingFromMinor: null }],
      ["FR", terms],
    ]);
  });

  test("all bad settings are named at once", () => {
    expect(() => loadConfig({ PORT: "x", CURRENCY: "y" })).toThrow(/PORT: .*CURRENCY: /);
  });

  test("the message does not repeat a secret", () => {
    expect(() => loadConfig({ ADMIN_PASSWORD: "hunter2" })).toThrow(expect.not.objectContaining({ message: /hunter2/ }));
  });

  test("the cluster shape gives each service its own schema and user", () => {
    const { database } = loadConfig(cluster);
    if (database.engine !== "mysql") throw new Error("not a cluster");
    expect(database.primary).toEqual({ host: "db1", port: 3306 });
    expect(database.replicas).toEqual([
      { host: "db2", port: 3306 },
      { host: "db3", port: 3307 },
    ]);
    expect(database.login("cart")).toEqual({ schema: "shop_cart", user: "shop_cart", password: "t" });
  });

  test.each(["AMQP_URL", "REDIS_URL", "DATABASE_PRIMARY", "DATABASE_PASSWORD_ORDERS", "AUDIT_KEY", "SECRETS_KEY"])(
    "the cluster shape without %s does not start",
    (key) => {
      expect(() => loadConfig({ ...cluster, [key]: undefined })).toThrow(`bad setting: ${key} is required`);
    },
  );

  test("a node needs only the passwords of the services that it runs", () => {
    const one = { ...cluster, SERVICES: "cart", DATABASE_PASSWORD_USERS: undefined };
    expect(loadConfig(one).services).toEqual(["cart"]);
  });

  test("one process is paid by hand and in a sandbox of its own, next to the shop; a cluster by hand", () => {
    const { payments } = loadConfig({ PORT: "4000" });
    expect(payments).toMatchObject({ providers: ["manual", "sandbox"], sandbox: { url: undefined, inTheBox: { port: 4001 } } });
    expect(loadConfig(cluster).payments).toMatchObject({ providers: ["manual"], sandbox: undefined, stripe: undefined });
  });

  test.each([
    ["SANDBOX_URL", { PAYMENT_PROVIDERS: "sandbox" }],
    ["SANDBOX_API_KEY", { PAYMENT_PROVIDERS: "sandbox", SANDBOX_URL: "http://psp:3001" }],
    ["SANDBOX_WEBHOOK_SECRET", { PAYMENT_PROVIDERS: "sandbox", SANDBOX_URL: "http://psp:3001", SANDBOX_API_KEY: "12345678" }],
    ["STRIPE_API_KEY", { PAYMENT_PROVIDERS: "manual,stripe" }],
    ["STRIPE_WEBHOOK_SECRET", { PAYMENT_PROVIDERS: "stripe", STRIPE_API_KEY: "sk_test_1" }],
  ])("a provider that is on without its %s does not start, but on nodes that pay nothing", (key, settings) => {
    expect(() => loadConfig({ ...cluster, ...settings })).toThrow(`bad setting: ${key} is required`);
    expect(loadConfig({ ...cluster, ...settings, SERVICES: "api,cart" }).payments.providers).toEqual([]);
  });

  test("a sandbox elsewhere needs its secrets also in one process", () => {
    expect(() => loadConfig({ SANDBOX_URL: "http://psp:3001" })).toThrow("bad setting: SANDBOX_API_KEY is required");
  });
});
