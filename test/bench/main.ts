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
import { measureAtScale } from "./scale/measure.ts";
import { scaleAsMarkdown } from "./scale/scale-table.ts";
import { sizes } from "./scale/sizes.ts";
import { scaleWorks } from "./scale/works.ts";
import { works } from "./works/index.ts";

const usage = `Usage: npm run bench -- [options]

  --shape S     embedded (default) or cluster
  --only A,B    some of: ${works.map(({ name }) => name).join(", ")}
  --seconds N   how long each measurement takes (3)
  --rounds N    how often each is made; the median counts (3)
  --json FILE   writes all measurements
  --profile DIR writes a .cpuprofile of each of the shop's processes, to be opened in Chrome or an editor
  --docs        puts the tables into docs/guides/benchmarks.md

  --scale       instead: what the same costs in a small, a large and a very large shop; --only has other names then
  --sizes A,B   some of: ${sizes.map(({ name }) => name).join(", ")}; all when absent, and compared with the first
  --directory D keeps the filled shops, tens of gigabytes, for the next time

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
  const [report, text] = options.atScale ? await scaleReport(options, args) : await floorReport(options, args);
  process.stdout.write(`\n${text}`);
  if (options.json !== undefined) await writeFile(options.json, JSON.stringify(report, null, 2));
  if (options.docs) await writeIntoGuide("benchmarks.md", `${options.atScale ? "scale, " : ""}${options.shape}`, text);
  return 0;
}

const log = (line: string) => process.stderr.write(`${line}\n`);
const commandOf = (args: readonly string[]) => ["npm run bench --", ...args].join(" ").trim();

async function floorReport(options: Options, args: readonly string[]): Promise<[report: object, text: string]> {
  const report = await measureAll(options, args);
  return [report, asMarkdown(report, works)];
}

async function scaleReport({ atScale = [], ...options }: Options, args: readonly string[]): Promise<[report: object, text: string]> {
  const report = await measureAtScale({ ...options, works: atScale, command: commandOf(args), log });
  return [report, scaleAsMarkdown(report)];
}

async function measureAll({ shape, chosen, profile, ...rounds }: Options, args: readonly string[]): Promise<Report> {
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
  return { shape, command: commandOf(args), began, machine: thisMachine(), load: [before, after], results };
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
      scale: { type: "boolean", default: false },
      sizes: { type: "string" },
      directory: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  const shape = values.shape as Shape;
  if (shape !== "embedded" && shape !== "cluster") throw new TypeError("--shape must be embedded or cluster");
  const [onlyWorks, onlyAtScale] = values.scale ? [[], some("work", values.only, scaleWorks)] : [some("work", values.only, works), undefined];
  return {
    shape,
    chosen: onlyWorks.filter((work) => work.shapes.includes(shape)),
    /** Undefined unless shops of several sizes are to be compared. */
    atScale: onlyAtScale,
    sizes: some("size", values.sizes, sizes),
    directory: values.directory,
    seconds: number("--seconds", values.seconds),
    rounds: number("--rounds", values.rounds),
    json: values.json,
    profile: values.profile,
    docs: values.docs,
  };
}

function some<T extends { readonly name: string }>(what: string, text: string | undefined, all: readonly T[]): readonly T[] {
  const names = text?.split(",") ?? all.map(({ name }) => name);
  const unknown = names.find((name) => all.every((each) => each.name !== name));
  if (unknown !== undefined) throw new TypeError(`no ${what} is called ${unknown}: ${all.map(({ name }) => name).join(", ")}`);
  return all.filter(({ name }) => names.includes(name));
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
