import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { withBench } from "./bench.ts";
import type { Measured } from "./command.ts";
import { log, runMeasurement, some, thisMinute, wholeNumber } from "./command.ts";
import { ensureTool } from "./load/wrk.ts";
import type { Report } from "./report/tables.ts";
import { asMarkdown, thisMachine } from "./report/tables.ts";
import type { WorkResult } from "./rounds.ts";
import { runWork } from "./rounds.ts";
import { shapes } from "./shop.ts";
import { measureAtScale } from "./scale/measure.ts";
import { scaleAsMarkdown } from "./scale/scale-table.ts";
import { sizes } from "./scale/sizes.ts";
import { scaleWorks } from "./scale/works.ts";
import { works } from "./works/index.ts";

const usage = `Usage: npm run bench -- [options]

  --shape S     embedded (default), cluster (a node for each service) or whole (one node with all services over the same servers)
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

async function besideTheFloor(options: Options, command: string): Promise<Measured> {
  const report = await measureAll(options, command);
  return { report, text: asMarkdown(report, works), guide: ["benchmarks.md", options.shape] };
}

async function atSeveralSizes({ atScale = [], ...options }: Options, command: string): Promise<Measured> {
  const report = await measureAtScale({ ...options, works: atScale, command, log });
  return { report, text: scaleAsMarkdown(report), guide: ["benchmarks.md", `scale, ${options.shape}`] };
}

async function measureAll({ shape, chosen, profile, ...rounds }: Options, command: string): Promise<Report> {
  const [before = 0] = loadavg();
  const began = thisMinute();
  const results = await withBench({ shape, profileInto: profile, log }, async (bench) => {
    const done: WorkResult[] = [];
    for (const work of chosen) {
      log(`${work.name}: ${work.title}`);
      done.push(await runWork(work, bench, rounds));
    }
    return done;
  });
  const [after = 0] = loadavg();
  return { shape, command, began, machine: thisMachine(), load: [before, after], results };
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
  const shape = shapes.find((name) => name === values.shape);
  if (shape === undefined || (values.scale && shape === "whole")) throw new TypeError(`--shape must be ${values.scale ? "embedded or cluster" : shapes.join(" or ")}`);
  const [chosen, atScale] = values.scale ? [[], some("work", values.only, scaleWorks)] : [some("work", values.only, works), undefined];
  return {
    shape,
    chosen,
    /** Undefined unless shops of several sizes are to be compared. */
    atScale,
    sizes: some("size", values.sizes, sizes),
    directory: values.directory,
    seconds: wholeNumber("--seconds", values.seconds, 999),
    rounds: wholeNumber("--rounds", values.rounds, 999),
    json: values.json,
    profile: values.profile,
    docs: values.docs,
  };
}

await runMeasurement({
  name: "bench",
  usage,
  readArguments,
  obstacle() {
    const missing = ensureTool("wrk");
    return missing === undefined ? undefined : `THE BENCHMARK CANNOT RUN: ${missing}`;
  },
  measure: (options, command) => (options.atScale ? atSeveralSizes(options, command) : besideTheFloor(options, command)),
});
