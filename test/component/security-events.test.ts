import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { until } from "../cluster/processes.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { internalAddress } from "../../mixins/service/admin-port.ts";
import { problemIn, sendHttp } from "../support/http.ts";
import type { Person } from "../support/people.ts";
import { newPerson } from "../support/people.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

const each = 35;
/** Stripe is not called: its webhooks are forged. */
const stripe = {
  PAYMENT_PROVIDERS: "manual,stripe",
  STRIPE_API_KEY: "sk_test_of_nobody",
  STRIPE_WEBHOOK_SECRET: "whsec_of_nobody",
};

describe("attacks that are refused", () => {
  let shop: Shop;
  let customer: Person;
  beforeAll(async () => {
    shop = await startShop({ env: { INTERNAL_PORT: "0", ...stripe } });
    customer = await newPerson(shop);
  }, 240_000);
  afterAll(() => shop?.stop());

  const counted = async (kind: string) => {
    const text = await (await fetch(`http://127.0.0.1:${internalAddress(shop.broker)?.port}/metrics`)).text();
    return Number(
      new RegExp(`^shop_security_events_total\\{kind="${kind}"[^}]*\\} (\\d+)$`, "m").exec(text)?.[1],
    );
  };
  const entries = async (kind: string) => {
    await shop.settled();
    const { items } = await shop.call("audit.list", { type: "audit.attacks-refused", limit: 100 });
    return items.filter(({ details }) => details["kind"] === kind);
  };
  const thief = generateKeyPairSync("ed25519");
  const forged = () =>
    new SignJWT({ sid: newId() })
      .setProtectedHeader({ alg: "EdDSA", kid: "thief", typ: "at+jwt" })
      .setSubject(newId())
      .setIssuer("shopserver")
      .setAudience("shopserver-api")
      .setExpirationTime("5m")
      .sign(thief.privateKey);
  const webhook = "/api/v1/webhooks/payments/stripe";

  const attacks: [kind: string, problem: string, attack: () => Promise<Parameters<typeof sendHttp>[1]>][] = [
    [
      "forged-credentials",
      "unauthenticated",
      async () => ({ method: "GET", path: "/api/v1/me", token: await forged() }),
    ],
    [
      "unknown-id",
      "not-found",
      () => Promise.resolve({ method: "GET", path: `/api/v1/orders/${newId()}`, token: customer.token }),
    ],
    [
      "forbidden",
      "forbidden",
      () => Promise.resolve({ method: "GET", path: "/api/v1/audit-events", token: customer.token }),
    ],
    [
      "forged-signature",
      "invalid-signature",
      () => Promise.resolve({ method: "POST", path: webhook, body: "{}" }),
    ],
  ];

  test.each(attacks)(
    "%s: each is counted, and the audit trail has one entry that says what, from where and by whom",
    async (kind, problem, attack) => {
      expect([await counted(kind), await entries(kind)]).toEqual([0, []]);
      for (let sent = 0; sent < each; sent += 1)
        expect(problemIn(await sendHttp(shop.url, await attack()))).toBe(problem);
      expect(await counted(kind)).toBe(each);
      const { method, path, token } = await attack();
      const route = path.replace(/[0-9a-f-]{36}/, "{id}").replace("/stripe", "/{provider}");
      const userId = token === customer.token ? customer.userId : null;
      await until(async () => (await entries(kind)).length > 0);
      expect(await entries(kind)).toMatchObject([
        {
          entity: "gateway",
          entityId: shop.broker.nodeID,
          details: { count: 1, sample: { address: "127.0.0.1", route: `${method} ${route}`, userId } },
        },
      ]);
    },
  );

  test("are none when a customer has forgotten a password or is signed out, though wrong passwords are counted", async () => {
    const before = await counted("forged-credentials");
    const wrong = {
      method: "POST",
      path: "/api/v1/auth/login",
      body: JSON.stringify({ email: customer.email, password: "not the right one" }),
    };
    expect(problemIn(await sendHttp(shop.url, wrong))).toBe("invalid-credentials");
    expect(await counted("wrong-secret")).toBe(1);
    expect(await entries("wrong-secret")).toEqual([]);
    const leaving = await newPerson(shop);
    await sendHttp(shop.url, { method: "POST", path: "/api/v1/auth/logout", token: leaving.token });
    expect(
      problemIn(await sendHttp(shop.url, { method: "GET", path: "/api/v1/me", token: leaving.token })),
    ).toBe("unauthenticated");
    expect(problemIn(await sendHttp(shop.url, { method: "GET", path: "/api/v1/me" }))).toBe(
      "unauthenticated",
    );
    expect(await counted("forged-credentials")).toBe(before);
  });
});
