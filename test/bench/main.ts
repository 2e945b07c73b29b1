import { loadavg } from "node:os";
import type { Given } from "../../mixins/support/command-line.ts";
import { wholeNumber } from "../../mixins/support/command-line.ts";
import { withBench } from "./bench.ts";
import type { MeasurementResult } from "./command.ts";
import { log, runMeasurement, some, thisMinute } from "./command.ts";
import { ensureTool } from "./load/wrk.ts";
import type { Report } from "./report/tables.ts";
import { asMarkdown, thisMachine } from "./report/tables.ts";
import type { WorkResult } from "./rounds.ts";
import { runWork } from "./rounds.ts";
import { shapes } from "./shop.ts";
import { measureAtScale } from "./scale/measure.ts";
import { scaleAsMarkdown } from "./scale/scale-table.ts";
import { sizeOfMerchants, sizes } from "./scale/sizes.ts";
import { scaleWorks } from "./scale/works.ts";
import { works } from "./works/index.ts";

const line = {
  name: "bench",
  about: "Measures the shop beside a hand-written program that does the same work on the same machine.",
  options: {
    shape: {
      type: "string",
      value: "S",
      default: "embedded",
      help: "embedded, cluster (a node for each service) or whole (one node with all services over the same servers)",
    },
    only: { type: "string", value: "A,B", help: `some of: ${works.map(({ name }) => name).join(", ")}` },
    seconds: { type: "string", value: "N", default: "3", help: "how long each measurement takes" },
    rounds: { type: "string", value: "N", default: "3", help: "how often each is made; the median counts" },
    json: { type: "string", value: "FILE", help: "writes all measurements" },
    profile: {
      type: "string",
      value: "DIR",
      help: "writes a .cpuprofile of each of the shop's processes, to be opened in Chrome or an editor",
    },
    docs: { type: "boolean", default: false, help: "puts the tables into docs/guides/benchmarks.md" },
    scale: {
      type: "boolean",
      default: false,
      help: "instead: what the same costs in a small, a large and a very large shop",
    },
    sizes: {
      type: "string",
      value: "A,B",
      help: `with --scale, some of: ${sizes.map(({ name }) => name).join(", ")}; all when absent, and compared with the first`,
    },
    merchants: {
      type: "string",
      value: "N,M",
      help: "with --scale, in place of --sizes: shops of 20,000 products that so many merchants sell",
    },
    directory: {
      type: "string",
      value: "D",
      help: "with --scale: keeps the filled shops, tens of gigabytes, for the next time",
    },
  },
  notes: `With --scale, --only takes some of: ${scaleWorks.map(({ name }) => name).join(", ")}.
It starts everything by itself, on ports of its own, in a temporary directory, and takes it away again.`,
} as const;

type Options = ReturnType<typeof read>;

async function besideTheFloor(options: Options, command: string): Promise<MeasurementResult> {
  const report = await measureAll(options, command);
  return { report, text: asMarkdown(report, works), guide: ["benchmarks.md", options.shape] };
}

async function atSeveralSizes(
  { atScale = [], ...options }: Options,
  command: string,
): Promise<MeasurementResult> {
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

/** @throws TypeError for unknown options */
function read(values: Given<typeof line.options>["values"]) {
  const shape = shapes.find((name) => name === values.shape);
  if (shape === undefined || (values.scale && shape === "whole"))
    throw new TypeError(`--shape must be ${values.scale ? "embedded or cluster" : shapes.join(" or ")}`);
  const [chosen, atScale] = values.scale
    ? [[], some("work", values.only, scaleWorks)]
    : [some("work", values.only, works), undefined];
  return {
    shape,
    chosen,
    /** Undefined unless shops of several sizes are compared. */
    atScale,
    sizes:
      values.merchants
        ?.split(",")
        .map((count) => sizeOfMerchants(wholeNumber("--merchants", count, 0, 20_000))) ??
      some("size", values.sizes, sizes),
    directory: values.directory,
    seconds: wholeNumber("--seconds", values.seconds, 1, 999),
    rounds: wholeNumber("--rounds", values.rounds, 1, 999),
    json: values.json,
    profile: values.profile,
    docs: values.docs,
  };
}

await runMeasurement({
  line,
  read,
  missingPrerequisite() {
    const missing = ensureTool("wrk");
    return missing === undefined ? undefined : `THE BENCHMARK CANNOT RUN: ${missing}`;
  },
  measure: (options, command) =>
    options.atScale ? atSeveralSizes(options, command) : besideTheFloor(options, command),
});
