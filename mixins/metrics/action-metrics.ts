import type { ActionHandler, ActionSchema, Context, Middleware } from "moleculer";
import type { ServiceContract } from "../../services/contract/contract.ts";
import { Counts } from "./counts.ts";
import { Durations } from "./durations.ts";
import { errorCode } from "../error-code.ts";
import type { Family } from "./metrics.ts";

/** What happened to one action on this node. */
class ActionMeter {
  readonly durations = Durations.ofWork();
  readonly errors = new Counts();
  /** For actions with a queue: calls that somebody waits for and whose turn has not come, and how many have it. */
  readonly waiting = new Set<Context>();
  running = 0;
  readonly hasQueue: boolean;

  constructor(hasQueue: boolean) {
    this.hasQueue = hasQueue;
  }
}

/**
 * Rate, errors and durations of the actions that this node's services run, time in their queues included. Answers from a
 * caller's own cache and from kept bytes reach no action.
 */
export class ActionMetrics {
  readonly #meters = new Map<string, ActionMeter>();

  /** @param contracts the actions that are measured: those of the shop, not the framework's own */
  constructor(contracts: readonly ServiceContract[]) {
    for (const { name, actions } of contracts)
      for (const [key, { bulkhead, turn }] of Object.entries(actions))
        this.#meters.set(`${name}.${key}`, new ActionMeter(bulkhead !== undefined || turn !== undefined));
  }

  /** Goes around everything else that is done for a call. */
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
            // It was refused, or whoever waited has given up.
            meter.waiting.delete(ctx);
            meter.durations.note(performance.now() - began);
          }
        };
      },
    };
  }

  /** Goes directly around the handlers of actions with a queue: what is there waits no more. */
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

  families(): Family[] {
    const name = "shop_action_duration_seconds";
    const used = () => [...this.#meters].filter(([, { durations }]) => durations.isUsed);
    const queued = () => [...this.#meters].filter(([, { hasQueue, durations, waiting, running }]) => hasQueue && (durations.isUsed || waiting.size + running > 0));
    return [
      {
        name,
        help: "Time that this node took for calls of its actions, queues included",
        type: "histogram",
        read: () => used().flatMap(([action, { durations }]) => durations.samples(name, { action })),
      },
      {
        name: "shop_action_errors_total",
        help: "Calls that ended with an error, by its code",
        type: "counter",
        read: () => used().flatMap(([action, { errors }]) => errors.samples("code", { action })),
      },
      {
        name: "shop_action_running",
        help: "Calls of actions with a queue, such as those that hash passwords, that are being worked on",
        type: "gauge",
        read: () => queued().map(([action, { running }]) => ({ labels: { action }, value: running })),
      },
      {
        name: "shop_action_waiting",
        help: "Calls of actions with a queue that wait for their turn",
        type: "gauge",
        read: () => queued().map(([action, { waiting }]) => ({ labels: { action }, value: waiting.size })),
      },
    ];
  }
}
