import { parseArgs } from "node:util";
import { log, runMeasurement, some, thisMinute, wholeNumber } from "../bench/command.ts";
import { ensureTool } from "../bench/load/wrk.ts";
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

async function measureAll({ machines, share, works, seconds }: Options): Promise<Step[]> {
  return withMachines({ share, most: Math.max(...machines), log }, async (shop) => {
    const steps: Step[] = [];
    for (const count of machines) {
      log(`${count} machine${count === 1 ? "" : "s"}`);
      await shop.growTo(count, () => exercise(works, shop, count));
      for (const work of works) {
        const step = await measureStep(work, shop, count, seconds);
        log(`  ${work.name}: ${step.perSecond.toFixed(1)} a second, ${step.failures} failures`);
        steps.push(step);
      }
      steps.push(await measureRest(shop, count));
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
  const machines = values.machines.split(",").map((text) => wholeNumber("--machines", text, 20));
  if (machines.some((count, index) => count <= (machines[index - 1] ?? 0))) throw new TypeError("--machines must grow");
  return {
    machines,
    share: wholeNumber("--share", values.share, 100) / 100,
    works: some("work", values.only, scaleWorks),
    seconds: wholeNumber("--seconds", values.seconds, 600),
    json: values.json,
    docs: values.docs,
  };
}

await runMeasurement({
  name: "scale",
  usage,
  readArguments,
  obstacle() {
    const missing = whyNoShares() ?? ensureTool("wrk");
    return missing === undefined ? undefined : `SCALING CANNOT BE MEASURED HERE: ${missing}`;
  },
  async measure(options, command) {
    const began = thisMinute();
    const steps = await measureAll(options);
    const report = { command, began, computer: thisMachine(), share: options.share, steps };
    return { report, text: scaleTables(report, scaleWorks), guide: ["scaling.md", "scale"] };
  },
});
