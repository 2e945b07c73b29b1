import { describe, expect, test } from "@jest/globals";
import { ConcurrencyLimiter } from "../../../services/api/limits/concurrency-limiter.ts";

const limits = { maxInFlight: 1000, maxEventLoopDelayMs: 200 };

/** Fills the limiter, reports each request's duration, and releases all. */
function period(limiter: ConcurrencyLimiter, tookMs: number): void {
  const inside: object[] = [];
  for (;;) {
    const request = {};
    if (!limiter.acquire(request)) break;
    inside.push(request);
  }
  for (const request of inside) {
    limiter.recordDuration(request, tookMs);
    limiter.release(request);
  }
  limiter.adjust();
}

describe("the concurrency limiter", () => {
  test("takes on as many as there may be, and another one when one has left", () => {
    const limiter = new ConcurrencyLimiter({ ...limits, maxInFlight: 2 });
    const [one, two, three] = [{}, {}, {}];
    expect([one, two, three].map((request) => limiter.acquire(request))).toEqual([true, true, false]);
    limiter.release(one);
    limiter.release(one);
    expect([limiter.acquire(three), limiter.acquire({})]).toEqual([true, false]);
  });

  test("takes on fewer while most of them take long, but never too few to notice that it is over", () => {
    const limiter = new ConcurrencyLimiter(limits);
    const before = limiter.limit;
    period(limiter, 500);
    expect(limiter.limit).toBeLessThan(before);
    for (let i = 0; i < 50; i += 1) period(limiter, 500);
    expect(limiter.limit).toBe(64);
    for (let i = 0; i < 50; i += 1) period(limiter, 20);
    expect(limiter.limit).toBe(limits.maxInFlight);
  });

  test("a few slow ones among many say nothing", () => {
    const limiter = new ConcurrencyLimiter(limits);
    const before = limiter.limit;
    for (let i = 0; i < 100; i += 1) limiter.recordDuration({}, i % 3 === 0 ? 5000 : 10);
    limiter.adjust();
    expect(limiter.limit).toBe(before);
  });

  test("takes on no more while the process is late because of them, and goes on when it is not", () => {
    let now = 0;
    const limiter = new ConcurrencyLimiter(limits, () => now);
    for (let i = 0; i < 70; i += 1) expect(limiter.acquire({})).toBe(true);
    now = 300;
    expect(limiter.acquire({})).toBe(false);
    limiter.observe();
    expect(limiter.acquire({})).toBe(true);
  });

  test("a process that is late for another reason takes requests on", () => {
    let now = 0;
    const limiter = new ConcurrencyLimiter(limits, () => now);
    now = 5000;
    expect(limiter.acquire({})).toBe(true);
  });

  test("of requests that are done as they are read, those behind many others are refused", () => {
    let now = 0;
    const limiter = new ConcurrencyLimiter(limits, () => now);
    const admitted = Array.from({ length: 1000 }, () => {
      const request = {};
      const enters = limiter.acquire(request);
      if (enters) now += 5;
      limiter.release(request);
      return enters;
    });
    expect(admitted.filter(Boolean)).toHaveLength(50);
  });

  test("a request that queued too long is shed, and one whose client disconnected is dropped", async () => {
    let now = 0;
    const limiter = new ConcurrencyLimiter(limits, () => now);
    const [first, second, gone, late] = [{}, {}, { destroyed: false }, {}];
    for (const request of [first, second, gone, late]) expect(limiter.acquire(request)).toBe(true);
    expect(await limiter.schedule(first)).toBe(true);
    now = 10;
    const [waits, leaves] = [limiter.schedule(second), limiter.schedule(gone)];
    gone.destroyed = true;
    expect(await Promise.all([waits, leaves])).toEqual([true, false]);
    now = 20;
    const comesLate = limiter.schedule(late);
    now = 600;
    expect(await comesLate).toBe(false);
    expect(limiter.inFlight).toBe(2);
    expect(limiter.shed).toBe(2);
  });

  test("the time that requests wait for their turn counts as time that they take", async () => {
    let now = 0;
    const limiter = new ConcurrencyLimiter(limits, () => now);
    const before = limiter.limit;
    const requests = Array.from({ length: 10 }, () => ({}));
    for (const request of requests) limiter.acquire(request);
    expect(await limiter.schedule({})).toBe(true);
    now = 10;
    const turns = requests.map((request) => limiter.schedule(request));
    now = 450;
    await Promise.all(turns);
    for (const request of requests) limiter.recordDuration(request, 1);
    limiter.adjust();
    expect(limiter.limit).toBeLessThan(before);
  });
});
