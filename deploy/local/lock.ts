import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { claimDirectory, inside } from "./directory.ts";
import { ownBirth, observe } from "./processes.ts";
import { StackError } from "./stack-error.ts";

const longestWaitMs = 300_000; // the other command may be installing packages

/**
 * Runs `work` while no other process works on this directory, and waits for the one that does.
 * Each contender writes a file named after itself and then looks for others: whoever sees another living one steps back.
 * A killed holder blocks nobody, since its name tells that its process is gone.
 */
export async function withLock<T>(given: string, options: { log: (line: string) => void; signal?: AbortSignal | undefined }, work: (directory: string) => Promise<T>): Promise<T> {
  const giveUpAt = Date.now() + longestWaitMs;
  let told = false;
  for (;;) {
    options.signal?.throwIfAborted();
    const directory = await claimDirectory(given);
    const mine = join(inside(directory).locks, `${process.pid}.${ownBirth()}.${randomBytes(4).toString("hex")}`);
    const holder = await enter(inside(directory).locks, mine);
    if (holder === undefined) {
      try {
        // Again, because a purge may have taken the marker away just before the lock was free.
        return await work(await claimDirectory(given));
      } finally {
        await rm(mine, { force: true });
      }
    }
    if (!told) options.log(`Another stack command (pid ${holder}) is at work in ${directory}: waiting for it`);
    told = true;
    if (Date.now() > giveUpAt) throw new StackError(`Gave up waiting for the stack command with pid ${holder} in ${directory}`);
    await sleep(50 + Math.random() * 150);
  }
}

/** Puts the file there and returns undefined, or takes it back and returns the pid of a living other. */
async function enter(locks: string, mine: string): Promise<number | undefined> {
  await mkdir(locks, { recursive: true });
  try {
    await writeFile(mine, "", { flag: "wx" });
  } catch (error) {
    // A purge removed the folder between the two steps: as good as busy.
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
