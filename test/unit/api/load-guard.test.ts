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
    guard.took(tookMs);
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
    period(guard, 400);
    expect(guard.limit).toBeLessThan(before);
    for (let i = 0; i < 50; i += 1) period(guard, 400);
    expect(guard.limit).toBe(32);
    for (let i = 0; i < 50; i += 1) period(guard, 20);
    expect(guard.limit).toBe(limits.maxInFlight);
  });

  test("a few slow ones among many say nothing", () => {
    const guard = new LoadGuard(limits);
    const before = guard.limit;
    for (let i = 0; i < 100; i += 1) guard.took(i % 3 === 0 ? 5000 : 10);
    guard.adjust();
    expect(guard.limit).toBe(before);
  });

  test("takes on no more while the process is late because of them, and goes on soon after", () => {
    const guard = new LoadGuard(limits);
    guard.sample(500);
    for (let i = 0; i < 32; i += 1) expect(guard.enter({})).toBe(true);
    expect(guard.enter({})).toBe(false);
    guard.sample(0);
    guard.sample(0);
    expect(guard.enter({})).toBe(true);
  });
});
