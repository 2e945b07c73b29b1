import { describe, expect, test } from "@jest/globals";
import { LoadGuard } from "../../../services/api/load-guard.ts";

const limits = { maxInFlight: 1000, maxLoopDelayMs: 200 };

/** Fills the guard up and tells it how long each of the requests took; then all of them leave. */
function period(guard: LoadGuard, tookMs: number): void {
  const inside: object[] = [];
  for (;;) {
    const request = {};
    if (!guard.enter(request)) break;
    inside.push(request);
  }
  for (const request of inside) {
    guard.took(request, tookMs);
    guard.leave(request);
  }
  guard.adjust();
}

describe("the load guard", () => {
  test("takes on as many as there may be, and another one when one has left", () => {
    const guard = new LoadGuard({ ...limits, maxInFlight: 2 });
    const [one, two, three] = [{}, {}, {}];
    expect([one, two, three].map((request) => guard.enter(request))).toEqual([true, true, false]);
    guard.leave(one);
    guard.leave(one);
    expect([guard.enter(three), guard.enter({})]).toEqual([true, false]);
  });

  test("takes on fewer while most of them take long, but never too few to notice that it is over", () => {
    const guard = new LoadGuard(limits);
    const before = guard.limit;
    period(guard, 500);
    expect(guard.limit).toBeLessThan(before);
    for (let i = 0; i < 50; i += 1) period(guard, 500);
    expect(guard.limit).toBe(64);
    for (let i = 0; i < 50; i += 1) period(guard, 20);
    expect(guard.limit).toBe(limits.maxInFlight);
  });

  test("a few slow ones among many say nothing", () => {
    const guard = new LoadGuard(limits);
    const before = guard.limit;
    for (let i = 0; i < 100; i += 1) guard.took({}, i % 3 === 0 ? 5000 : 10);
    guard.adjust();
    expect(guard.limit).toBe(before);
  });

  test("takes on no more while the process is late because of them, and goes on when it is not", () => {
    let now = 0;
    const guard = new LoadGuard(limits, () => now);
    for (let i = 0; i < 70; i += 1) expect(guard.enter({})).toBe(true);
    now = 300;
    expect(guard.enter({})).toBe(false);
    guard.look();
    expect(guard.enter({})).toBe(true);
  });

  test("a process that is late for another reason takes requests on", () => {
    let now = 0;
    const guard = new LoadGuard(limits, () => now);
    now = 5000;
    expect(guard.enter({})).toBe(true);
  });

  test("of requests that are done as they are read, those behind many others are refused", () => {
    let now = 0;
    const guard = new LoadGuard(limits, () => now);
    const admitted = Array.from({ length: 1000 }, () => {
      const request = {};
      const enters = guard.enter(request);
      if (enters) now += 5;
      guard.leave(request);
      return enters;
    });
    expect(admitted.filter(Boolean)).toHaveLength(50);
  });

  test("one that has waited too long for its turn is told to come again, one whose sender has gone is not worked on", async () => {
    let now = 0;
    const guard = new LoadGuard(limits, () => now);
    const [first, second, gone, late] = [{}, {}, { destroyed: false }, {}];
    for (const request of [first, second, gone, late]) expect(guard.enter(request)).toBe(true);
    expect(await guard.turn(first)).toBe(true);
    now = 10;
    const [waits, leaves] = [guard.turn(second), guard.turn(gone)];
    gone.destroyed = true;
    expect(await Promise.all([waits, leaves])).toEqual([true, false]);
    now = 20;
    const comesLate = guard.turn(late);
    now = 600;
    expect(await comesLate).toBe(false);
    expect(guard.inFlight).toBe(2);
    expect(guard.shed).toBe(2);
  });

  test("the time that requests wait for their turn counts as time that they take", async () => {
    let now = 0;
    const guard = new LoadGuard(limits, () => now);
    const before = guard.limit;
    const requests = Array.from({ length: 10 }, () => ({}));
    for (const request of requests) guard.enter(request);
    expect(await guard.turn({})).toBe(true);
    now = 10;
    const turns = requests.map((request) => guard.turn(request));
    now = 450;
    await Promise.all(turns);
    for (const request of requests) guard.took(request, 1);
    guard.adjust();
    expect(guard.limit).toBeLessThan(before);
  });
});
