import { availableParallelism } from "node:os";
import type { FairQueueName, WeightClass } from "../contract/contract.ts";
import type { FairQueueRules } from "./fair-queue.ts";

/** Concurrency and weights by kind of work. */
export const fairQueueRules = {
  hashing: {
    // More threads would only compete for the CPU, and each hash allocates its own memory.
    concurrency: Math.min(2, availableParallelism()),
    // Under full load, returning users get two thirds of the capacity.
    weights: { returning: 8, "sign-in": 3, other: 1 },
  },
} as const satisfies Readonly<Record<FairQueueName, FairQueueRules<WeightClass>>>;
