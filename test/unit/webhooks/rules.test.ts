import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { z } from "zod";
import { event } from "../../../mixins/contract/contract.ts";
import { CircuitBreaker } from "../../../mixins/support/circuit-breaker.ts";
import { nextAttemptAt, retryDelaysMs } from "../../../services/webhooks/domain/backoff.ts";
import { filterPattern, passes, unknownIn } from "../../../services/webhooks/domain/event-filter.ts";
import { disabledAfterMs, disabledBy, outcomeOf } from "../../../services/webhooks/domain/outcome.ts";
import { bodyOf } from "../../../services/webhooks/domain/public-event.ts";

const hour = 3_600_000;

describe("the attempts of a delivery", () => {
  test("are ten within three days, give or take a fifth", () => {
    const total = retryDelaysMs.reduce((sum, delay) => sum + delay, 0);
    expect(retryDelaysMs.length + 1).toBe(10);
    expect(total / hour).toBeCloseTo(75.6, 1);
    expect(nextAttemptAt(10, 0, 0.5)).toBeUndefined();
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        (failures, random) => {
          const delay = retryDelaysMs[failures - 1] ?? 0;
          const at = nextAttemptAt(failures, 1000, random) ?? 0;
          expect(at - 1000).toBeGreaterThanOrEqual(Math.floor(delay * 0.8));
          expect(at - 1000).toBeLessThanOrEqual(Math.ceil(delay * 1.2));
        },
      ),
    );
  });

  test.each([200, 201, 204, 299])("end with status %s", (status) => {
    expect(outcomeOf({ status }, 0, 0, 0)).toEqual({ status: "delivered" });
  });

  test.each([100, 301, 302, 400, 404, 429, 500, 503, null])(
    "go on after %s, which counts as a failure",
    (status) => {
      expect(outcomeOf({ status }, 0, 0, 0.5)).toEqual({ status: "waiting", dueAt: 5000 });
      expect(outcomeOf({ status }, 9, 0, 0.5)).toEqual({ status: "failed" });
      expect(disabledBy({ status }, null, 0)).toBeUndefined();
    },
  );

  test("end with 410, which disables the webhook, as do three days without a success", () => {
    expect(outcomeOf({ status: 410 }, 0, 0, 0)).toEqual({ status: "failed" });
    expect(disabledBy({ status: 410 }, null, 0)).toBe("gone");
    const since = 1000;
    expect(disabledBy({ status: 500 }, since, since + disabledAfterMs - 1)).toBeUndefined();
    expect(disabledBy({ status: null }, since, since + disabledAfterMs)).toBe("failing");
    expect(disabledBy({ status: 200 }, since, since + 2 * disabledAfterMs)).toBeUndefined();
  });
});

describe("a filter of events", () => {
  test.each([
    [["*"], "orders.placed", true],
    [["orders.*"], "orders.placed", true],
    [["orders.*"], "orders-archive.placed", false],
    [["orders.placed"], "orders.placed", true],
    [["orders.placed"], "orders.placed-twice", false],
    [["orders.paid", "catalog.*"], "catalog.changed", true],
    [["orders.paid", "catalog.*"], "cart.changed", false],
  ])("%j lets %s through: %s", (filter, type, isWanted) => {
    expect(passes(filter, type)).toBe(isWanted);
  });

  test.each(["*", "orders.*", "orders.placed", "after-sales.sent-back"])("may be %s", (text) => {
    expect(text).toMatch(filterPattern);
  });
  test.each([
    "",
    "orders",
    "orders.",
    ".placed",
    "*.placed",
    "orders.%",
    "orders.placed'",
    "Orders.placed",
    "orders.*.x",
    "orders._",
  ])("may not be %j", (text) => expect(text).not.toMatch(filterPattern));

  test("names what no event passes", () => {
    expect(unknownIn(["orders.*", "orders.plcaed", "nothing.*", "*"], ["orders.placed"])).toEqual([
      "orders.plcaed",
      "nothing.*",
    ]);
  });
});

describe("a circuit breaker", () => {
  test("lets one request through after each pause, until one succeeds", () => {
    const breaker = new CircuitBreaker({ maxFailures: 2, pauseMs: 100 });
    breaker.failed(0);
    expect([breaker.isOpen, breaker.admits(0)]).toEqual([false, true]);
    breaker.failed(0);
    expect([breaker.isOpen, breaker.admits(99)]).toEqual([true, false]);
    expect([breaker.admits(100), breaker.admits(100), breaker.admits(199)]).toEqual([true, false, false]);
    breaker.failed(150);
    expect([breaker.admits(249), breaker.admits(250)]).toEqual([false, true]);
    breaker.succeeded();
    expect([breaker.isOpen, breaker.admits(251), breaker.admits(251)]).toEqual([false, true, true]);
  });
});

describe("what is sent", () => {
  const contract = event({
    summary: "Somebody came",
    about: { entity: "user", id: "userId" },
    payload: z.strictObject({ userId: z.string(), email: z.string() }),
    confidential: ["email"],
  });

  test("has the declared fields that are not confidential, and no others", () => {
    const payload = { userId: "u", email: "ada@example.org", since: "a newer version's" };
    const body: unknown = JSON.parse(bodyOf({ name: "users.came", occurredAt: 0, payload }, contract));
    expect(body).toEqual({
      type: "users.came",
      timestamp: "1970-01-01T00:00:00.000Z",
      data: { userId: "u" },
    });
  });
});
