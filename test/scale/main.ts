import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { StackError } from "../../deploy/local/stack.ts";
import { ensureTool } from "../bench/load/wrk.ts";
import { writeIntoGuide } from "../bench/report/guide.ts";
import { thisMachine } from "../bench/report/tables.ts";
import { whyNoShares } from "./cgroup.ts";
import { scaleWorks } from "./loads.ts";
import { withMachines } from "./machines.ts";
import type { Step } from "./measure.ts";
import { exercise, measureRest, measureStep } from "./measure.ts";
import { scaleTables } from "./report.ts";

const usage = `Usage: npm run scale -- [options]

  --machines N,N   how many machines, from few to many (1,2,4,8)
  --share P        what each machine may use, in percent of one processor (10)
  --only A,B       some of: ${scaleWorks.map(({ name }) => name).join(", ")}
  --seconds N      how long each measurement takes (8)
  --json FILE      writes all measurements
  --docs           puts the tables into docs/guides/scaling.md

A machine is a gateway, a catalog node and an orders node that share a part of a processor, which Linux sees to (control
groups; root). Servers, the other services and the clients have what is left. It starts everything by itself, on ports of
its own, in a temporary directory, and takes it away again.
`;

type Options = NonNullable<ReturnType<typeof readArguments>>;

/** Exit status: 0 when everything was measured, whatever came of it; 2 when it could not be. */
async function main(args: string[]): Promise<number> {
  const options = readArguments(args);
  if (!options) {
    process.stdout.write(usage);
    return 0;
  }
  const missing = whyNoShares() ?? ensureTool("wrk");
  if (missing !== undefined) {
    process.stderr.write(`\nSCALING CANNOT BE MEASURED HERE: ${missing}\n`);
    return 2;
  }
  const began = new Date().toISOString().slice(0, 16).replace("T", " ");
  const steps = await measureAll(options);
  const report = { command: ["npm run scale --", ...args].join(" ").trim(), began, computer: thisMachine(), share: options.share, steps };
  const text = scaleTables(report, scaleWorks);
  process.stdout.write(`\n${text}`);
  if (options.json !== undefined) await writeFile(options.json, JSON.stringify(report, null, 2));
  if (options.docs) await writeIntoGuide("scaling.md", "scale", text);
  return 0;
}

async function measureAll({ machines, share, works, seconds }: Options): Promise<Step[]> {
  const log = (line: string) => process.stderr.write(`${line}\n`);
  return withMachines({ share, most: Math.max(...machines), log }, async (shop) => {
    const steps: Step[] = [];
    for (const count of machines) {
      log(`${count} machine${count === 1 ? "" : "s"}`);
      await shop.growTo(count, () => exercise(works, shop, count));
      steps.push(await measureRest(shop, count));
      for (const work of works) {
        const step = await measureStep(work, shop, count, seconds);
        log(`  ${work.name}: ${step.perSecond.toFixed(1)} a second, ${step.failures} failures`);
        steps.push(step);
      }
    }
    return steps;
  });
}

/** @throws TypeError for what it does not know */
function readArguments(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      machines: { type: "string", default: "1,2,4,8" },
      share: { type: "string", default: "10" },
      only: { type: "string" },
      seconds: { type: "string", default: "8" },
      json: { type: "string" },
      docs: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  const machines = values.machines.split(",").map((text) => number("--machines", text, 20));
  if (machines.some((count, index) => count <= (machines[index - 1] ?? 0))) throw new TypeError("--machines must grow");
  const names = values.only?.split(",");
  const unknown = names?.find((name) => scaleWorks.every((work) => work.name !== name));
  if (unknown !== undefined) throw new TypeError(`no work is called ${unknown}: ${scaleWorks.map(({ name }) => name).join(", ")}`);
  return {
    machines,
    share: number("--share", values.share, 100) / 100,
    works: scaleWorks.filter(({ name }) => names?.includes(name) ?? true),
    seconds: number("--seconds", values.seconds, 600),
    json: values.json,
    docs: values.docs,
  };
}

function number(name: string, text: string, most: number): number {
  if (/^[1-9]\d{0,2}$/.test(text) && Number(text) <= most) return Number(text);
  throw new TypeError(`${name} must be whole numbers from 1 to ${most}`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const expected = error instanceof StackError || error instanceof TypeError;
  process.stderr.write(`scale: ${error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error)}\n`);
  process.exitCode = 2;
}
