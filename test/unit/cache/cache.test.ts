import { describe, expect, jest, test } from "@jest/globals";
import { Cache } from "../../../mixins/cache/cache.ts";
import type { SharedStore } from "../../../mixins/cache/shared-store.ts";

/** What several nodes share, in the memory of the test. */
function memoryStore(): SharedStore {
  const entries = new Map<string, { value: unknown; expiresAt: number }>();
  return {
    get: (key) => Promise.resolve(entries.get(key)),
    set: (key, entry) => void entries.set(key, entry),
    close: () => Promise.resolve(),
  };
}

function asking(cache: Cache, answer: (fresh: boolean) => Promise<unknown>, maxAgeMs = 60_000) {
  const load = async (fresh: boolean) => ({ value: await answer(fresh) });
  return async () => (await cache.through({ scope: "catalog", question: "list", maxAgeMs, load })).value;
}

describe("cached answers", () => {
  test("a kept answer is given again without a load", async () => {
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

  test("what is kept has a bound, however large and however many the answers are", async () => {
    const cache = new Cache();
    const large = Array.from({ length: 1000 }, (_, index) => ({ index, name: "x".repeat(1000) }));
    const ask = (question: number) =>
      cache.through({ scope: "catalog", question: `${question}`, maxAgeMs: 60_000, load: () => Promise.resolve({ value: large }) });
    for (let question = 0; question < 100; question += 1) await ask(question);
    for (let question = 0; question < 100; question += 1) await ask(99 - question);
    expect(cache.statistics.own).toBeGreaterThan(2);
    expect(cache.statistics.own).toBeLessThan(10);
  });

  test("a failed load is not kept", async () => {
    const load = jest.fn<() => Promise<string>>().mockRejectedValueOnce(new Error("away")).mockResolvedValueOnce("answer");
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
    const load = jest.fn<() => Promise<string>>().mockResolvedValueOnce("first").mockResolvedValueOnce("second");
    const ask = asking(new Cache(), load, 1000);
    expect(await ask()).toBe("first");
    jest.advanceTimersByTime(900);
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(["first", "first", "first"]);
    await new Promise(setImmediate);
    expect(await ask()).toBe("second");
    expect(load).toHaveBeenCalledTimes(2);
    jest.useRealTimers();
  });

  test("an answer that cannot be renewed is given until its end, and then the failure is told", async () => {
    jest.useFakeTimers({ doNotFake: ["setImmediate"] });
    const load = jest.fn<() => Promise<string>>().mockResolvedValueOnce("first").mockRejectedValue(new Error("away"));
    const ask = asking(new Cache(), load, 1000);
    await ask();
    jest.advanceTimersByTime(900);
    expect(await ask()).toBe("first");
    await new Promise(setImmediate);
    jest.advanceTimersByTime(100);
    await expect(ask()).rejects.toThrow("away");
    jest.useRealTimers();
  });

  test("what another node kept is given no longer than it would give it", async () => {
    const cache = new Cache();
    const expiresAt = Date.now() + 5;
    const load = () => Promise.resolve({ value: "answer", expiresAt });
    const kept = await cache.through({ scope: "catalog", question: "list", maxAgeMs: 1000, load });
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

  test("an answer that was loaded before a change and arrives after it is not kept", async () => {
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

  test("nodes share answers, and a node that hears of a change no longer gives what others have kept", async () => {
    const store = memoryStore();
    const [one, other] = [new Cache(store), new Cache(store)];
    await asking(one, () => Promise.resolve("old"))();
    expect(await asking(other, () => Promise.reject(new Error("not needed")))()).toBe("old");
    other.adopt("catalog", one.invalidate("catalog"));
    expect(await asking(other, () => Promise.resolve("new"))()).toBe("new");
    expect(await asking(one, () => Promise.reject(new Error("not needed")))()).toBe("new");
    expect(one.statistics).toEqual({ own: 0, shared: 1, loaded: 1, renewed: 0 });
  });

  test("an asker looks at what is shared and the node with the answer keeps it there: once each", async () => {
    const store = memoryStore();
    const [get, set] = [jest.spyOn(store, "get"), jest.spyOn(store, "set")];
    const [asker, owner] = [new Cache(store), new Cache(store)];
    const question = { scope: "catalog", question: "list", maxAgeMs: 60_000 };
    const atOwner = () => owner.through({ ...question, shared: "keeps", load: () => Promise.resolve({ value: "answer" }) });
    await asker.through({ ...question, shared: "looks", load: atOwner });
    expect([get.mock.calls.length, set.mock.calls.length]).toEqual([1, 1]);
    const third = await new Cache(store).through({ ...question, shared: "looks", load: () => Promise.reject(new Error("not needed")) });
    expect(third.value).toBe("answer");
  });

  test("an older change that is heard of later is not followed", async () => {
    const [one, other] = [new Cache(), new Cache()];
    const older = one.invalidate("catalog");
    const newer = one.invalidate("catalog");
    other.adopt("catalog", newer);
    await asking(other, () => Promise.resolve("answer"))();
    other.adopt("catalog", older);
    expect(await asking(other, () => Promise.reject(new Error("not needed")))()).toBe("answer");
  });

  test("changes of two nodes have no order: each ends what a node has kept when it hears of it", async () => {
    const [one, other] = [new Cache(), new Cache()];
    const first = one.invalidate("catalog");
    other.invalidate("catalog");
    await asking(other, () => Promise.resolve("old"))();
    other.adopt("catalog", first);
    expect(await asking(other, () => Promise.resolve("new"))()).toBe("new");
  });

  test("nodes that have heard of the same changes, in whatever order, share answers", async () => {
    const store = memoryStore();
    const [one, other] = [new Cache(store), new Cache(store)];
    const [first, second] = [one.invalidate("catalog"), other.invalidate("catalog")];
    one.adopt("catalog", second);
    other.adopt("catalog", first);
    await asking(one, () => Promise.resolve("answer"))();
    expect(await asking(other, () => Promise.reject(new Error("not needed")))()).toBe("answer");
  });
});
