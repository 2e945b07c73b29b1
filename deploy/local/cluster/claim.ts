import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { inside } from "../directory.ts";
import { withLock } from "../lock.ts";
import { isAlive, ownBirth, readPidFile, removePidFile } from "../processes.ts";
import { StackError } from "../stack-error.ts";

/**
 * Makes this process the supervisor of a stack's nodes.
 *
 * @returns a function that ends the claim
 * @throws StackError when another living process has it
 */
export async function claimSupervision(
  given: string,
  options: { log: (line: string) => void; signal?: AbortSignal | undefined },
): Promise<() => void> {
  return withLock(given, options, async (directory) => {
    const pidFile = inside(directory).pidFile("cluster");
    const other = readPidFile(pidFile);
    if (isAlive(other))
      throw new StackError(
        `A cluster is running in ${directory} already (pid ${other.pid}); more nodes join it with npm run node`,
      );
    await mkdir(dirname(pidFile), { recursive: true });
    const self = { pid: process.pid, birth: ownBirth(), startedAt: new Date().toISOString() };
    await writeFile(pidFile, JSON.stringify(self));
    return () => removePidFile(pidFile);
  });
}
