import { describe, expect, jest, test } from "@jest/globals";
import { Cache } from "../../../mixins/cache/cache.ts";
import type { CacheStore } from "../../../mixins/cache/redis-store.ts";

/** A shared store of several nodes, in memory. */
function memoryStore(): CacheStore {
  const entries = new Map<string, { value: unknown; expiresAt: number }>();
  return {
    get: (key) => Promise.resolve(entries.get(key)),
    set: (key, entry) => void entries.set(key, entry),
    close: () => Promise.resolve(),
  };
}

function asking(cache: Cache, answer: (fresh: boolean) => Promise<unknown>, maxAgeMs = 60_000) {
  const load = async (fresh: boolean) => ({ value: await answer(fresh) });
  return async () => (await cache.getOrLoad({ scope: "catalog", key: "list", maxAgeMs, load })).value;
}

describe("cached answers", () => {
  test("a cached response is served without a load", async () => {
    const load = jest.fn(() => Promise.resolve("answer"));
    const ask = asking(new Cache(), load);
    expect([await ask(), await ask()]).toEqual(["answer", "answer"]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("fifty askers at once cause one load", async () => {
    const load = jest.fn(async () => {
      await new Promise(setImmediate);
      return "answer";
    });
    const ask = asking(new Cache(), load);
    expect(new Set(await Promise.all(Array.from({ length: 50 }, ask)))).toEqual(new Set(["answer"]));
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("the cache is bounded for any size and number of responses", async () => {
    const cache = new Cache();
    const large = Array.from({ length: 1000 }, (_, index) => ({ index, name: "x".repeat(1000) }));
    const ask = (question: number) =>
      cache.getOrLoad({
        scope: "catalog",
        key: `${question}`,
        maxAgeMs: 60_000,
        load: () => Promise.resolve({ value: large }),
      });
    for (let question = 0; question < 100; question += 1) await ask(question);
    for (let question = 0; question < 100; question += 1) await ask(99 - question);
    expect(cache.statistics.own).toBeGreaterThan(2);
    expect(cache.statistics.own).toBeLessThan(10);
  });

  test("a failed load is not cached", async () => {
    const load = jest
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(new Error("away"))
      .mockResolvedValueOnce("answer");
    const ask = asking(new Cache(), load);
    await expect(ask()).rejects.toThrow("away");
    expect(await ask()).toBe("answer");
  });

  test("an answer that is as old as allowed is loaded again", async () => {
    const load = jest.fn(() => Promise.resolve("answer"));
    const ask = asking(new Cache(), load, 0);
    await ask();
    await ask();
    expect(load).toHaveBeenCalledTimes(2);
  });

  test("an answer near its end is given once more while one load fetches the next", async () => {
    jest.useFakeTimers({ doNotFake: ["setImmediate"] });
    const load = jest
      .fn<() => Promise<string>>()
      .mockResolvedValueOnce("first")
      .mockResolvedValueOnce("second");
    const ask = asking(new Cache(), load, 1000);
    expect(await ask()).toBe("first");
    jest.advanceTimersByTime(900);
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(["first", "first", "first"]);
    await new Promise(setImmediate);
    expect(await ask()).toBe("second");
    expect(load).toHaveBeenCalledTimes(2);
    jest.useRealTimers();
  });

  test("a response that cannot be revalidated is served until it expires, and then the error", async () => {
    jest.useFakeTimers({ doNotFake: ["setImmediate"] });
    const load = jest
      .fn<() => Promise<string>>()
      .mockResolvedValueOnce("first")
      .mockRejectedValue(new Error("away"));
    const ask = asking(new Cache(), load, 1000);
    await ask();
    jest.advanceTimersByTime(900);
    expect(await ask()).toBe("first");
    await new Promise(setImmediate);
    jest.advanceTimersByTime(100);
    await expect(ask()).rejects.toThrow("away");
    jest.useRealTimers();
  });

  test("a response cached by another node expires as it would there", async () => {
    const cache = new Cache();
    const expiresAt = Date.now() + 5;
    const load = () => Promise.resolve({ value: "answer", expiresAt });
    const kept = await cache.getOrLoad({ scope: "catalog", key: "list", maxAgeMs: 1000, load });
    expect(kept.expiresAt).toBe(expiresAt);
  });

  test("after a change the old answer is given no more, and the new one is loaded from where it is sure to be", async () => {
    const cache = new Cache();
    const load = jest.fn((fresh: boolean) => Promise.resolve(fresh));
    const ask = asking(cache, load);
    expect(await ask()).toBe(false);
    cache.invalidate("catalog");
    expect(await ask()).toBe(true);
  });

  test("a response loaded before a change that arrives after it is not cached", async () => {
    const cache = new Cache(memoryStore());
    let arrive: (answer: string) => void = () => undefined;
    const slow = asking(cache, () => new Promise((resolve) => (arrive = resolve as typeof arrive)))();
    await new Promise(setImmediate);
    cache.invalidate("catalog");
    arrive("old");
    expect(await slow).toBe("old");
    expect(await asking(cache, () => Promise.resolve("new"))()).toBe("new");
  });

  test("a change of one service leaves the answers of others", async () => {
    const cache = new Cache();
    const load = jest.fn(() => Promise.resolve("answer"));
    await asking(cache, load)();
    cache.invalidate("orders");
    await asking(cache, load)();
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("nodes share responses, and an invalidated node no longer serves those cached by others", async () => {
    const store = memoryStore();
    const [one, other] = [new Cache(store), new Cache(store)];
    await asking(one, () => Promise.resolve("old"))();
    expect(await asking(other, () => Promise.reject(new Error("not needed")))()).toBe("old");
    other.applyInvalidation("catalog", one.invalidate("catalog"));
    expect(await asking(other, () => Promise.resolve("new"))()).toBe("new");
    expect(await asking(one, () => Promise.reject(new Error("not needed")))()).toBe("new");
    expect(one.statistics).toEqual({ own: 0, shared: 1, loaded: 1, renewed: 0 });
  });

  test("the calling node reads the shared store, and the loading node writes it: once each", async () => {
    const store = memoryStore();
    const [get, set] = [jest.spyOn(store, "get"), jest.spyOn(store, "set")];
    const [asker, owner] = [new Cache(store), new Cache(store)];
    const question = { scope: "catalog", key: "list", maxAgeMs: 60_000 };
    const atOwner = () =>
      owner.getOrLoad({ ...question, l2: "write", load: () => Promise.resolve({ value: "answer" }) });
    await asker.getOrLoad({ ...question, l2: "read", load: atOwner });
    expect([get.mock.calls.length, set.mock.calls.length]).toEqual([1, 1]);
    const third = await new Cache(store).getOrLoad({
      ...question,
      l2: "read",
      load: () => Promise.reject(new Error("not needed")),
    });
    expect(third.value).toBe("answer");
  });

  test("an older invalidation that arrives later is ignored", async () => {
    const [one, other] = [new Cache(), new Cache()];
    const older = one.invalidate("catalog");
    const newer = one.invalidate("catalog");
    other.applyInvalidation("catalog", newer);
    await asking(other, () => Promise.resolve("answer"))();
    other.applyInvalidation("catalog", older);
    expect(await asking(other, () => Promise.reject(new Error("not needed")))()).toBe("answer");
  });

  test("concurrent changes of two nodes are unordered: each invalidates on arrival", async () => {
    const [one, other] = [new Cache(), new Cache()];
    const first = one.invalidate("catalog");
    other.invalidate("catalog");
    await asking(other, () => Promise.resolve("old"))();
    other.applyInvalidation("catalog", first);
    expect(await asking(other, () => Promise.resolve("new"))()).toBe("new");
  });

  test("nodes with the same invalidations, in any order, share responses", async () => {
    const store = memoryStore();
    const [one, other] = [new Cache(store), new Cache(store)];
    const [first, second] = [one.invalidate("catalog"), other.invalidate("catalog")];
    one.applyInvalidation("catalog", second);
    other.applyInvalidation("catalog", first);
    await asking(one, () => Promise.resolve("answer"))();
    expect(await asking(other, () => Promise.reject(new Error("not needed")))()).toBe("answer");
  });
});
