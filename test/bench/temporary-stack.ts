import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack } from "../../deploy/local/stack.ts";
import { startStack, stopStack } from "../../deploy/local/stack.ts";

/** Starts servers in a new directory; `undo` stops them and removes it. */
export async function temporaryStack(
  prefix: string,
  undo: AsyncDisposableStack,
  log: (line: string) => void,
): Promise<{ readonly directory: string; readonly stack: Stack }> {
  const directory = await mkdtemp(join(tmpdir(), prefix));
  undo.defer(() => rm(directory, { recursive: true, force: true }));
  const stackDirectory = join(directory, "stack");
  log("Starting servers (durable: a commit is on the disk before it is answered)");
  const stack = await startStack({ directory: stackDirectory, yes: true });
  undo.defer(() => stopStack({ directory: stackDirectory, purge: true }));
  return { directory, stack };
}
