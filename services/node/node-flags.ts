import { fileURLToPath } from "node:url";

/**
 * V8 memory flags of a node; reasons and figures: docs/decisions/0031-semi-space-size-and-idle-gc.md. V8 reads
 * them at start only, so package.json and `deploy/` repeat them. Without them a node works but uses more memory.
 */
export const memoryFlags: readonly string[] = [
  // Collect the young generation at 8 MB instead of up to 64.
  "--max-semi-space-size=8",
  // Lets an idle node collect garbage; see release-idle-memory.ts.
  "--expose-gc",
];

/** Node arguments that start a shop node; service names may follow. */
export const nodeArguments: readonly string[] = [
  ...memoryFlags,
  fileURLToPath(new URL("main.js", import.meta.url)),
];
