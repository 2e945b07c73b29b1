import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import { ServiceBroker } from "moleculer";
import { stopBackgroundWorkFirst } from "../../../mixins/service/stop-background-work.middleware.ts";

test("a job that runs when its node stops can still call the other services of the node", async () => {
  const broker = new ServiceBroker({ logger: false, middlewares: [stopBackgroundWorkFirst] });
  const isStopped = { stock: false };
  broker.createService({
    name: "stock",
    actions: { count: () => (isStopped.stock ? "stopped" : "counted") },
    stopped: () => void (isStopped.stock = true),
  });
  let answer: unknown;
  broker.createService({
    name: "sales",
    started(this: Service & { runningJobs?: unknown }) {
      const run = async () => {
        await pause(50);
        answer = await broker.call("stock.count");
      };
      this.runningJobs = { stop: run };
    },
  });
  await broker.start();
  await broker.stop();
  expect(answer).toBe("counted");
});
