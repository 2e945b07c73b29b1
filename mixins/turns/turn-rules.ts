import { availableParallelism } from "node:os";
import type { TurnKind, TurnLane } from "../../services/contract/contract.ts";
import type { TurnRules } from "./turns.ts";

/** How work takes turns on a node, by what it takes of it. */
export const turnRules = {
  hashing: {
    // More at once would only take the processor from each other, and each takes the memory of its hash.
    concurrency: Math.min(2, availableParallelism()),
    // Those who were here before get two of three turns while everybody wants one.
    shares: { familiar: 8, "sign-in": 3, other: 1 },
  },
} as const satisfies Readonly<Record<TurnKind, TurnRules<TurnLane>>>;
