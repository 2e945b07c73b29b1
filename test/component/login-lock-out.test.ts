import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { newId } from "../../mixins/contract/ids.ts";
import { totpCode, totpStep } from "../../services/users/domain/totp.ts";
import { mailTo, tokenIn } from "../support/mailbox.ts";
import { newPerson, testPassword as password } from "../support/people.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

/** Behind a trusted proxy, so that a test can use any client address. */
const env = {
  TRUSTED_PROXIES: "127.0.0.1",
  LOGIN_FAILURES_FREE: "2",
  RATE_LIMIT_AUTH: "1000000",
  MAX_EVENT_LOOP_DELAY_MS: "60000",
};

interface Tokens {
  readonly accessToken: string;
  readonly deviceToken: string;
}

describe("others cannot lock owners out of their accounts", () => {
  let shop: Shop;
  let lastAddress = 0;
  beforeAll(async () => {
    shop = await startShop({ services: ["api", "users", "audit", "cart"], env });
  });
  afterAll(() => shop?.stop());

  const newAddress = () => `203.0.${Math.floor((lastAddress += 1) / 200)}.${lastAddress % 200}`;
  const send = (address: string, method: string, path: string, body?: object, token?: string) =>
    fetch(`${shop.url}/api/v1${path}`, {
      method,
      headers: {
        "x-forwarded-for": address,
        "content-type": "application/json",
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  const login = (address: string, email: string, more: { password?: string; deviceToken?: string } = {}) =>
    send(address, "POST", "/auth/login", { email, password, ...more });
  const tokensOf = async (answer: Response) => (await answer.json()) as Tokens;

  /** Guesses at one account from many addresses until unknown addresses must wait. */
  async function attack(email: string): Promise<void> {
    for (let number = 0; number < 24; number += 1)
      await login(newAddress(), email, { password: `wrong ${number}` });
    expect((await login(newAddress(), email)).status).toBe(429);
  }

  test("the owner gets in at an address where they were before, and anywhere with a device token, as often as they like", async () => {
    const { email } = await newPerson(shop);
    const home = newAddress();
    const { deviceToken } = await tokensOf(await login(home, email));
    await attack(email);
    for (let number = 0; number < 3; number += 1) {
      expect((await login(newAddress(), email, { password: "one more guess" })).status).toBe(429);
      expect((await login(home, email)).status).toBe(200);
      expect((await login(newAddress(), email, { deviceToken })).status).toBe(200);
    }
  });

  test("another account's device token, an altered one and a made-up one are none", async () => {
    const [{ email }, other] = [await newPerson(shop), await newPerson(shop)];
    const own = await tokensOf(await login(newAddress(), email));
    const foreign = await tokensOf(await login(newAddress(), other.email));
    await attack(email);
    const altered = `${own.deviceToken.slice(0, -2)}${own.deviceToken.endsWith("AA") ? "BB" : "AA"}`;
    for (const deviceToken of [foreign.deviceToken, altered, "made up", ""])
      expect((await login(newAddress(), email, { deviceToken })).status).toBe(deviceToken === "" ? 422 : 429);
    expect((await login(newAddress(), email, { deviceToken: own.deviceToken })).status).toBe(200);
  });

  test("guessing with a device token is slowed down for it alone", async () => {
    const { email } = await newPerson(shop);
    const home = newAddress();
    const { deviceToken } = await tokensOf(await login(home, email));
    const statuses: number[] = [];
    for (let number = 0; number < 5; number += 1)
      statuses.push((await login(newAddress(), email, { deviceToken, password: `wrong ${number}` })).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    expect((await login(home, email)).status).toBe(200);
    expect((await login(newAddress(), email)).status).toBe(200);
  });

  test("a device token opens nothing: without the password it is as a wrong guess, and it is no access token", async () => {
    const { email } = await newPerson(shop);
    const { deviceToken } = await tokensOf(await login(newAddress(), email));
    expect((await login(newAddress(), email, { deviceToken, password: "wrong" })).status).toBe(401);
    expect((await send(newAddress(), "GET", "/me", undefined, deviceToken)).status).toBe(401);
  });

  test("with a second factor, right passwords are no wrong guesses, and the address where a login was finished is known", async () => {
    const { email, token } = await newPerson(shop);
    const home = newAddress();
    const { secret } = (await (await send(home, "POST", "/me/two-factor", undefined, token)).json()) as {
      secret: string;
    };
    const code = totpCode(secret, totpStep(Date.now()));
    const { recoveryCodes } = (await (await send(home, "PUT", "/me/two-factor", { code }, token)).json()) as {
      recoveryCodes: string[];
    };
    let challenge = "";
    for (let number = 0; number < 6; number += 1) {
      const first = await login(home, email);
      const problem = (await first.json()) as { type: string; challenge: string };
      expect([first.status, problem.type]).toEqual([401, "/problems/second-factor-required"]);
      ({ challenge } = problem);
    }
    const finished = await send(home, "POST", "/auth/login/second-factor", {
      challenge,
      code: recoveryCodes[0],
    });
    expect(finished.status).toBe(200);
    const { deviceToken } = await tokensOf(finished);
    await attack(email);
    for (let number = 0; number < 3; number += 1) {
      expect((await login(home, email)).status).toBe(401);
      expect((await login(newAddress(), email, { deviceToken })).status).toBe(401);
    }
  });

  test("failures on accounts that do not exist keep no customer out who is known at the address, or has a device token", async () => {
    const office = newAddress();
    const [colleague, visitor] = [await newPerson(shop), await newPerson(shop)];
    expect((await login(office, colleague.email)).status).toBe(200);
    const { deviceToken } = await tokensOf(await login(newAddress(), visitor.email));
    for (let number = 0; number < 22; number += 1) await login(office, `${newId()}@example.org`);
    expect((await login(office, `${newId()}@example.org`)).status).toBe(429);
    for (let number = 0; number < 3; number += 1) {
      expect((await login(office, colleague.email)).status).toBe(200);
      expect((await login(office, visitor.email, { deviceToken })).status).toBe(200);
    }
  });

  test("who logged in at an address shows there who they are, whatever others try at open sessions elsewhere", async () => {
    const { email } = await newPerson(shop);
    const home = newAddress();
    const { accessToken } = await tokensOf(await login(home, email));
    for (let number = 0; number < 24; number += 1)
      await send(newAddress(), "POST", "/auth/step-up", { password: `wrong ${number}` }, accessToken);
    expect((await send(newAddress(), "POST", "/auth/step-up", { password }, accessToken)).status).toBe(429);
    expect((await send(home, "POST", "/auth/step-up", { password }, accessToken)).status).toBe(200);
  });

  test("who has neither gets in by a mail", async () => {
    const { email } = await newPerson(shop);
    await attack(email);
    const elsewhere = newAddress();
    expect((await send(elsewhere, "POST", "/auth/password-resets", { email })).status).toBe(202);
    const token = tokenIn(await mailTo(shop.dataDir, email, /new password/));
    const reset = await send(elsewhere, "PUT", `/auth/password-resets/${token}`, {
      password: `${password} 2`,
    });
    const { deviceToken } = await tokensOf(reset);
    expect((await login(elsewhere, email, { password: `${password} 2` })).status).toBe(429);
    expect((await login(elsewhere, email, { password: `${password} 2`, deviceToken })).status).toBe(200);
  });
});
