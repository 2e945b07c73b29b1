import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import { TtlCache } from "../../../mixins/cache/ttl-cache.ts";

const second = 1000;

describe("values that are of use for a moment", () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 1_700_000_000_000 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });
  const inMs = (ms: number) => Date.now() + ms;

  test("one is given until it expires, and not after", () => {
    const kept = new TtlCache<string>(1000);
    kept.set("a", "value", { size: 1, expiresAt: inMs(second) });
    jest.advanceTimersByTime(second - 1);
    expect(kept.get("a", Date.now())).toBe("value");
    jest.advanceTimersByTime(1);
    expect(kept.get("a", Date.now())).toBeUndefined();
  });

  test("expired entries are removed without reads, and no timer remains", () => {
    const kept = new TtlCache<number>(1000);
    for (let index = 0; index < 20; index += 1) {
      kept.set(`${index}`, index, { size: 1, expiresAt: inMs(second) });
      jest.advanceTimersByTime(100);
    }
    expect(kept.count).toBeGreaterThan(9);
    jest.advanceTimersByTime(3 * second);
    expect(kept.count).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });

  test("under constant writes, expired entries are removed within their TTL", () => {
    const kept = new TtlCache<number>(1_000_000);
    for (let index = 0; index < 100; index += 1) {
      kept.set(`${index}`, index, { size: 1, expiresAt: inMs(second) });
      jest.advanceTimersByTime(100);
      expect(kept.count).toBeLessThanOrEqual(21);
    }
  });

  test("when full, unread entries are evicted first", () => {
    const kept = new TtlCache<string>(100);
    kept.set("hot", "value", { size: 10, expiresAt: inMs(second) });
    for (let index = 0; index < 1000; index += 1) {
      kept.set(`${index}`, "once", { size: 10, expiresAt: inMs(second) });
      expect(kept.get("hot", Date.now())).toBe("value");
      expect(kept.count).toBeLessThanOrEqual(10);
    }
  });

  test("an entry too large for the cache is not stored, and its predecessor is not served", () => {
    const kept = new TtlCache<string>(100);
    kept.set("a", "small", { size: 10, expiresAt: inMs(second) });
    kept.set("a", "large", { size: 51, expiresAt: inMs(second) });
    expect(kept.get("a", Date.now())).toBeUndefined();
  });

  test("whatever comes, the last value is given or none, and all together have room", () => {
    const step = fc.oneof(
      fc.record({
        do: fc.constant("set" as const),
        key: fc.integer({ min: 0, max: 9 }),
        size: fc.integer({ min: 1, max: 60 }),
        ms: fc.integer({ min: 0, max: 3000 }),
      }),
      fc.record({ do: fc.constant("get" as const), key: fc.integer({ min: 0, max: 9 }) }),
      fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 1500 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const kept = new TtlCache<number>(100);
        const last = new Map<number, { value: number; size: number; expiresAt: number }>();
        for (const [value, now] of steps.entries()) {
          if (now.do === "wait") jest.advanceTimersByTime(now.ms);
          else if (now.do === "set") {
            const given = { size: now.size, expiresAt: inMs(now.ms) };
            last.set(now.key, { value, ...given });
            kept.set(`${now.key}`, value, given);
          } else {
            const expected = last.get(now.key);
            const found = kept.get(`${now.key}`, Date.now());
            if (found !== undefined)
              expect(found).toBe(expected && expected.expiresAt > Date.now() ? expected.value : undefined);
          }
          expect(kept.bytes).toBeLessThanOrEqual(100);
        }
      }),
    );
  });
});
