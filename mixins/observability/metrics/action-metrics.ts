import type { ActionHandler, ActionSchema, Context, Middleware } from "moleculer";
import type { ServiceContract } from "../../contract/contract.ts";
import { actionsByName } from "../../contract/registry.ts";
import { Counts } from "./counts.ts";
import { DurationHistogram } from "./durations.ts";
import { errorCode } from "../error-code.ts";
import type { MetricFamily } from "./metrics.ts";

/** Metrics of one action on this node. */
class ActionMeter {
  readonly durations = DurationHistogram.forLatency();
  readonly errors = new Counts();
  /** For actions with a queue: queued calls, and the number of running ones. */
  readonly waiting = new Set<Context>();
  running = 0;
  readonly hasQueue: boolean;

  constructor(hasQueue: boolean) {
    this.hasQueue = hasQueue;
  }
}

/**
 * Rate, errors and duration (queueing included) of the actions that run on this node. Cache hits at the
 * caller and in the gateway's response cache reach no action.
 */
export class ActionMetrics {
  readonly #meters = new Map<string, ActionMeter>();

  /** @param contracts of the measured actions; excludes Moleculer's own */
  constructor(contracts: readonly ServiceContract[]) {
    for (const [name, { fairQueue }] of actionsByName(contracts))
      this.#meters.set(name, new ActionMeter(fairQueue !== undefined));
  }

  /** The outermost middleware of a call. */
  outermost(): Middleware {
    return {
      name: "ActionMetrics",
      localAction: (next: ActionHandler, action: ActionSchema): ActionHandler => {
        const meter = this.#meters.get(action.name ?? "");
        if (!meter) return next;
        return async function measured(ctx) {
          const began = performance.now();
          if (meter.hasQueue) meter.waiting.add(ctx);
          try {
            return (await next.call(this, ctx)) as unknown;
          } catch (error) {
            meter.errors.add(errorCode(error));
            throw error;
          } finally {
            // Rejected by the queue, or abandoned by its caller.
            meter.waiting.delete(ctx);
            meter.durations.record(performance.now() - began);
          }
        };
      },
    };
  }

  /** Wraps the handler itself: calls that arrive here have left the queue. */
  innermost(): Middleware {
    return {
      name: "QueueMetrics",
      localAction: (next: ActionHandler, action: ActionSchema): ActionHandler => {
        const meter = this.#meters.get(action.name ?? "");
        if (!meter?.hasQueue) return next;
        return async function counted(ctx) {
          meter.waiting.delete(ctx);
          meter.running += 1;
          try {
            return (await next.call(this, ctx)) as unknown;
          } finally {
            meter.running -= 1;
          }
        };
      },
    };
  }

  families(): MetricFamily[] {
    const name = "shop_action_duration_seconds";
    const used = () => [...this.#meters].filter(([, { durations }]) => durations.hasSamples);
    const queued = () =>
      [...this.#meters].filter(
        ([, { hasQueue, durations, waiting, running }]) =>
          hasQueue && (durations.hasSamples || waiting.size + running > 0),
      );
    return [
      {
        name,
        help: "Duration of action calls on this node, queueing included",
        type: "histogram",
        read: () => used().flatMap(([action, { durations }]) => durations.samples(name, { action })),
      },
      {
        name: "shop_action_errors_total",
        help: "Failed action calls, by error code",
        type: "counter",
        read: () => used().flatMap(([action, { errors }]) => errors.samples("code", { action })),
      },
      {
        name: "shop_action_running",
        help: "Running calls of actions with a queue, such as password hashing",
        type: "gauge",
        read: () => queued().map(([action, { running }]) => ({ labels: { action }, value: running })),
      },
      {
        name: "shop_action_waiting",
        help: "Queued calls of actions with a queue",
        type: "gauge",
        read: () => queued().map(([action, { waiting }]) => ({ labels: { action }, value: waiting.size })),
      },
    ];
  }
}
