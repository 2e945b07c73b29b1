import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Config } from "../../config/index.ts";
import { newId } from "../../services/contract/ids.ts";
import type { Target } from "./processes.ts";
import { startProgram } from "./processes.ts";

/** What the shop is compared with. */

const program = (name: string) => fileURLToPath(new URL(`floor/${name}.ts`, import.meta.url));
const firstUrl = /^(http:\S+)$/;

/** The hand-written program on the stack's primary. */
export async function startFloor({ database }: Config, servers: ReadonlyMap<string, number>): Promise<Target> {
  if (database.engine !== "mysql") throw new Error("the floor's data is on the stack's primary");
  const login = { ...database.primary, ...database.migration, database: database.schema("orders") };
  const target = await startProgram("floor", { args: [program("floor"), "--database", JSON.stringify(login)] }, firstUrl);
  return { ...target, processes: new Map([...target.processes, ...servers]) };
}

/** A bare `node:http` server that answers everything with these bytes. */
export async function startBare(directory: string, bytes: Buffer): Promise<Target> {
  const file = join(directory, `bare-${newId()}.json`);
  await writeFile(file, bytes);
  return startProgram("node:http", { args: [program("bare"), file] }, firstUrl);
}

export const argonProgram = program("argon");
