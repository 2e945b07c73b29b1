import { describe, expect, jest, test } from "@jest/globals";
import { inspect } from "node:util";
import moleculer from "moleculer";
import { pino } from "pino";
import { loadConfig } from "../../../config/index.ts";
import { brokerOptions } from "../../../mixins/service/broker-options.ts";
import { withRequestId } from "../../../mixins/observability/logging/current-request.ts";
import { pinoOptions } from "../../../mixins/observability/logging/loggers.ts";
import { redact } from "../../../mixins/observability/logging/redact.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import { newApiKey } from "../../../services/users/domain/api-keys.ts";
import { hashPassword } from "../../../services/users/domain/passwords.ts";
import { newRecoveryCodes } from "../../../services/users/domain/second-factor.ts";
import { newSecret } from "../../../services/users/domain/secrets.ts";

/** Secrets by the names that fields have in the shop. */
const byName = {
  password: "correct horse battery",
  newPassword: "a staple of the shop",
  accessToken: "not-even-a-jwt",
  refreshToken: "short but secret",
  "x-cart-token": "cart-token-value",
  authorization: "whatever scheme there is",
  Cookie: "session=abcdef",
  "set-cookie": "session=ghijkl",
  "x-api-key": "an old key",
  STRIPE_API_KEY: "a-provider-key",
  AUDIT_KEY: "sealed with this one",
  SECRETS_KEY: "encrypted with this one",
  DATABASE_PASSWORD_ORDERS: "of a database",
  stripeSignature: "t=1,v1=deadbeef",
  webhookSecret: "of a webhook",
  challenge: "of a second factor",
  code: "492039",
  totpSecret: "JBSWY3DPEHPK3PXP",
  cardNumber: "4000 0000 0000 0002",
  cvc: "seven-3-7",
  clientSecret: "pi_3_secret_x",
} as const;

const tokenSecret = newSecret().secret;
const [recoveryCode = ""] = newRecoveryCodes();
const jwt = `eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxMjM0NSJ9.${newSecret().secret}`;
/** Secrets recognized by their form. */
const byLooks = {
  jwt,
  tokenSecret,
  recoveryCode,
  apiKey: newApiKey().key,
  hash: await hashPassword("correct horse battery"),
  card: "4111 1111 1111 1111",
  cardWithoutSpaces: "5555555555554444",
} as const;
const inTexts = [
  `Authorization: Bearer ${jwt}`,
  `GET /api/v1/auth/password-resets/${tokenSecret}?next=1 failed`,
  `see https://shop.example/reset-password?token=${tokenSecret}`,
  `amqp://shop:hunter2hunter2@broker:5672 cannot be reached`,
  `{"password":"hunter2hunter2","email":"ada@example.org"}`,
  `password=hunter2hunter2&name=ada`,
  `card 4111-1111-1111-1111 was refused, recovery code ${recoveryCode} too`,
  `hash ${byLooks.hash} of ${byLooks.apiKey}`,
];
const secrets = [
  ...Object.values(byName),
  ...Object.values(byLooks),
  "hunter2hunter2",
  "4111-1111-1111-1111",
];

/** The same at several depths, in all that can hold something. */
function hidingPlaces(): unknown[] {
  const deep = { request: { headers: { ...byName }, body: { user: [{ ...byName }, { texts: inTexts }] } } };
  const error = Object.assign(
    new Error(inTexts.join(", "), { cause: Object.assign(new Error(jwt), { data: { ...byName } }) }),
    {
      config: { headers: { ...byName } },
      sql: "UPDATE users SET password_hash = 'of the user' WHERE id = 1",
      parameters: ["of the user"],
    },
  );
  const around = { ...byName, self: null as unknown };
  around.self = around;
  return [
    ...inTexts,
    deep,
    [deep, [deep]],
    error,
    new AggregateError([error], jwt),
    new ShopError("validation-failed", inTexts[0], { given: { ...byName } }),
    new Map<string, unknown>([
      ["headers", { ...byName }],
      ["password", byName.password],
    ]),
    new Set([deep, jwt]),
    new URL(`smtp://user:hunter2hunter2@mail.example`),
    Buffer.from(byName.password),
    around,
    { [`token=${tokenSecret}`]: 1 },
    { values: Object.values(byLooks) },
  ];
}

const told = (text: string) => [...secrets, "of the user"].filter((secret) => text.includes(secret));

describe("log output", () => {
  test("is without secrets, at any depth and in any text", () => {
    const shown = hidingPlaces().map((place) =>
      inspect(redact(place), { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity }),
    );
    expect(shown.flatMap(told)).toEqual([]);
    // Verifies that the test's data contain the secrets.
    expect(told(inspect(hidingPlaces(), { depth: Infinity })).length).toBe(
      new Set([...secrets, "of the user"]).size,
    );
  });

  test("is without secrets in JSON lines, which keep the error and its code", () => {
    let lines = "";
    const log = pino({ level: "trace", ...pinoOptions }, { write: (line: string) => void (lines += line) });
    const error: (...args: unknown[]) => void = log.error.bind(log);
    for (const place of hidingPlaces()) {
      log.info(place as object);
      error("it failed", place, place);
    }
    expect(told(lines)).toEqual([]);
    lines = "";
    error("an order failed", new ShopError("stock-shortage", "none left", { left: 0 }));
    expect(JSON.parse(lines)).toMatchObject({
      msg: "an order failed",
      err: { type: "stock-shortage", message: "none left", data: { left: 0 } },
    });
  });

  test("is without secrets in text, and names the request in both", () => {
    const written: string[] = [];
    const shown = jest
      .spyOn(console, "error")
      .mockImplementation((...args: unknown[]) => void written.push(args.map(String).join(" ")));
    const broker = new moleculer.ServiceBroker(
      brokerOptions(loadConfig({ LOG_FORMAT: "text", LOG_LEVEL: "error" }), []),
    );
    try {
      for (const place of hidingPlaces()) broker.getLogger("orders").error("it failed", place);
      withRequestId("request-1", () => broker.getLogger("orders").error("it failed"));
    } finally {
      shown.mockRestore();
    }
    expect(written.flatMap(told)).toEqual([]);
    expect(written.at(-1)).toMatch(/it failed \(request request-1\)$/);
    let line = "";
    withRequestId("request-2", () =>
      pino(pinoOptions, { write: (text: string) => void (line = text) }).info("done"),
    );
    expect(JSON.parse(line)).toMatchObject({ msg: "done", requestId: "request-2" });
  });

  test("keeps text that is not secret", () => {
    const plain = {
      id: "0190a000-0000-7000-8000-000000000000",
      code: "ECONNREFUSED",
      status: 404,
      at: 1_764_000_000_000,
      hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      number: "K7Q2-9XMD",
      idempotencyKey: "my-first-order",
      tokenSent: true,
      nextCursor: null,
      texts: ["order 12345678 was placed", "replica 10.0.0.7:3306 ejected: 4012 ms behind"],
    };
    expect(redact(plain)).toEqual({ ...plain });
  });

  test("is bounded, whatever is thrown at it", () => {
    let deep: object = { password: byName.password };
    for (let level = 0; level < 100; level += 1) deep = { deep };
    const wide = Array.from({ length: 100_000 }, (_, index) => ({ index, password: byName.password }));
    const bad = Object.defineProperty({}, "broken", {
      enumerable: true,
      get: () => {
        throw new Error("no");
      },
    });
    const text = inspect(redact([deep, wide, bad, "x".repeat(1_000_000)]), { depth: Infinity });
    expect(text.length).toBeLessThan(100_000);
    expect(told(text)).toEqual([]);
    expect(text).toContain("[unreadable]");
  });
});
