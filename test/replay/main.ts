import { readFile } from "node:fs/promises";
import { readCommandLine, wholeNumber } from "../../mixins/support/command-line.ts";
import { progressOn } from "./progress.ts";
import { ReplayError } from "./replay-error.ts";
import { formatReport } from "./report.ts";
import type { ReplayOptions } from "./run.ts";
import { replay } from "./run.ts";
import { OutcomeUnknown, ShopProblem } from "./shop-client.ts";

const line = {
  name: "replay",
  about: "Replays a CSV of invoices as REST calls to a shop, and compares what both say.",
  positionals: "<file.csv>",
  options: {
    url: { type: "string", value: "URL", default: "http://localhost:3000", help: "the shop" },
    limit: { type: "string", value: "N", help: "read at most so many lines" },
    concurrency: { type: "string", value: "N", default: "4", help: "so many invoices at once" },
    "admin-email": { type: "string", value: "E", default: "admin@shop.example", help: "the administrator" },
    "admin-password": { type: "string", value: "P", help: "the administrator's password, or:" },
    "admin-password-file": {
      type: "string",
      value: "F",
      default: "data/administrator-password.txt",
      help: "the file that holds it",
    },
  },
  notes:
    "Exit status: 0 when everything agrees, 1 when there are differences, 2 when the replay could not be done.",
} as const;

async function main(): Promise<number> {
  const options = await readCommandLine(line, async (values, [file, ...more]): Promise<ReplayOptions> => {
    if (more[0] !== undefined) throw new TypeError(`Unexpected argument '${more[0]}'`);
    if (file === undefined) throw new TypeError("name one file to replay");
    if (!URL.canParse(values.url)) throw new TypeError(`--url ${values.url} is not a URL`);
    const limit =
      values.limit === undefined ? undefined : wholeNumber("--limit", values.limit, 1, 1_000_000_000);
    const concurrency = wholeNumber("--concurrency", values.concurrency, 1, 256);
    const password = values["admin-password"] ?? (await readPassword(values["admin-password-file"]));
    return {
      file,
      url: values.url,
      limit,
      concurrency,
      administrator: { email: values["admin-email"], password },
    };
  });
  const report = await replay(options, progressOn(process.stderr));
  process.stdout.write(`\n${formatReport(report)}`);
  return report.differences.length === 0 ? 0 : 1;
}

async function readPassword(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch {
    throw new ReplayError(
      `no administrator's password: ${file} cannot be read; --admin-password-file names another`,
    );
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  const expected =
    error instanceof ReplayError || error instanceof ShopProblem || error instanceof OutcomeUnknown;
  const text =
    error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`replay: ${text}\n`);
  process.exitCode = 2;
}
