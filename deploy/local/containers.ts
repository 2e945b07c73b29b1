import { execFileSync, spawn } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { databasePasswordKey } from "../../config/env.ts";
import { environmentWith, installedServiceNames } from "../../config/index.ts";
import { claimDirectory, emptyDirectory, inside, removeEmptyDirectory } from "./directory.ts";
import { StackError } from "./stack-error.ts";
import { writePrivately } from "./state.ts";

/** The same servers in containers, for machines with Docker where they cannot be installed. */

const composeFile = fileURLToPath(new URL("compose.yaml", import.meta.url));
const passwordFile = (directory: string) => join(directory, "container-password");

/** True when a Docker engine responds. */
export function dockerWorks(): boolean {
  try {
    execFileSync("docker", ["info"], { stdio: "ignore", timeout: 5_000 });
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts the containers, sets up accounts and replication, and writes `stack.env`. Idempotent: starts stopped
 * ones.
 *
 * @returns the file with the shop's settings
 */
export async function containersUp(givenDirectory: string): Promise<string> {
  const directory = await claimDirectory(givenDirectory);
  const known = await containerPassword(directory);
  const password = known ?? randomBytes(16).toString("hex");
  if (known === undefined) await writePrivately(passwordFile(directory), password);
  await compose(password, ["up", "--detach", "--wait"]);
  const { environment } = inside(directory);
  // Written last, so that an interrupted start is set up again.
  if (await readFile(environment).catch(() => undefined)) return environment;
  await compose(password, ["run", "--rm", "setup"]);
  const lines = Object.entries(settings(password)).map(([name, value]) => `${name}=${value}\n`);
  await writePrivately(environment, lines.join(""));
  return environment;
}

/** Shows the containers of a directory's stack. */
export async function containersStatus(directory: string): Promise<void> {
  await compose((await containerPassword(directory)) ?? "", ["ps"]);
}

/** Stops the containers of a directory's stack; `purge` removes their data too. */
export async function containersDown(directory: string, purge: boolean): Promise<void> {
  await compose((await containerPassword(directory)) ?? "", ["down", ...(purge ? ["--volumes"] : [])]);
  if (!purge) return;
  await emptyDirectory(directory);
  await removeEmptyDirectory(directory);
}

/** Password of this directory's containers; undefined when none are running. */
export async function containerPassword(directory: string): Promise<string | undefined> {
  return readFile(passwordFile(directory), "utf8").catch(() => undefined);
}

async function compose(password: string, command: readonly string[]): Promise<void> {
  const docker = spawn("docker", ["compose", "--file", composeFile, ...command], {
    // Docker's output is progress, not the result.
    stdio: ["ignore", 2, 2],
    env: environmentWith({ STACK_PASSWORD: password }),
  });
  const [code] = (await once(docker, "exit")) as [number | null];
  if (code !== 0) throw new StackError(`docker compose ${command.join(" ")} failed (exit code ${code})`);
}

/** Documented at the top of compose.yaml. */
function settings(password: string): Record<string, string> {
  return {
    SHOP_SHAPE: "cluster",
    AMQP_URL: `amqp://shop:${password}@127.0.0.1:30672`,
    REDIS_URL: `redis://:${password}@127.0.0.1:30379`,
    DATABASE_PRIMARY: "127.0.0.1:30306",
    DATABASE_REPLICAS: "127.0.0.1:30307,127.0.0.1:30308",
    ...Object.fromEntries(installedServiceNames().map((name) => [databasePasswordKey(name), password])),
    AUDIT_KEY: createHmac("sha256", password).update("AUDIT_KEY").digest("base64url"),
    SECRETS_KEY: `stack:${createHmac("sha256", password).update("SECRETS_KEY").digest("base64url")}`,
    DATABASE_MIGRATION_USER: "shop_migrate",
    DATABASE_MIGRATION_PASSWORD: password,
  };
}
