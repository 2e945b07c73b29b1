import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { claimDirectory, inside } from "./directory.ts";
import { ownBirth, observe } from "./processes.ts";
import { StackError } from "./stack-error.ts";

const maxWaitMs = 300_000; // the other command may be installing packages

/**
 * Runs `work` with the directory locked; waits for the present holder. Each contender writes a file with its
 * pid and then steps back if another living one exists. A crashed holder does not block, since its file names
 * a dead process.
 */
export async function withLock<T>(
  given: string,
  options: { log: (line: string) => void; signal?: AbortSignal | undefined },
  work: (directory: string) => Promise<T>,
): Promise<T> {
  const giveUpAt = Date.now() + maxWaitMs;
  let announced = false;
  for (;;) {
    options.signal?.throwIfAborted();
    const directory = await claimDirectory(given);
    const mine = join(
      inside(directory).locks,
      `${process.pid}.${ownBirth()}.${randomBytes(4).toString("hex")}`,
    );
    const holder = await tryLock(inside(directory).locks, mine);
    if (holder === undefined) {
      try {
        // Again, because a purge may have removed the marker just before the lock was free.
        return await work(await claimDirectory(given));
      } finally {
        await rm(mine, { force: true });
      }
    }
    if (!announced)
      options.log(`Another stack command (pid ${holder}) has locked ${directory}: waiting for it`);
    announced = true;
    if (Date.now() > giveUpAt)
      throw new StackError(`Gave up waiting for the stack command with pid ${holder} in ${directory}`);
    await sleep(50 + Math.random() * 150);
  }
}

/** Creates the lock file and returns undefined, or removes it and returns the pid of a living holder. */
async function tryLock(locks: string, mine: string): Promise<number | undefined> {
  await mkdir(locks, { recursive: true });
  try {
    await writeFile(mine, "", { flag: "wx" });
  } catch (error) {
    // A purge removed the folder between the two steps: treat it as locked.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return process.pid;
    throw error;
  }
  for (const name of await readdir(locks)) {
    if (mine.endsWith(name)) continue;
    const [pid = "", birth] = name.split(".");
    if (observe(Number(pid))?.birth === birth) {
      await rm(mine, { force: true });
      return Number(pid);
    }
    await rm(join(locks, name), { force: true });
  }
  return undefined;
}
