import type { ActionHandler, ActionSchema, Context, Middleware } from "moleculer";
import type { ServiceContract, FairQueueName, WeightClass } from "../contract/contract.ts";
import { actionsByName } from "../contract/registry.ts";
import type { ShopMeta } from "../service/action-runtime.ts";
import { remainingTime } from "../service/deadline.ts";
import { fairQueueRules } from "./fair-queue-rules.ts";
import { FairQueue } from "./fair-queue.ts";

/** Runs work of one call when the queue admits it. */
type Admit = <T>(ctx: Context<unknown, ShopMeta>, work: () => Promise<T>) => Promise<T>;

/** Queues calls of the actions whose contracts bound their concurrency: in a queue of their own or of their resource. */
export function fairQueueMiddleware(contracts: readonly ServiceContract[]): Middleware {
  const shared: Readonly<Record<FairQueueName, FairQueue<WeightClass>>> = {
    hashing: new FairQueue<WeightClass>(fairQueueRules.hashing),
  };
  const admits = new Map<string, Admit>();
  for (const [name, { fairQueue }] of actionsByName(contracts))
    if (fairQueue)
      admits.set(
        name,
        "name" in fairQueue ? byWeight(shared[fairQueue.name], fairQueue.weightClass) : inOrder(fairQueue),
      );
  return {
    name: "FairQueue",
    localAction(next: ActionHandler, action: ActionSchema): ActionHandler {
      const admit = admits.get(action.name ?? "");
      if (!admit) return next;
      return async function queued(ctx: Context<unknown, ShopMeta>) {
        return admit(ctx, async () => next.call(this, ctx) as Promise<unknown>);
      } as ActionHandler;
    },
  };
}

function byWeight(queue: FairQueue<WeightClass>, declared: WeightClass): Admit {
  return (ctx, work) => {
    const { caller, returning = false } = ctx.meta;
    const weightClass = returning || caller?.kind === "user" ? "returning" : declared;
    return queue.run(weightClass, remainingTime(ctx), work);
  };
}

function inOrder(rules: { readonly concurrency: number; readonly maxWaiting: number }): Admit {
  const queue = new FairQueue({ ...rules, weights: { all: 1 } });
  return (ctx, work) => queue.run("all", remainingTime(ctx), work);
}
