import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { environmentWith, loadConfig } from "../../config/index.ts";
import { verifyShop } from "./verify/verify-shop.ts";
import { reportText } from "./verify/report.ts";
import { readCommandLine } from "../../mixins/support/command-line.ts";

const line = {
  name: "verify",
  about: "Verifies the consistency of the shop's data, online or offline; read-only.",
  options: {
    settled: {
      type: "boolean",
      default: false,
      help: "require a settled shop: no pending event, no expired lease",
    },
    rows: { type: "string", value: "N", default: "20", help: "rows reported per invariant" },
    json: { type: "boolean", default: false, help: "the whole report as JSON" },
    "env-file": {
      type: "string",
      value: "FILE",
      help: "the settings of the shop (default: STACK_DIR/stack.env, if it exists)",
    },
  },
  notes: "Exit code: 0 when consistent, 1 when not, 2 when verification failed.",
} as const;

async function main(): Promise<void> {
  const values = await readCommandLine(line, (given) => {
    if (!/^\d{1,6}$/.test(given.rows)) throw new TypeError("--rows must be a whole number");
    return given;
  });
  // The environment overrides the file, as for any node. Covers all services.
  const config = loadConfig({
    ...(await settingsIn(values["env-file"])),
    ...environmentWith({ SERVICES: undefined }),
  });
  const report = await verifyShop(config, { settled: values.settled, rows: Number(values.rows) });
  process.stdout.write(`${values.json ? JSON.stringify(report, undefined, 2) : reportText(report)}\n`);
  process.exitCode = report.ok ? 0 : 1;
}

/** The settings file: the given one, or that of a local stack, if it exists. */
async function settingsIn(file: string | undefined): Promise<NodeJS.Dict<string>> {
  const ofStack = join(environmentWith({})["STACK_DIR"] ?? ".stack", "stack.env");
  const text =
    file === undefined ? await readFile(ofStack, "utf8").catch(() => "") : await readFile(file, "utf8");
  return parseEnv(text);
}

main().catch((error: unknown) => {
  process.stderr.write(`verify: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
