import { expect, jest, test } from "@jest/globals";
import moleculer from "moleculer";
import { loadConfig } from "../../../config/index.ts";
import { brokerOptions } from "../../../mixins/service/broker-options.ts";
import { cacheInvalidated, invalidateOnChange } from "../../../mixins/cache/invalidation.ts";

test("other nodes get invalidations during a burst of changes, and one for the last", async () => {
  const broker = new moleculer.ServiceBroker(brokerOptions(loadConfig({ LOG_LEVEL: "fatal" }), []));
  const service = broker.createService({ name: "catalog" });
  const broadcast = jest.spyOn(broker, "broadcast").mockResolvedValue(undefined);
  let publish = (): void => undefined;
  invalidateOnChange(service, { onPublished: (listener) => (publish = () => listener([])) });

  jest.useFakeTimers();
  for (let change = 0; change < 50; change += 1) {
    publish();
    jest.advanceTimersByTime(20);
  }
  expect(broadcast.mock.calls.length).toBeGreaterThan(10);
  expect(broadcast.mock.calls.length).toBeLessThan(25);

  broadcast.mockClear();
  publish();
  jest.advanceTimersByTime(1000);
  const told = broadcast.mock.calls.length;
  jest.useRealTimers();
  await broker.stop();
  expect(told).toBe(1);
  expect(broadcast.mock.lastCall).toEqual([cacheInvalidated, expect.objectContaining({ scope: "catalog" })]);
});
