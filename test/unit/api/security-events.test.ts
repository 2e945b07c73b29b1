import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { SecurityEvents } from "../../../services/api/security-events.ts";
import type { SecurityReport } from "../../../mixins/contract/security-events.ts";
import { newId } from "../../../mixins/contract/ids.ts";

const minute = 60_000;

describe("refused attacks", () => {
  let logged: SecurityReport[];
  let reported: SecurityReport[];
  let isAway: boolean;
  let events: SecurityEvents;
  const attack = (requestId = newId()) => ({
    requestId,
    route: "GET /orders/{id}",
    address: "198.51.100.7",
    userId: null,
  });
  const counts = (reports: readonly SecurityReport[]) => reports.map(({ count }) => count);

  beforeEach(() => {
    jest.useFakeTimers();
    [logged, reported, isAway] = [[], [], false];
    events = new SecurityEvents("gateway-1", {
      log: (report) => void logged.push(report),
      report: (report) => {
        if (isAway) return Promise.reject(new Error("unavailable"));
        reported.push(report);
        return Promise.resolve();
      },
    });
  });
  afterEach(() => void jest.useRealTimers());

  test("are reported at once, with caller, action and address", () => {
    const sample = attack();
    events.record("forged-credentials", sample);
    for (const told of [logged, reported])
      expect(told).toMatchObject([{ kind: "forged-credentials", nodeId: "gateway-1", count: 1, sample }]);
  });

  test("in a flood are reported as sums: each is counted, and reports grow with time, not with the flood", async () => {
    for (let second = 0; second < 3600; second += 1) {
      for (let n = 0; n < 10; n += 1) events.record("unknown-id", attack());
      await jest.advanceTimersByTimeAsync(1000);
    }
    await jest.advanceTimersByTimeAsync(15 * minute);
    expect(logged).toHaveLength(361);
    expect(reported).toHaveLength(5);
    for (const told of [logged, reported])
      expect(counts(told).reduce((sum, count) => sum + count, 0)).toBe(36_000);
    expect(events.counts.samples("kind")).toContainEqual({ labels: { kind: "unknown-id" }, value: 36_000 });
  });

  test("of one kind do not hide those of another", () => {
    for (let n = 0; n < 100; n += 1) events.record("unknown-id", attack());
    events.record("forged-signature", attack());
    expect(reported.map(({ kind }) => kind)).toEqual(["unknown-id", "forged-signature"]);
  });

  test("are reported later when the audit service is unavailable, with the earliest sample", async () => {
    isAway = true;
    events.record("forbidden", attack("first"));
    await jest.advanceTimersByTimeAsync(0);
    for (let n = 0; n < 4; n += 1) events.record("forbidden", attack());
    await jest.advanceTimersByTimeAsync(15 * minute);
    events.record("forbidden", attack());
    isAway = false;
    await jest.advanceTimersByTimeAsync(15 * minute);
    expect(reported).toMatchObject([{ count: 6, sample: { requestId: "first" } }]);
  });

  test("still pending are reported when the gateway stops", async () => {
    for (let n = 0; n < 3; n += 1) events.record("guessing", attack());
    await events.stop();
    for (const told of [logged, reported]) expect(counts(told)).toEqual([1, 2]);
  });

  test("wrong passwords are in the trail one by one already", () => {
    events.record("wrong-secret", attack());
    expect([counts(logged), counts(reported)]).toEqual([[1], []]);
  });
});
