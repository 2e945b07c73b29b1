import { chmod, mkdir, readdir, realpath, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { callerEnvironment } from "./caller-environment.ts";
import { StackError } from "./stack-error.ts";

const projectDirectory = fileURLToPath(new URL("../../", import.meta.url));
const marker = ".shopserver-stack";
const lockDirectory = "locks";

/** The stack's data directory: the given one, else `STACK_DIR`, else `.stack` in the project. Absolute. */
export function stackDirectory(given?: string): string {
  return resolve(given ?? callerEnvironment().STACK_DIR ?? join(projectDirectory, ".stack"));
}

/** True when a stack created this directory; the stack writes to and removes only such directories. */
export async function isStackDirectory(directory: string): Promise<boolean> {
  return exists(join(directory, marker));
}

/**
 * Creates the directory, mode 0700, or takes an empty one, and marks it as a stack's. Returns its real path,
 * so that two spellings of one directory are one stack. Throws when it contains foreign files.
 */
export async function claimDirectory(given: string): Promise<string> {
  await mkdir(given, { recursive: true, mode: 0o700 });
  const directory = await realpath(given);
  if (await isStackDirectory(directory)) return directory;
  const strangers = (await readdir(directory)).filter((name) => name !== lockDirectory && name !== marker);
  if (strangers.length > 0) {
    throw new StackError(
      `${directory} is not empty and was not made by a stack: it is left alone (choose another with --directory)`,
    );
  }
  await chmod(directory, 0o700);
  await writeFile(
    join(directory, marker),
    "Made by ShopServer's local stack; `stack down --purge` removes this directory.\n",
  );
  return directory;
}

/** Removes all content except the locks, which the caller still holds; then call `removeEmptyDirectory`. */
export async function emptyDirectory(directory: string): Promise<void> {
  if (!(await isStackDirectory(directory))) {
    throw new StackError(`${directory} was not made by a stack: nothing is removed`);
  }
  // The marker is removed last, so that an interrupted purge can be repeated.
  const names = (await readdir(directory)).filter((name) => name !== lockDirectory && name !== marker);
  await Promise.all(
    names.map((name) => rm(join(directory, name), { recursive: true, force: true, maxRetries: 3 })),
  );
  await rm(join(directory, marker));
}

/** Removes an emptied directory, unless another command uses it again. */
export async function removeEmptyDirectory(directory: string): Promise<void> {
  await rmdir(join(directory, lockDirectory)).catch(() => undefined);
  await rmdir(directory).catch(() => undefined);
}

/** Paths inside a stack's directory. */
export const inside = (directory: string) => ({
  state: join(directory, "state.json"),
  environment: join(directory, "stack.env"),
  locks: join(directory, lockDirectory),
  logs: join(directory, "logs"),
  log: (name: string) => join(directory, "logs", `${name}.log`),
  pidFile: (name: string) => join(directory, "pids", `${name}.json`),
  home: (name: string) => join(directory, name),
});

/** True when the path exists. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
