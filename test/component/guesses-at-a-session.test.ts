import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { newId } from "../../mixins/contract/ids.ts";
import { totpCode, totpStep } from "../../services/users/domain/totp.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

/** Behind a trusted proxy, so that a test can use any client address. */
const env = { TRUSTED_PROXIES: "127.0.0.1", LOGIN_FAILURES_FREE: "4" };
const password = "correct horse battery";

interface Session {
  readonly accessToken: string;
}

describe("an intruder at an unlocked session", () => {
  let shop: Shop;
  let lastAddress = 0;
  beforeAll(async () => {
    shop = await startShop({ services: ["api", "users", "audit", "cart"], env });
  });
  afterAll(() => shop.stop());

  const newAddress = () => `198.51.100.${(lastAddress += 1)}`;
  const send = async (
    address: string,
    method: string,
    path: string,
    body: unknown,
    { accessToken }: Partial<Session> = {},
  ) => {
    const headers = {
      "x-forwarded-for": address,
      "content-type": "application/json",
      ...(accessToken && { authorization: `Bearer ${accessToken}` }),
    };
    return fetch(`${shop.url}/api/v1${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  };
  const login = async (email: string, address = newAddress()) =>
    (await (await send(address, "POST", "/auth/login", { email, password })).json()) as Session;
  async function someone(): Promise<{ email: string; session: Session }> {
    const email = `${newId()}@example.org`;
    await send(newAddress(), "POST", "/auth/register", { email, password, name: "Ada" });
    return { email, session: await login(email) };
  }

  const guessAt: Record<string, (address: string, guess: string, session: Session) => Promise<Response>> = {
    "/me/password": (address, guess, session) =>
      send(
        address,
        "PUT",
        "/me/password",
        { currentPassword: guess, password: "another horse battery" },
        session,
      ),
    "/me/email": (address, guess, session) =>
      send(address, "PUT", "/me/email", { email: `${newId()}@example.org`, password: guess }, session),
    "/auth/step-up": (address, guess, session) =>
      send(address, "POST", "/auth/step-up", { password: guess }, session),
  };
  const places = Object.entries(guessAt);

  test.each(places)("is slowed down at %s, one after the other and all at once", async (_path, guess) => {
    for (const atOnce of [false, true]) {
      const { session } = await someone();
      const address = newAddress();
      const statuses: number[] = [];
      const wrong = Array.from({ length: 8 }, (_, number) => `wrong password ${number}`);
      if (atOnce)
        statuses.push(
          ...(await Promise.all(wrong.map(async (one) => (await guess(address, one, session)).status))),
        );
      else for (const one of wrong) statuses.push((await guess(address, one, session)).status);
      expect(statuses.filter((status) => status === 422)).toHaveLength(5);
      expect(statuses.filter((status) => status === 429)).toHaveLength(3);
      const refused = await guess(address, password, session);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    }
  });

  test("cannot go from one place to the other for more tries", async () => {
    const { session } = await someone();
    const address = newAddress();
    const statuses: number[] = [];
    for (let round = 0; round < 3; round += 1)
      for (const [, guess] of places) statuses.push((await guess(address, `wrong ${round}`, session)).status);
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429, 429, 429, 429]);
  });

  test("does not keep the owner out, who is elsewhere", async () => {
    const { email, session } = await someone();
    const home = newAddress();
    const own = await login(email, home);
    expect((await send(home, "POST", "/auth/step-up", { password }, own)).status).toBe(200);
    for (let number = 0; number < 45; number += 1)
      await send(newAddress(), "POST", "/auth/step-up", { password: `wrong ${number}` }, session);
    expect((await send(newAddress(), "POST", "/auth/step-up", { password }, session)).status).toBe(429);
    expect(
      (
        await send(
          home,
          "PUT",
          "/me/password",
          { currentPassword: password, password: "another horse battery" },
          own,
        )
      ).status,
    ).toBe(204);
  });

  test("a body that is wrong is no guess", async () => {
    const { session } = await someone();
    const address = newAddress();
    for (let number = 0; number < 8; number += 1)
      expect(
        (
          await send(
            address,
            "PUT",
            "/me/password",
            { currentPassword: password, password: "short" },
            session,
          )
        ).status,
      ).toBe(422);
    expect((await send(address, "POST", "/auth/step-up", { password }, session)).status).toBe(200);
  });

  test("who tries codes of the app time and again does not keep out who has recovery codes", async () => {
    const { session } = await someone();
    const home = newAddress();
    expect((await send(home, "POST", "/auth/step-up", { password }, session)).status).toBe(200);
    const { secret } = (await (await send(home, "POST", "/me/two-factor", undefined, session)).json()) as {
      secret: string;
    };
    const code = totpCode(secret, totpStep(Date.now()));
    const confirmed = await send(home, "PUT", "/me/two-factor", { code }, session);
    const { recoveryCodes } = (await confirmed.json()) as { recoveryCodes: string[] };
    const wrong = code === "000000" ? "000001" : "000000";
    const statuses: number[] = [];
    for (let number = 0; number < 12; number += 1)
      statuses.push((await send(newAddress(), "POST", "/auth/step-up", { code: wrong }, session)).status);
    expect(statuses.slice(0, 5)).toEqual([422, 422, 422, 422, 422]);
    expect(statuses.slice(5)).toEqual(Array.from({ length: 7 }, () => 429));
    const next = totpCode(secret, totpStep(Date.now()) + 1);
    expect((await send(home, "POST", "/auth/step-up", { code: next }, session)).status).toBe(429);
    expect((await send(home, "POST", "/auth/step-up", { code: recoveryCodes[0] }, session)).status).toBe(200);
    expect((await send(home, "POST", "/auth/step-up", { code: recoveryCodes[0] }, session)).status).toBe(429);
  });
});
