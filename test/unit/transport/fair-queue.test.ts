import { describe, expect, test } from "@jest/globals";
import { QueueRejectionError, FairQueue } from "../../../mixins/transport/fair-queue.ts";

type WeightClass = "returning" | "sign-in" | "other";
const weights = { returning: 8, "sign-in": 3, other: 1 } as const;

/** One worker with controlled durations. */
function office() {
  let now = 0;
  const queue = new FairQueue<WeightClass>({ concurrency: 1, weights }, () => now);
  const begun: string[] = [];
  const waiting: (() => void)[] = [];
  const outcomes: string[] = [];
  const come = (weightClass: WeightClass, name: string = weightClass, patienceMs = 60_000) => {
    const work = () => {
      begun.push(name);
      return new Promise<void>((finish) => waiting.push(finish));
    };
    void queue.run(weightClass, patienceMs, work).then(
      () => outcomes.push(name),
      (error: unknown) => outcomes.push(error instanceof QueueRejectionError ? `${name} refused` : "?"),
    );
  };
  /** Finishes the running work after this time. */
  const finish = async (ms: number) => {
    now += ms;
    waiting.shift()?.();
    await new Promise(setImmediate);
  };
  return { come, finish, begun, outcomes };
}

describe("the fair queue", () => {
  test("each weight class gets its share under contention, and unused capacity of the others", async () => {
    const { come, finish, begun } = office();
    come("other", "first");
    for (let count = 0; count < 16; count += 1)
      for (const weightClass of ["other", "sign-in", "returning"] as const) come(weightClass);
    for (let turn = 0; turn < 12; turn += 1) await finish(10);
    const counts = (names: readonly string[]) =>
      Object.fromEntries(
        (["returning", "sign-in", "other"] as const).map((weightClass) => [
          weightClass,
          names.filter((name) => name === weightClass).length,
        ]),
      );
    expect(counts(begun.slice(1, 13))).toEqual({ returning: 8, "sign-in": 3, other: 1 });
    for (let turn = 0; turn < 40; turn += 1) await finish(10);
    expect(counts(begun)).toEqual({ returning: 16, "sign-in": 16, other: 16 });
  });

  test("a flood in one weight class does not keep the others waiting", async () => {
    const { come, finish, begun } = office();
    for (let count = 0; count < 200; count += 1) come("sign-in");
    come("returning");
    await finish(10);
    await finish(10);
    expect(begun.slice(0, 3)).toContain("returning");
  });

  test("a call whose estimated wait exceeds its deadline is rejected at once, with Retry-After", async () => {
    const queue = new FairQueue<WeightClass>({ concurrency: 1, weights });
    const never = () => new Promise<void>(() => undefined);
    void queue.run("sign-in", 60_000, never);
    const tries = Array.from({ length: 50 }, () => queue.run("sign-in", 60_000, never));
    const refused = await Promise.race(tries.map((one) => one.catch((error: unknown) => error)));
    expect(refused).toMatchObject({ type: "unavailable", code: 503 });
    expect((refused as QueueRejectionError).data["retryAfter"]).toBeGreaterThanOrEqual(1);
    // So is a call whose deadline is before the estimated wait.
    await expect(queue.run("other", 10, never)).rejects.toBeInstanceOf(QueueRejectionError);
  });

  test("some may always wait, however slow the work is; who waited in vain is passed over", async () => {
    const { come, finish, begun, outcomes } = office();
    come("sign-in", "slow");
    await finish(20_000);
    come("sign-in", "running");
    for (let number = 1; number <= 20; number += 1)
      come("sign-in", `${number}`, number === 1 ? 4000 : 60_000);
    await new Promise(setImmediate);
    expect(outcomes.filter((outcome) => outcome.endsWith("refused")).length).toBeGreaterThan(0);
    expect(begun).toEqual(["slow", "running"]);
    await finish(5000);
    expect(outcomes).toContain("1 refused");
    expect(begun).toEqual(["slow", "running", "2"]);
  });

  test("no more wait than may, however fast the work is", async () => {
    const queue = new FairQueue({ concurrency: 1, maxWaiting: 2, weights: { all: 1 } });
    const { promise: done, resolve: finish } = Promise.withResolvers<string>();
    const calls = Array.from({ length: 3 }, () => queue.run("all", 60_000, () => done));
    await expect(queue.run("all", 60_000, () => done)).rejects.toBeInstanceOf(QueueRejectionError);
    finish("done");
    expect(await Promise.all(calls)).toEqual(["done", "done", "done"]);
    expect(await queue.run("all", 60_000, () => done)).toBe("done");
  });

  test("work that fails leaves its turn to the next", async () => {
    const queue = new FairQueue<WeightClass>({ concurrency: 1, weights });
    const failing = queue.run("other", 1000, () => Promise.reject(new Error("no")));
    const next = queue.run("other", 1000, () => Promise.resolve("done"));
    await expect(failing).rejects.toThrow("no");
    expect(await next).toBe("done");
  });
});
