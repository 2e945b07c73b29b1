import { fileURLToPath } from "node:url";

/**
 * How much memory a node may leave lying about; docs/decisions/0031-a-small-heap.md has the reasons and figures. package.json
 * and the files in `deploy/` say the same, as V8 takes this only when it starts. A node that is started without works,
 * and takes up more.
 */
export const memoryFlags: readonly string[] = [
  // What is new is collected when there are 8 MB of it, not up to 64.
  "--max-semi-space-size=8",
  // Lets a node that rests collect what it has left; see give-back-at-rest.ts.
  "--expose-gc",
];

/** What Node is started with to be a node of the shop; services may follow. */
export const startCommand: readonly string[] = [...memoryFlags, fileURLToPath(new URL("main.js", import.meta.url))];
