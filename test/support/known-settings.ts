import { readFileSync } from "node:fs";
import { databasePasswordKey } from "../../config/env.ts";
import { dataServices } from "./data-services.ts";

const declared = readFileSync(new URL("../../config/env.ts", import.meta.url), "utf8").matchAll(
  /^ {2}([A-Z_]+):/gm,
);

/** The names of all settings of this project's shop. */
export const knownSettings: ReadonlySet<string> = new Set([
  ...[...declared].map(([, key = ""]) => key),
  ...dataServices.map(databasePasswordKey),
]);
