import { describe, expect, test } from "@jest/globals";
import type { ScaleWork } from "../../scale/loads.ts";
import { together } from "../../scale/loads.ts";
import type { Step } from "../../scale/measure.ts";
import { busy, efficiency, scaleTables } from "../../scale/report.ts";

const step = (machines: number, perSecond: number, by: Readonly<Record<string, number>>): Step => ({
  work: "reads",
  machines,
  perSecond,
  seconds: 10,
  failures: 0,
  p50Ms: 5,
  p99Ms: 9,
  time: { by, idle: 0.4 },
});

describe("scaling efficiency", () => {
  const one = step(1, 100, { "api-1": 0.5, "catalog-1": 0.5, primary: 3, load: 1 });
  const four = step(4, 300, { "api-1": 1, "api-4": 1, "orders-2": 1, primary: 9, load: 3 });

  test("efficiency is throughput per machine relative to a single one", () => {
    expect(efficiency(one, [four, one])).toBe(1);
    expect(efficiency(four, [four, one])).toBe(0.75);
  });

  test("only processes on the machines count as theirs", () => {
    expect(busy(one, 0.1)).toBeCloseTo(1);
    expect(busy(four, 0.1)).toBeCloseTo(0.75);
  });

  test("refused requests are no throughput, and the slowest gateway's p99 is the shop's", () => {
    const answers = { seconds: 2, p50Ms: 10 };
    expect(
      together([
        { ...answers, requests: 100, failures: 20, p99Ms: 30 },
        { ...answers, requests: 100, failures: 0, p99Ms: 90 },
      ]),
    ).toEqual({ perSecond: 90, failures: 20, p50Ms: 10, p99Ms: 90 });
  });

  test("the tables name each step and each process", () => {
    const work = { name: "reads", title: "a page" } as ScaleWork;
    const text = scaleTables(
      { command: "npm run scale", began: "today", computer: "this one", share: 0.1, steps: [one, four] },
      [work],
    );
    expect(text).toContain("| 4 | 300 | 75 % | 5 | 9 | 0 | 75 % | 40 % |");
    expect(text).toContain("| primary | 3 | 3 |");
    expect(text).toContain("| api-4 | 10 % |");
  });
});
