import type { Middleware, Service, ServiceBroker } from "moleculer";
import type { DurableEvents } from "../events/durable-events.ts";
import type { BackgroundWork } from "../tasks/background-work.ts";
import type { RunningJobs } from "./jobs.ts";

/** What runs in a service besides its actions. */
type Background = Service & {
  readonly durableEvents?: DurableEvents;
  readonly runningJobs?: RunningJobs;
  readonly backgroundWork?: BackgroundWork<unknown>;
};

/**
 * Stops deliveries, jobs and tasks of all services of a node before its first service stops, since they use other
 * services: deliveries their databases, jobs and tasks their actions.
 */
export const stopBackgroundWorkFirst: Middleware = {
  name: "StopBackgroundWorkFirst",
  async stopping(broker: ServiceBroker) {
    const stops = (broker.services as Background[]).map(
      async ({ durableEvents, runningJobs, backgroundWork }) => {
        await Promise.all([durableEvents?.stop(), runningJobs?.stop(), backgroundWork?.stopRuns()]);
      },
    );
    await Promise.all(stops);
  },
};
