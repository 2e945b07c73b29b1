/** @embedded Durations need a load without servers. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { guest } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { noDetails, UserRepository } from "../../services/users/data/user-repository.ts";
import { unusableHash } from "../../services/users/domain/passwords.ts";
import { rankDifference } from "../support/rank-test.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

const password = "a quiet long sentence";
const pairs = 500;
/** Number of pairs between an account's registration and its use. */
const delay = 20;
/**
 * In standard deviations. Equal samples exceed it once in 150,000 measurements; a difference of a third of
 * the scatter nearly always does. Only two findings in the same direction count: once in 10^10.
 */
const suspicious = 4.5;

describe("account enumeration by timing", () => {
  let shop: Shop;
  const known: string[] = [];
  const stranger = () => `${newId()}@example.org`;
  beforeAll(async () => {
    shop = await startShop({ services: ["api", "users"] });
    for (let n = 0; n < delay; n += 1) await register(remembered());
  });
  afterAll(() => shop.stop());

  const remembered = () => {
    const email = stranger();
    known.push(email);
    return email;
  };
  const register = (email: string) =>
    shop.call("users.register", { email, password, name: "Ada" }, { as: guest });

  /**
   * Times of known and unknown addresses in milliseconds, in randomly ordered pairs, so that load affects
   * both alike.
   */
  async function measure(
    ask: (email: string) => Promise<unknown>,
    address: (pair: number) => { known: string; unknown: string },
  ) {
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let pair = 0; pair < pairs; pair += 1) {
      const emails = address(pair);
      for (const kind of Math.random() < 0.5
        ? (["known", "unknown"] as const)
        : (["unknown", "known"] as const)) {
        const began = performance.now();
        await ask(emails[kind]).catch(() => undefined);
        times[kind].push(performance.now() - began);
      }
    }
    return times;
  }

  async function expectEqualTimes(name: string, ...how: Parameters<typeof measure>) {
    const differences: number[] = [];
    do {
      const times = await measure(...how);
      differences.push(rankDifference(times.known, times.unknown));
      const median = (values: number[]) =>
        values.toSorted((one, other) => one - other)[pairs / 2]?.toFixed(2);
      process.stdout.write(
        `${name}: median ${median(times.known)} ms known, ${median(times.unknown)} ms unknown, ${differences.at(-1)?.toFixed(1)} standard deviations\n`,
      );
    } while (differences.length < 2 && Math.abs(differences[0] ?? 0) > suspicious);
    const [first = 0, second = 0] = differences;
    expect(Math.abs(first) > suspicious && Math.abs(second) > suspicious && first * second > 0).toBe(false);
  }

  test("the answers are the same but for the address that was sent", async () => {
    const send = async (path: string, body: object) => {
      const response = await fetch(`${shop.url}/api/v1${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-request-id": "r1" },
        body: JSON.stringify(body),
      });
      const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== "date"));
      return { status: response.status, headers, text: await response.text() };
    };
    const paths = ["/auth/register", "/auth/login", "/auth/password-resets", "/auth/email-verifications"];
    for (const path of paths) {
      const answers = [];
      for (const email of [known[0] ?? "", stranger()]) {
        const extra = path.endsWith("register")
          ? { name: "Eve", password }
          : path.endsWith("login")
            ? { password: "wrong" }
            : {};
        const { text, ...rest } = await send(path, { email, ...extra });
        answers.push({ ...rest, text: text.replaceAll(email, "…") });
      }
      expect(answers[0]).toEqual(answers[1]);
    }
  });

  test("not by the time that a registration takes", async () => {
    await expectEqualTimes("register", register, () => ({
      unknown: remembered(),
      known: known[known.length - delay] ?? "",
    }));
  }, 900_000);

  test("not by the time that asking for a new password takes", async () => {
    const ask = (email: string) => shop.call("users.password-resets.request", { email }, { as: guest });
    await expectEqualTimes("password reset", ask, (pair) => ({
      known: known[pair] ?? "",
      unknown: stranger(),
    }));
  }, 300_000);

  test("not by the time that asking for another verification takes", async () => {
    const ask = (email: string) => shop.call("users.email-verifications.request", { email }, { as: guest });
    await expectEqualTimes("verification", ask, (pair) => ({
      known: known[pair] ?? "",
      unknown: stranger(),
    }));
  }, 300_000);

  test("not by the time that asking for a code for a phone takes, nor by that of a refused login by it", async () => {
    const { database } = shop.broker.getLocalService("users") as Service & ServiceWithDatabase;
    const users = new UserRepository(database);
    let made = 0;
    const newNumber = () => `+86138${String((made += 1)).padStart(5, "0")}123`;
    // A number that was asked for a minute ago is refused: each of two measurements has its own.
    const held = Array.from({ length: 2 * pairs }, newNumber);
    const account = { name: "Ada", emailVerifiedAt: 1, passwordHash: unusableHash(), avatar: null };
    const times = { version: 1, createdAt: 1, updatedAt: 1, phoneVerifiedAt: 1 };
    await database.transaction({ actor: { kind: "system" }, requestId: "test" }, async (tx) => {
      for (const phone of held) {
        const id = newId();
        const own = { ...account, ...noDetails, ...times, id, email: `${id}@example.org`, phone };
        await users.insert({ ...own, role: "customer", status: "active" }, tx);
      }
    });
    let turn = 0;
    const pair = () => ({ known: held[(turn += 1) % held.length] ?? "", unknown: newNumber() });
    const request = (phone: string) => shop.call("users.phone-codes.request", { phone }, { as: guest });
    await expectEqualTimes("phone code", request, pair);
    const login = (phone: string) =>
      shop.call("users.login.by-phone-code", { phone, challenge: "made up", code: "123456" }, { as: guest });
    await expectEqualTimes("login by phone code", login, pair);
  }, 300_000);

  test("not by the time that a refused login takes", async () => {
    const ask = (email: string) => shop.call("users.login", { email, password: "wrong" }, { as: guest });
    await expectEqualTimes("login", ask, (pair) => ({ known: known[pair] ?? "", unknown: stranger() }));
  }, 900_000);
});
