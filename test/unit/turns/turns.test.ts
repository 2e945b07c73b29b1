import { describe, expect, test } from "@jest/globals";
import { TurnRefused, Turns } from "../../../mixins/turns/turns.ts";

type Lane = "familiar" | "sign-in" | "other";
const shares = { familiar: 8, "sign-in": 3, other: 1 } as const;

/** One worker, whose work takes as long as the test says. */
function office() {
  let now = 0;
  const turns = new Turns<Lane>({ concurrency: 1, shares }, () => now);
  const begun: string[] = [];
  const waiting: (() => void)[] = [];
  const outcomes: string[] = [];
  const come = (lane: Lane, name: string = lane, patienceMs = 60_000) => {
    const work = () => {
      begun.push(name);
      return new Promise<void>((finish) => waiting.push(finish));
    };
    void turns.take(lane, patienceMs, work).then(
      () => outcomes.push(name),
      (error: unknown) => outcomes.push(error instanceof TurnRefused ? `${name} refused` : "?"),
    );
  };
  /** Whoever is at work is done, after so long. */
  const finish = async (ms: number) => {
    now += ms;
    waiting.shift()?.();
    await new Promise(setImmediate);
  };
  return { come, finish, begun, outcomes };
}

describe("taking turns", () => {
  test("each lane gets its share while all of them are asked for, and what the others leave", async () => {
    const { come, finish, begun } = office();
    come("other", "first");
    for (let count = 0; count < 16; count += 1) for (const lane of ["other", "sign-in", "familiar"] as const) come(lane);
    for (let turn = 0; turn < 12; turn += 1) await finish(10);
    const counts = (names: readonly string[]) => Object.fromEntries((["familiar", "sign-in", "other"] as const).map((lane) => [lane, names.filter((name) => name === lane).length]));
    expect(counts(begun.slice(1, 13))).toEqual({ familiar: 8, "sign-in": 3, other: 1 });
    for (let turn = 0; turn < 40; turn += 1) await finish(10);
    expect(counts(begun)).toEqual({ familiar: 16, "sign-in": 16, other: 16 });
  });

  test("a flood in one lane does not keep the others waiting", async () => {
    const { come, finish, begun } = office();
    for (let count = 0; count < 200; count += 1) come("sign-in");
    come("familiar");
    await finish(10);
    await finish(10);
    expect(begun.slice(0, 3)).toContain("familiar");
  });

  test("whoever could not be served in time is refused at once, and told when to come again", async () => {
    const turns = new Turns<Lane>({ concurrency: 1, shares });
    const never = () => new Promise<void>(() => undefined);
    void turns.take("sign-in", 60_000, never);
    const tries = Array.from({ length: 50 }, () => turns.take("sign-in", 60_000, never));
    const refused = await Promise.race(tries.map((one) => one.catch((error: unknown) => error)));
    expect(refused).toMatchObject({ type: "unavailable", code: 503 });
    expect((refused as TurnRefused).data["retryAfter"]).toBeGreaterThanOrEqual(1);
    // And so is one who does not want to wait as long as it takes.
    await expect(turns.take("other", 10, never)).rejects.toBeInstanceOf(TurnRefused);
  });

  test("some may always wait, however slow the work is; who waited in vain is passed over", async () => {
    const { come, finish, begun, outcomes } = office();
    come("sign-in", "slow");
    await finish(20_000);
    come("sign-in", "running");
    for (let number = 1; number <= 20; number += 1) come("sign-in", `${number}`, number === 1 ? 4000 : 60_000);
    await new Promise(setImmediate);
    expect(outcomes.filter((outcome) => outcome.endsWith("refused")).length).toBeGreaterThan(0);
    expect(begun).toEqual(["slow", "running"]);
    await finish(5000);
    expect(outcomes).toContain("1 refused");
    expect(begun).toEqual(["slow", "running", "2"]);
  });

  test("work that fails leaves its turn to the next", async () => {
    const turns = new Turns<Lane>({ concurrency: 1, shares });
    const failing = turns.take("other", 1000, () => Promise.reject(new Error("no")));
    const next = turns.take("other", 1000, () => Promise.resolve("done"));
    await expect(failing).rejects.toThrow("no");
    expect(await next).toBe("done");
  });
});
