import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { newId } from "../../services/contract/ids.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

/** Through a proxy that is believed, so that a test can come from anywhere. */
const env = {
  TRUSTED_PROXIES: "127.0.0.1",
  RATE_LIMIT_READS: "12",
  RATE_LIMIT_WRITES: "6",
  RATE_LIMIT_AUTH: "40",
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
  const from = (address: string, path: string, { headers, ...init }: Omit<RequestInit, "headers"> & { headers?: Record<string, string> } = {}) =>
    fetch(`${shop.url}/api/v1${path}`, { ...init, headers: { "x-forwarded-for": address, ...headers } });
  const post = (address: string, path: string, body: unknown, headers = {}) =>
    from(address, path, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json", ...headers } });
  const login = (address: string, email: string, secret = password) => post(address, "/auth/login", { email, password: secret });
  const statuses = async (answers: readonly Promise<Response>[]) => (await Promise.all(answers)).map(({ status }) => status);

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
    // Others, and other kinds of requests, are not concerned; nor is a network of IPv6 addresses more than one.
    expect((await from(newAddress(), "/carts/none")).status).not.toBe(429);
    expect((await post(address, "/carts", {})).status).toBe(201);
  });

  test("an account has a limit of its own, wherever it comes from", async () => {
    const email = `${newId()}@example.org`;
    await post(newAddress(), "/auth/register", { email, password, name: "Ada" });
    const { accessToken } = (await (await login(newAddress(), email)).json()) as { accessToken: string };
    const answers = Array.from({ length: 14 }, () => from(newAddress(), "/me", { headers: { authorization: `Bearer ${accessToken}` } }));
    expect((await statuses(answers)).filter((status) => status === 429)).toHaveLength(2);
  });

  test("guessing is slowed down, cannot be dodged, and tells nothing about whether the account exists", async () => {
    const known = `${newId()}@example.org`;
    await post(newAddress(), "/auth/register", { email: known, password, name: "Ada" });
    for (const email of [known, `${newId()}@example.org`]) {
      const address = newAddress();
      const guesses = [];
      for (let number = 0; number < 6; number += 1) guesses.push((await login(address, email, `wrong password ${number}`)).status);
      expect(guesses).toEqual([401, 401, 401, 401, 401, 429]);
      const forged = await fetch(`${shop.url}/api/v1/auth/login`, {
        method: "POST",
        body: JSON.stringify({ email, password: "one more guess" }),
        headers: { "content-type": "application/json", "x-forwarded-for": `10.9.8.7, ${address}` },
      });
      expect(forged.status).toBe(429);
      expect(Number(forged.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    // The owner is somewhere else.
    expect((await login(newAddress(), known)).status).toBe(200);
  });

  test("many guesses at once reach the password check no oftener than one after the other", async () => {
    const address = newAddress();
    const email = `${newId()}@example.org`;
    const answers = await statuses(Array.from({ length: 30 }, (_, number) => login(address, email, `wrong password ${number}`)));
    expect(answers.filter((status) => status === 401)).toHaveLength(5);
    expect(answers.filter((status) => status === 429)).toHaveLength(25);
  });
});
