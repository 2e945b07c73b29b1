import { describe, expect, test } from "@jest/globals";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { addressKey } from "../../../services/api/request/address-key.ts";
import { limitStore } from "../../../services/api/limits/limit-store.ts";
import type { LimitStore } from "../../../services/api/limits/limit-store.ts";
import { LoginThrottle } from "../../../services/api/limits/login-throttle.ts";
import { DistributedCounter } from "../../../services/api/limits/distributed-counter.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";

const log = { info: () => undefined, warn: () => undefined };
const told = () => new Promise((resolve) => setTimeout(resolve, 60));

describe("the key of an address", () => {
  test.each([
    ["192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:0db8:0001:0002::9", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ])("%s is counted as %s", (address, key) => {
    expect(addressKey(address)).toBe(key);
  });
});

describe("a counter that gateways share", () => {
  const now = Date.now();

  test("allows up to the limit, and reports the remainder", () => {
    const counter = new DistributedCounter(new RateLimiterMemory({ points: 3, duration: 60 }));
    const standings = Array.from({ length: 5 }, () => counter.count("a", now));
    expect(standings.map(({ allowed }) => allowed)).toEqual([true, true, true, false, false]);
    expect(standings.map(({ remaining }) => remaining)).toEqual([2, 1, 0, 0, 0]);
    expect(counter.count("b", now).allowed).toBe(true);
    expect(counter.count("a", now + 60_001).allowed).toBe(true);
  });

  test("two gateways come to one count", async () => {
    const store = new RateLimiterMemory({ points: 10, duration: 60 });
    const [one, other] = [new DistributedCounter(store), new DistributedCounter(store)];
    for (let sent = 0; sent < 6; sent += 1) one.count("a", now);
    await told();
    expect(other.count("a", now).remaining).toBe(9);
    await told();
    expect(other.count("a", now).remaining).toBe(2);
  });

  test("goes on by itself when the store is away", async () => {
    const store = new RateLimiterMemory({ points: 2, duration: 60 });
    store.penalty = () => Promise.reject(new Error("away"));
    const counter = new DistributedCounter(store);
    expect(counter.count("a", now).allowed).toBe(true);
    await told();
    expect([counter.count("a", now).allowed, counter.count("a", now).allowed]).toEqual([true, false]);
  });

  test("an unavailable Redis delays no request", async () => {
    const store = limitStore("redis://127.0.0.1:1", "test", log);
    const counter = store.counter("reads", 5, 60);
    expect((await counter.penalty("a", 2)).consumedPoints).toBe(2);
    expect((await counter.penalty("a", 2)).consumedPoints).toBe(4);
    store.close();
  });
});

describe("the back-off of logins", () => {
  const free = 3;
  const wrong = () => Promise.reject(new ShopError("invalid-credentials"));
  const right = () => Promise.resolve("signed in");
  const make = (store: LimitStore = limitStore(undefined, "test", log)) => new LoginThrottle(free, store);
  const outcome = (attempt: Promise<unknown>) =>
    attempt.then(String, (error: unknown) => (error instanceof ShopError ? error.type : String(error)));

  test("after the free failures, a further one has to wait, and the wait grows", async () => {
    const throttle = make();
    const tries = [];
    for (let number = 0; number < free + 1; number += 1)
      tries.push(await outcome(throttle.attempt("ada", { address: "192.0.2.1" }, wrong)));
    expect(tries).toEqual(Array.from({ length: free + 1 }, () => "invalid-credentials"));
    const refused = throttle.attempt("ada", { address: "192.0.2.1" }, right);
    await expect(refused).rejects.toMatchObject({ type: "too-many-requests", data: { retryAfter: 15 } });
  });

  test("guesses that come at the same time count each other", async () => {
    const throttle = make();
    let asked = 0;
    const slow = async () => {
      asked += 1;
      await told();
      throw new ShopError("invalid-credentials");
    };
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, () => outcome(throttle.attempt("ada", { address: "192.0.2.1" }, slow))),
    );
    expect(asked).toBe(free + 1);
    expect(outcomes.filter((one) => one === "too-many-requests")).toHaveLength(40 - free - 1);
  });

  test("a success begins anew, and many successes at once are no failures", async () => {
    const throttle = make();
    for (let round = 0; round < 4; round += 1) {
      for (let number = 0; number < free - 1; number += 1)
        await outcome(throttle.attempt("ada", { address: "192.0.2.1" }, wrong));
      expect(await outcome(throttle.attempt("ada", { address: "192.0.2.1" }, right))).toBe("signed in");
    }
  });

  test("a shop that is too busy to ask for the password counts as no guess", async () => {
    const throttle = make();
    const busy = () => Promise.reject(new ShopError("unavailable"));
    for (let number = 0; number < 10 * free; number += 1)
      await outcome(throttle.attempt("ada", { address: "192.0.2.1" }, busy));
    expect(await outcome(throttle.attempt("ada", { address: "192.0.2.1" }, right))).toBe("signed in");
  });

  test("guessing one account from many addresses is slowed down, but not for its owner at home", async () => {
    const throttle = make();
    expect(await outcome(throttle.attempt("ada", { address: "198.51.100.7" }, right))).toBe("signed in");
    const guesses = [];
    for (let number = 0; number < free * 10 + 20; number += 1)
      guesses.push(await outcome(throttle.attempt("ada", { address: `192.0.2.${number}` }, wrong)));
    expect(guesses.filter((one) => one === "too-many-requests").length).toBeGreaterThan(10);
    expect(await outcome(throttle.attempt("ada", { address: "198.51.100.7" }, right))).toBe("signed in");
    // Somewhere new the owner waits a minute at most.
    const elsewhere = await throttle
      .attempt("ada", { address: "203.0.113.1" }, right)
      .catch((error: unknown) => error);
    expect((elsewhere as ShopError).data.retryAfter).toBeLessThanOrEqual(60);
  });

  test("one address that tries many accounts is slowed down, whatever address within its network it has", async () => {
    const throttle = make();
    const guesses = [];
    for (let number = 0; number < free * 10 + 5; number += 1)
      guesses.push(
        await outcome(
          throttle.attempt(`account-${number}`, { address: `2001:db8::${number.toString(16)}` }, wrong),
        ),
      );
    expect(guesses).toContain("too-many-requests");
    expect(await outcome(throttle.attempt("someone", { address: "2001:db8:0:1::1" }, wrong))).toBe(
      "invalid-credentials",
    );
  });

  test("capital letters make no other account", async () => {
    const throttle = make();
    for (const name of ["ada@example.org", "ADA@example.org", "Ada@Example.org", " ada@example.org"])
      await outcome(throttle.attempt(name, { address: "192.0.2.1" }, wrong));
    expect(await outcome(throttle.attempt("aDa@example.org", { address: "192.0.2.1" }, right))).toBe(
      "too-many-requests",
    );
  });

  test("gateways share it", async () => {
    const store = limitStore(undefined, "test", log);
    const shared: LimitStore["counter"] = (() => {
      const made = new Map<string, ReturnType<LimitStore["counter"]>>();
      return (name: string, points: number, seconds: number) => {
        const known = made.get(name) ?? store.counter(name, points, seconds);
        made.set(name, known);
        return known;
      };
    })();
    const [one, other] = [make({ ...store, counter: shared }), make({ ...store, counter: shared })];
    for (let number = 0; number < free + 1; number += 1)
      await outcome(one.attempt("ada", { address: "192.0.2.1" }, wrong));
    expect(await outcome(other.attempt("ada", { address: "192.0.2.1" }, right))).toBe("too-many-requests");
  });
});
