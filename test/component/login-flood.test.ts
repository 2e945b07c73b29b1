import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { newId } from "../../mixins/contract/ids.ts";
import { sendHttp } from "../support/http.ts";
import { newPerson, testPassword } from "../support/people.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

const flood = 150;

let shop: Shop;
beforeAll(async () => {
  // Other load on this machine must not trigger shedding.
  shop = await startShop({ env: { TRUSTED_PROXIES: "127.0.0.1", MAX_EVENT_LOOP_DELAY_MS: "60000" } });
});
afterAll(() => shop?.stop());

const login = (address: string, email: string, password: string) =>
  sendHttp(shop.url, {
    method: "POST",
    path: "/api/v1/auth/login",
    headers: { "x-forwarded-for": address },
    body: JSON.stringify({ email, password }),
  });

test("a flood of wrong logins, each from another address, is refused early, and leaves those who were here before their turns", async () => {
  const { email } = await newPerson(shop);
  const home = "198.51.100.7";
  expect((await login(home, email, testPassword)).status).toBe(200);
  const wrong = Array.from({ length: flood }, (_, number) =>
    login(`203.0.${number % 100}.${Math.floor(number / 100) + 1}`, `${newId()}@example.org`, "wrong"),
  );
  const right = [login(home, email, testPassword), login(home, email, testPassword)];
  const reading = sendHttp(shop.url, {
    method: "GET",
    path: "/api/v1/products",
    headers: { "x-forwarded-for": home },
  });
  expect((await Promise.all(right)).map(({ status }) => status)).toEqual([200, 200]);
  expect((await reading).status).toBe(200);
  const answers = await Promise.all(wrong);
  const refused = answers.filter(({ status }) => status === 503);
  process.stdout.write(`of ${flood} wrong logins ${refused.length} were refused\n`);
  expect(answers.filter(({ status }) => status !== 401 && status !== 503)).toEqual([]);
  for (const { headers } of refused) expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
}, 240_000);
