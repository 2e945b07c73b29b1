import { describe, expect, test } from "@jest/globals";
import { planNodes } from "../../../deploy/local/cluster/plan.ts";
import { resourceOf, serverTargets } from "../../chaos/fault-kinds.ts";
import { planFaults } from "../../chaos/plan-faults.ts";

const minute = 60_000;
const nodes = planNodes({ users: 2, cart: 2 }, 3000).map(({ name }) => name);
const plan = (seed: number, minutes = 10) =>
  planFaults({
    seed,
    durationMs: minutes * minute,
    nodes,
    smallDisks: ["primary", "rabbitmq"],
    canStarve: true,
    pauseMs: 4000,
  });

describe("the plan of a chaos run", () => {
  test("is the same for the same seed, and another one for another seed", () => {
    expect(plan(7)).toEqual(plan(7));
    expect(plan(7)).not.toEqual(plan(8));
  });

  test("has more than a hundred faults in ten minutes, each kind among them, at every server and every kind of node", () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const faults = plan(seed).map(({ fault }) => fault);
      expect(faults.length).toBeGreaterThan(100);
      const seen = new Set(
        faults.map(
          ({ kind, target }) => `${kind}: ${kind.startsWith("node") ? target.replace(/-\d$/, "") : target}`,
        ),
      );
      const blows = ["kill", "pause", "restart"];
      const expected = [
        ...["api", "users", "catalog", "cart", "orders", "audit"].flatMap((name) =>
          blows.map((blow) => `node ${blow}: ${name}`),
        ),
        ...serverTargets.flatMap((name) => blows.map((blow) => `server ${blow}: ${name}`)),
        ...serverTargets.flatMap((name) =>
          ["refuse", "black-hole", "cut", "lose", "delay"].map((kind) => `link ${kind}: ${name}`),
        ),
        "replica lag: replica-1",
        "replica lag: replica-2",
        "disk full: primary",
        "disk full: rabbitmq",
        "read-only: primary",
        ...["connection storm", "disk alarm", "queue delete"].map((kind) => `${kind}: rabbitmq`),
        ...["users", "catalog", "orders"].map((name) => `node starve: ${name}`),
        "provider away: payment provider",
        "provider misbehaves: payment provider",
      ];
      expect(expected.filter((name) => !seen.has(name))).toEqual([]);
      expect([...seen].some((name) => name.startsWith("link throttle"))).toBe(true);
    }
  });

  test("does not hit a target before its recovery, and ends in time", () => {
    const busyUntil = new Map<string, number>();
    for (const { at, lastsMs, fault } of plan(9)) {
      expect(at).toBeGreaterThanOrEqual(busyUntil.get(resourceOf(fault)) ?? 0);
      busyUntil.set(resourceOf(fault), at + lastsMs);
      expect(at).toBeLessThan(10 * minute);
    }
  });
});
