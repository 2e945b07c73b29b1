import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { newId } from "../../mixins/contract/ids.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

/** Behind a trusted proxy, so that a test can use any client address. */
const env = {
  TRUSTED_PROXIES: "127.0.0.1",
  RATE_LIMIT_READS: "12",
  RATE_LIMIT_WRITES: "6",
  RATE_LIMIT_AUTH: "40",
  RATE_LIMIT_EXPENSIVE: "5",
  // The API description is built on first use, which takes a while.
  MAX_EVENT_LOOP_DELAY_MS: "60000",
  LOGIN_FAILURES_FREE: "4",
};
const password = "correct horse battery";

describe("a gateway with tight limits", () => {
  let shop: Shop;
  let lastAddress = 0;
  beforeAll(async () => {
    shop = await startShop({ env });
  });
  afterAll(() => shop.stop());

  const newAddress = () => `198.51.100.${(lastAddress += 1)}`;
  const from = (
    address: string,
    path: string,
    { headers, ...init }: Omit<RequestInit, "headers"> & { headers?: Record<string, string> } = {},
  ) => fetch(`${shop.url}/api/v1${path}`, { ...init, headers: { "x-forwarded-for": address, ...headers } });
  const post = (address: string, path: string, body: unknown, headers = {}) =>
    from(address, path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    });
  const login = (address: string, email: string, secret = password) =>
    post(address, "/auth/login", { email, password: secret });
  const statuses = async (answers: readonly Promise<Response>[]) =>
    (await Promise.all(answers)).map(({ status }) => status);

  test("says how much is left, and 429 with Retry-After when nothing is", async () => {
    const address = newAddress();
    const first = await from(address, "/carts/none");
    expect(first.headers.get("ratelimit-limit")).toBe("12");
    expect(first.headers.get("ratelimit-remaining")).toBe("11");
    expect(Number(first.headers.get("ratelimit-reset"))).toBeGreaterThan(0);
    await Promise.all(Array.from({ length: 11 }, () => from(address, "/carts/none")));
    const refused = await from(address, "/carts/none");
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(refused.headers.get("ratelimit-remaining")).toBe("0");
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect(await refused.json()).toMatchObject({ type: "/problems/too-many-requests", status: 429 });
    // Other addresses and classes are not affected; an IPv6 network counts as one address.
    expect((await from(newAddress(), "/carts/none")).status).not.toBe(429);
    expect((await post(address, "/carts", {})).status).toBe(201);
  });

  const at = (address: string, path: string, method = "GET") =>
    fetch(shop.url + path, { method, headers: { "x-forwarded-for": address }, redirect: "manual" }).then(
      ({ status }) => status,
    );

  test.each([
    ["GET", "/no-such-path", 404, 12],
    ["GET", "/api/v1/products/%ff", 400, 12],
    ["PUT", "/api/v1/products", 405, 12],
    ["OPTIONS", "/api/v1/products", 204, 12],
    ["OPTIONS", "/no-such-path", 404, 12],
    ["GET", "/", 302, 12],
    ["GET", "/problems/no-such-problem", 404, 12],
    ["GET", "/docs/explorer.js", 200, 12],
    ["GET", "/openapi.json", 200, 5],
    ["GET", "/docs/swagger-ui-bundle.js", 200, 5],
  ])("%s %s is counted as well, though no service has to do with it", async (method, path, status, most) => {
    const address = newAddress();
    const answers = await Promise.all(Array.from({ length: most + 1 }, () => at(address, path, method)));
    expect(answers.toSorted((one, other) => one - other)).toEqual(
      [...Array.from({ length: most }, () => status), 429].toSorted((one, other) => one - other),
    );
    expect(await at(newAddress(), path, method)).toBe(status);
  });

  test("health probes have a rate limit of their own, independent of other traffic from the address", async () => {
    const address = newAddress();
    for (let sent = 0; sent < 14; sent += 1) await from(address, "/carts/none");
    expect((await from(address, "/carts/none")).status).toBe(429);
    for (const path of ["/health/live", "/health/ready"]) expect(await at(address, path)).toBe(200);
    const answers = await Promise.all(Array.from({ length: 12 }, () => at(address, "/health/ready")));
    expect(answers.filter((status) => status === 429)).toHaveLength(2);
  });

  test("an account has a limit of its own, wherever it comes from", async () => {
    const email = `${newId()}@example.org`;
    await post(newAddress(), "/auth/register", { email, password, name: "Ada" });
    const { accessToken } = (await (await login(newAddress(), email)).json()) as { accessToken: string };
    const answers = Array.from({ length: 14 }, () =>
      from(newAddress(), "/me", { headers: { authorization: `Bearer ${accessToken}` } }),
    );
    expect((await statuses(answers)).filter((status) => status === 429)).toHaveLength(2);
  });

  test("guessing is slowed down, cannot be dodged, and tells nothing about whether the account exists", async () => {
    const known = `${newId()}@example.org`;
    await post(newAddress(), "/auth/register", { email: known, password, name: "Ada" });
    for (const email of [known, `${newId()}@example.org`]) {
      const address = newAddress();
      const guesses = [];
      for (let number = 0; number < 6; number += 1)
        guesses.push((await login(address, email, `wrong password ${number}`)).status);
      expect(guesses).toEqual([401, 401, 401, 401, 401, 429]);
      const forged = await fetch(`${shop.url}/api/v1/auth/login`, {
        method: "POST",
        body: JSON.stringify({ email, password: "one more guess" }),
        headers: { "content-type": "application/json", "x-forwarded-for": `10.9.8.7, ${address}` },
      });
      expect(forged.status).toBe(429);
      expect(Number(forged.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    // The owner is elsewhere.
    expect((await login(newAddress(), known)).status).toBe(200);
  });

  test("many guesses at once reach the password check no oftener than one after the other", async () => {
    const address = newAddress();
    const email = `${newId()}@example.org`;
    const answers = await statuses(
      Array.from({ length: 30 }, (_, number) => login(address, email, `wrong password ${number}`)),
    );
    expect(answers.filter((status) => status === 401)).toHaveLength(5);
    expect(answers.filter((status) => status === 429)).toHaveLength(25);
  });
});
