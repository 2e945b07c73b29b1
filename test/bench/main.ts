import { loadavg } from "node:os";
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { StackError } from "../../deploy/local/stack.ts";
import { withBench } from "./bench.ts";
import { ensureTool } from "./load/wrk.ts";
import { writeIntoGuide } from "./report/guide.ts";
import type { Report } from "./report/tables.ts";
import { asMarkdown, thisMachine } from "./report/tables.ts";
import type { WorkResult } from "./rounds.ts";
import { runWork } from "./rounds.ts";
import type { Shape } from "./shop.ts";
import { works } from "./works/index.ts";

const usage = `Usage: npm run bench -- [options]

  --shape S     embedded (default) or cluster
  --only A,B    some of: ${works.map(({ name }) => name).join(", ")}
  --seconds N   how long each measurement takes (3)
  --rounds N    how often each is made; the median counts (3)
  --json FILE   writes all measurements
  --profile DIR writes a .cpuprofile of each of the shop's processes, to be opened in Chrome or an editor
  --docs        puts the tables into docs/guides/benchmarks.md

It starts everything by itself, on ports of its own, in a temporary directory, and takes it away again.
`;

type Options = NonNullable<ReturnType<typeof readArguments>>;

/** Exit status: 0 when everything was measured, whatever came of it; 2 when it could not be. */
async function main(args: string[]): Promise<number> {
  const options = readArguments(args);
  if (!options) {
    process.stdout.write(usage);
    return 0;
  }
  const missing = ensureTool("wrk");
  if (missing !== undefined) {
    process.stderr.write(`\nTHE BENCHMARK CANNOT RUN: ${missing}\n`);
    return 2;
  }
  const report = await measureAll(options, args);
  const text = asMarkdown(report, works);
  process.stdout.write(`\n${text}`);
  if (options.json !== undefined) await writeFile(options.json, JSON.stringify(report, null, 2));
  if (options.docs) await writeIntoGuide(options.shape, text);
  return 0;
}

async function measureAll({ shape, chosen, profile, ...rounds }: Options, args: readonly string[]): Promise<Report> {
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const [before = 0] = loadavg();
  const began = new Date().toISOString().slice(0, 16).replace("T", " ");
  const results = await withBench({ shape, profileInto: profile, log }, async (bench) => {
    const done: WorkResult[] = [];
    for (const work of chosen) {
      log(`${work.name}: ${work.title}`);
      done.push(await runWork(work, bench, rounds));
    }
    return done;
  });
  const [after = 0] = loadavg();
  return { shape, command: ["npm run bench --", ...args].join(" ").trim(), began, machine: thisMachine(), load: [before, after], results };
}

/** @throws TypeError for what it does not know */
function readArguments(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      shape: { type: "string", default: "embedded" },
      only: { type: "string" },
      seconds: { type: "string", default: "3" },
      rounds: { type: "string", default: "3" },
      json: { type: "string" },
      profile: { type: "string" },
      docs: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  const shape = values.shape as Shape;
  if (shape !== "embedded" && shape !== "cluster") throw new TypeError("--shape must be embedded or cluster");
  const names = values.only?.split(",");
  const unknown = names?.find((name) => works.every((work) => work.name !== name));
  if (unknown !== undefined) throw new TypeError(`no work is called ${unknown}: ${works.map(({ name }) => name).join(", ")}`);
  return {
    shape,
    chosen: works.filter((work) => (names?.includes(work.name) ?? true) && work.shapes.includes(shape)),
    seconds: number("--seconds", values.seconds),
    rounds: number("--rounds", values.rounds),
    json: values.json,
    profile: values.profile,
    docs: values.docs,
  };
}

function number(name: string, text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new TypeError(`${name} must be a number from 1 to 999`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const expected = error instanceof StackError || error instanceof TypeError;
  process.stderr.write(`bench: ${error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error)}\n`);
  process.exitCode = 2;
}
