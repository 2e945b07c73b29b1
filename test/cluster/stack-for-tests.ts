import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentWith, loadConfig } from "../../config/index.ts";
import type { Stack } from "../../deploy/local/stack.ts";
import { startStack, stopStack } from "../../deploy/local/stack.ts";
import { migrateUp } from "../../services/operations/migrate.ts";
import { emptyCluster } from "../support/cluster-shape.ts";

/** Directory of a stack that one file after another uses; undefined: each starts its own. */
const shared = () => environmentWith({})["SHOP_TEST_STACK"];

/** Servers with migrated, empty databases, empty queues and an empty Redis. All of them run. */
export async function takeStack(): Promise<Stack> {
  const directory = shared() ?? (await mkdtemp(join(tmpdir(), "cluster-test-stack-")));
  try {
    const stack = await startStack({ directory, fast: true, yes: true });
    const config = loadConfig({ ...stack.environment });
    await migrateUp(config, () => undefined);
    if (shared()) await emptyCluster(config);
    return stack;
  } catch (error) {
    await giveBack({ directory });
    throw error;
  }
}

/** Stops the servers, unless the next file uses them. */
export async function giveBack(stack: Pick<Stack, "directory"> | undefined): Promise<void> {
  if (stack && stack.directory !== shared()) await stopStack({ directory: stack.directory, purge: true });
}
