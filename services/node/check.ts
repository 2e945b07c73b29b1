import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import { environmentWith, loadConfig } from "../../config/index.ts";
import { checkShop } from "./check/check-shop.ts";
import { reportText } from "./check/report.ts";

const usage = `Checks that the shop's data agree, while it runs or not; changes nothing.

  check [--json] [--settled] [--rows N] [--env-file FILE]

  --settled         demand that nothing is under way: no event waits, no lease is over
  --rows N          how many rows of each kind are named (default: 20)
  --json            the whole report as JSON
  --env-file FILE   the settings of the shop (default: STACK_DIR/stack.env, where there is one)

Exit code: 0 when they agree, 1 when they do not, 2 when it cannot be told.
`;

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: "boolean", default: false },
      settled: { type: "boolean", default: false },
      rows: { type: "string", default: "20" },
      "env-file": { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  if (!/^\d{1,6}$/.test(values.rows)) throw new TypeError("--rows must be a whole number");
  // As for any node, what the environment says itself counts more than the file; all services are looked at.
  const config = loadConfig({ ...(await settingsIn(values["env-file"])), ...environmentWith({ SERVICES: undefined }) });
  const report = await checkShop(config, { settled: values.settled, rows: Number(values.rows) });
  process.stdout.write(`${values.json ? JSON.stringify(report, undefined, 2) : reportText(report)}\n`);
  process.exitCode = report.ok ? 0 : 1;
}

/** Those of a stack on this machine, where there is one and no other file is named. */
async function settingsIn(file: string | undefined): Promise<NodeJS.Dict<string>> {
  const ofStack = join(environmentWith({})["STACK_DIR"] ?? ".stack", "stack.env");
  const text = file === undefined ? await readFile(ofStack, "utf8").catch(() => "") : await readFile(file, "utf8");
  return parseEnv(text);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`check: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
