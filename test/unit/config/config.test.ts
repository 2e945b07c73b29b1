import { describe, expect, test } from "@jest/globals";
import { existsSync, readdirSync } from "node:fs";
import { z } from "zod";
import { databasePasswordKey } from "../../../config/env.ts";
import { ConfigError, loadConfig } from "../../../config/index.ts";
import { brokerOptions } from "../../../mixins/service/broker-options.ts";
import { createNode } from "../../../services/node/create-node.ts";
import { dataServices } from "../../support/data-services.ts";

const cluster = {
  SHOP_SHAPE: "cluster",
  AMQP_URL: "amqp://shop:secret@broker:5672",
  REDIS_URL: "redis://:secret@cache:6379",
  DATABASE_PRIMARY: "db1:3306",
  DATABASE_REPLICAS: "db2:3306, db3:3307",
  ...Object.fromEntries(dataServices.map((name) => [databasePasswordKey(name), "p"])),
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
    const folders = readdirSync(new URL("../../../services/", import.meta.url));
    const isService = (name: string) =>
      existsSync(new URL(`../../../services/${name}/${name}.service.ts`, import.meta.url));
    // The gateway comes first.
    const others = folders.filter((name) => name !== "operations" && name !== "api" && isService(name));
    expect(config.services).toEqual(["api", ...others.toSorted()]);
    expect(config.services).toEqual(
      expect.arrayContaining(["api", "audit", "cart", "catalog", "orders", "users"]),
    );
    expect(config.database.engine).toBe("sqlite");
  });

  test("units are spelled out as milliseconds", () => {
    const config = loadConfig({ PAYMENT_WINDOW_MINUTES: "2", CART_LIFETIME_DAYS: "1" });
    expect(config.checkout.paymentWindowMs).toBe(120_000);
    expect(config.cart.lifetimeMs).toBe(86_400_000);
  });

  test("a node is given up when it was silent for three of its own heartbeats", () => {
    expect(brokerOptions(loadConfig({}), [])).toMatchObject({ heartbeatInterval: 1, heartbeatTimeout: 3 });
    expect(brokerOptions(loadConfig({ HEARTBEAT_SECONDS: "5" }), [])).toMatchObject({
      heartbeatInterval: 5,
      heartbeatTimeout: 15,
    });
  });

  test.each([
    ["PORT", "http"],
    ["PORT", "70000"],
    ["SERVICES", "users,nonesuch"],
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
    expect(() => loadConfig({ DESTINATIONS: value })).toThrow(
      new RegExp(`^bad setting: DESTINATIONS: .*${place}`),
    );
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
    expect(() => loadConfig({ ADMIN_PASSWORD: "hunter2" })).toThrow(
      expect.not.objectContaining({ message: /hunter2/ }),
    );
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

  test.each(["AMQP_URL", "REDIS_URL", "DATABASE_PRIMARY", "AUDIT_KEY", "SECRETS_KEY"])(
    "the cluster shape without %s does not start",
    (key) => {
      expect(() => loadConfig({ ...cluster, [key]: undefined })).toThrow(`bad setting: ${key} is required`);
    },
  );

  test("a node in the cluster shape does not start without the password of a service that it runs", async () => {
    const config = loadConfig({ ...cluster, DATABASE_PASSWORD_ORDERS: undefined });
    await expect(createNode(config)).rejects.toThrow("bad setting: DATABASE_PASSWORD_ORDERS is required");
  });

  test("a node needs only the passwords of the services that it runs", async () => {
    const one = { ...cluster, SERVICES: "cart", DATABASE_PASSWORD_USERS: undefined, LOG_LEVEL: "fatal" };
    expect((await createNode(loadConfig(one))).services.map(({ name }) => name as unknown)).toContain("cart");
  });

  test("one process is paid by hand and in a sandbox, a cluster by hand, and nothing where orders are not", () => {
    expect(loadConfig({}).payments.providers).toEqual(["manual", "sandbox"]);
    expect(loadConfig(cluster).payments.providers).toEqual(["manual"]);
    expect(loadConfig({ ...cluster, PAYMENT_PROVIDERS: "stripe, stripe,manual" }).payments.providers).toEqual(
      ["stripe", "manual"],
    );
    expect(
      loadConfig({ ...cluster, PAYMENT_PROVIDERS: "stripe", SERVICES: "api,cart" }).payments.providers,
    ).toEqual([]);
  });

  test("a part of the shop reads settings of its own from the same source", () => {
    const { settings } = loadConfig({ BANK_TOKEN: "a token", BANK_URL: "" });
    const known = z.object({ BANK_TOKEN: z.string(), BANK_URL: z.string().default("none") });
    expect(settings(known)).toEqual({ BANK_TOKEN: "a token", BANK_URL: "none" });
    const wrong = z.object({ BANK_TOKEN: z.url(), BANK_KEY: z.string() });
    expect(() => settings(wrong, "at the bank")).toThrow(
      /^bad setting: BANK_TOKEN: Invalid URL; BANK_KEY is required at the bank$/,
    );
  });
});
