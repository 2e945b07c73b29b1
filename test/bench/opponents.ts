import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Config } from "../../config/index.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Target } from "./processes.ts";
import { startProgram } from "./processes.ts";

/** Baselines of the comparison. */

const program = (name: string) => fileURLToPath(new URL(`floor/${name}.ts`, import.meta.url));
const firstUrl = /^(http:\S+)$/;

/** The hand-written program on the stack's primary. */
export async function startFloor(
  { database }: Config,
  servers: ReadonlyMap<string, number>,
): Promise<Target> {
  if (database.engine !== "mysql") throw new Error("the floor's data is on the stack's primary");
  const login = { ...database.primary, ...database.migration, database: database.schema("orders") };
  const target = await startProgram(
    "floor",
    { args: [program("floor"), "--database", JSON.stringify(login)] },
    firstUrl,
  );
  return { ...target, processes: new Map([...target.processes, ...servers]) };
}

/**
 * The same without the binary log, which the embedded shape lacks too: one fsync per commit instead of two.
 *
 * @param password of the stack's administrator
 */
export async function startFloorWithoutBinlog(
  { database }: Config,
  password: string,
  servers: ReadonlyMap<string, number>,
): Promise<Target> {
  if (database.engine !== "mysql") throw new Error("the floor's data is on the stack's primary");
  const login = { ...database.primary, user: "shop_admin", password, database: database.schema("orders") };
  const args = [program("floor"), "--no-binlog", "--database", JSON.stringify(login)];
  const target = await startProgram("floor without binlog", { args }, firstUrl);
  return { ...target, processes: new Map([...target.processes, ...servers]) };
}

/** A bare `node:http` server that responds with these bytes. */
export async function startBare(directory: string, bytes: Buffer): Promise<Target> {
  const file = join(directory, `bare-${newId()}.json`);
  await writeFile(file, bytes);
  return startProgram("node:http", { args: [program("bare"), file] }, firstUrl);
}

export const argonProgram = program("argon");
