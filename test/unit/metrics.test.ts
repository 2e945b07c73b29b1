import { expect, test } from "@jest/globals";
import moleculer from "moleculer";
import { z } from "zod";
import { ActionMetrics } from "../../mixins/observability/metrics/action-metrics.ts";
import { DurationHistogram } from "../../mixins/observability/metrics/durations.ts";
import type { MetricFamily } from "../../mixins/observability/metrics/metrics.ts";
import { sampled } from "../../mixins/observability/metrics/sampled.ts";
import { action, defineContract } from "../../mixins/contract/contract.ts";
import { fairQueueMiddleware } from "../../mixins/transport/fair-queue.middleware.ts";

const valueOf = async (families: readonly MetricFamily[], name: string) =>
  (await families.find((family) => family.name === name)?.read())?.map(({ value }) => value);

test("durations are counted below their bounds, each in all that are not shorter", () => {
  const durations = DurationHistogram.forLatency();
  for (const ms of [0.2, 1, 3, 99, 100, 20_000]) durations.record(ms);
  durations.recordInstant();
  const samples = durations.samples("took", { route: "/" });
  const upTo = (le: string) => samples.find(({ labels }) => labels["le"] === le)?.value;
  expect([upTo("0.001"), upTo("0.0025"), upTo("0.005"), upTo("0.1"), upTo("10"), upTo("+Inf")]).toEqual([
    3, 3, 4, 6, 6, 7,
  ]);
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

test("queued calls are counted until they start, are rejected, or time out", async () => {
  const declared = action({
    summary: "",
    access: "internal",
    params: z.strictObject({}),
    result: z.null(),
    errors: [],
    idempotent: true,
    fairQueue: { concurrency: 1, maxWaiting: 1 },
  });
  const contracts = [
    defineContract({ name: "slow", summary: "", consumes: [], actions: { work: declared }, events: {} }),
  ];
  const metrics = new ActionMetrics(contracts);
  const middlewares = [metrics.innermost(), fairQueueMiddleware(contracts)];
  const broker = new moleculer.ServiceBroker({ logger: false, requestTimeout: 10_000, middlewares });
  broker.middlewares?.add(metrics.outermost());
  const { promise: finished, resolve: finish } = Promise.withResolvers<undefined>();
  broker.createService({
    name: "slow",
    actions: { work: { handler: () => finished } },
  });
  await broker.start();
  const [waiting, running] = ["shop_action_waiting", "shop_action_running"].map(
    (name) => () => valueOf(metrics.families(), name),
  );
  const first = broker.call("slow.work", {});
  const second = broker.call("slow.work", {}, { timeout: 300 });
  await expect(broker.call("slow.work", {})).rejects.toMatchObject({ type: "unavailable" });
  expect([await running?.(), await waiting?.()]).toEqual([[1], [1]]);
  await expect(second).rejects.toMatchObject({ type: "REQUEST_TIMEOUT" });
  expect([await running?.(), await waiting?.()]).toEqual([[1], [0]]);
  finish(undefined);
  await first;
  await broker.stop();
  expect([await running?.(), await waiting?.()]).toEqual([[0], [0]]);
});
