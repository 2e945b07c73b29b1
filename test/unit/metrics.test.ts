import { expect, test } from "@jest/globals";
import moleculer from "moleculer";
import { z } from "zod";
import { ActionMetrics } from "../../mixins/metrics/action-metrics.ts";
import { Durations } from "../../mixins/metrics/durations.ts";
import type { Family } from "../../mixins/metrics/metrics.ts";
import { sampled } from "../../mixins/metrics/sampled.ts";
import { action, defineContract } from "../../services/contract/contract.ts";

const valueOf = async (families: readonly Family[], name: string) =>
  (await families.find((family) => family.name === name)?.read())?.map(({ value }) => value);

test("durations are counted below their bounds, each in all that are not shorter", () => {
  const durations = Durations.ofWork();
  for (const ms of [0.2, 1, 3, 99, 100, 20_000]) durations.note(ms);
  durations.noteInstant();
  const samples = durations.samples("took", { route: "/" });
  const upTo = (le: string) => samples.find(({ labels }) => labels["le"] === le)?.value;
  expect([upTo("0.001"), upTo("0.0025"), upTo("0.005"), upTo("0.1"), upTo("10"), upTo("+Inf")]).toEqual([3, 3, 4, 6, 6, 7]);
  expect(samples.find(({ metricName }) => metricName === "took_count")?.value).toBe(7);
  expect(samples.find(({ metricName }) => metricName === "took_sum")?.value).toBeCloseTo(20.2032);
});

test("a reading is shared by all who ask while it lasts", async () => {
  let readings = 0;
  const first = Promise.withResolvers<number>();
  const read = sampled(() => {
    readings += 1;
    return readings === 1 ? first.promise : Promise.resolve(readings);
  });
  const asked = [read(), read(), read()];
  first.resolve(1);
  expect(await Promise.all(asked)).toEqual([1, 1, 1]);
  expect(await read()).toBe(1);
});

test("calls that wait for their turn are counted until it comes, they are refused, or nobody waits any more", async () => {
  const declared = action({
    summary: "",
    access: "internal",
    params: z.strictObject({}),
    result: z.null(),
    errors: [],
    idempotent: true,
    bulkhead: { concurrency: 1, queue: 1 },
  });
  const metrics = new ActionMetrics([defineContract({ name: "slow", summary: "", consumes: [], actions: { work: declared }, events: {} })]);
  const broker = new moleculer.ServiceBroker({ logger: false, middlewares: [metrics.innermost()] });
  broker.middlewares?.add(metrics.outermost());
  const { promise: finished, resolve: finish } = Promise.withResolvers<undefined>();
  broker.createService({
    name: "slow",
    actions: { work: { bulkhead: { enabled: true, concurrency: 1, maxQueueSize: 1 }, handler: () => finished } },
  });
  await broker.start();
  const [waiting, running] = ["shop_action_waiting", "shop_action_running"].map((name) => () => valueOf(metrics.families(), name));
  const first = broker.call("slow.work", {});
  const second = broker.call("slow.work", {}, { timeout: 50 });
  await expect(broker.call("slow.work", {})).rejects.toMatchObject({ type: "QUEUE_FULL" });
  expect([await running?.(), await waiting?.()]).toEqual([[1], [1]]);
  await expect(second).rejects.toMatchObject({ type: "REQUEST_TIMEOUT" });
  expect([await running?.(), await waiting?.()]).toEqual([[1], [0]]);
  finish(undefined);
  await first;
  await broker.stop();
  expect([await running?.(), await waiting?.()]).toEqual([[0], [0]]);
});
