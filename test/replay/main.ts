import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { progressOn } from "./progress.ts";
import { ReplayError } from "./replay-error.ts";
import { formatReport } from "./report.ts";
import type { ReplayOptions } from "./run.ts";
import { replay } from "./run.ts";
import { OutcomeUnknown, ShopProblem } from "./shop-client.ts";

const usage = `Usage: npm run replay -- <file.csv> [options]

  --url URL                    the shop (http://localhost:3000)
  --limit N                    read at most so many lines
  --concurrency N              so many invoices at once (4)
  --admin-email E              (admin@shop.example)
  --admin-password P           or:
  --admin-password-file F      (data/administrator-password.txt)
`;

/** Exit status: 0 when everything agrees, 1 when there are differences, 2 when the replay could not be done. */
async function main(): Promise<number> {
  const options = await readArguments(process.argv.slice(2));
  if (!options) {
    process.stdout.write(usage);
    return 0;
  }
  const report = await replay(options, progressOn(process.stderr));
  process.stdout.write(`\n${formatReport(report)}`);
  return report.differences.length === 0 ? 0 : 1;
}

async function readArguments(args: readonly string[]): Promise<ReplayOptions | undefined> {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new ReplayError(`name one file to replay\n\n${usage}`);
  if (!URL.canParse(values.url)) throw new ReplayError(`--url ${values.url} is not a URL`);
  const limit = values.limit === undefined ? undefined : wholeNumber("--limit", values.limit, 1_000_000_000);
  const concurrency = wholeNumber("--concurrency", values.concurrency, 256);
  const password = values["admin-password"] ?? (await readPassword(values["admin-password-file"]));
  return { file, url: values.url, limit, concurrency, administrator: { email: values["admin-email"], password } };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: { type: "string", default: "http://localhost:3000" },
        limit: { type: "string" },
        concurrency: { type: "string", default: "4" },
        "admin-email": { type: "string", default: "admin@shop.example" },
        "admin-password": { type: "string" },
        "admin-password-file": { type: "string", default: "data/administrator-password.txt" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw new ReplayError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

async function readPassword(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch {
    throw new ReplayError(`no administrator's password: ${file} cannot be read; --admin-password-file names another`);
  }
}

function wholeNumber(name: string, text: string, max: number): number {
  const value = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= max) return value;
  throw new ReplayError(`${name} must be a whole number from 1 to ${max}`);
}

try {
  process.exitCode = await main();
} catch (error) {
  const expected = error instanceof ReplayError || error instanceof ShopProblem || error instanceof OutcomeUnknown;
  const text = error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`replay: ${text}\n`);
  process.exitCode = 2;
}
