import type { Given } from "../../mixins/support/command-line.ts";
import { wholeNumber } from "../../mixins/support/command-line.ts";
import { log, runMeasurement, some, thisMinute } from "../bench/command.ts";
import { ensureTool } from "../bench/load/wrk.ts";
import { thisMachine } from "../bench/report/tables.ts";
import { missingCgroupSupport } from "./cgroup.ts";
import { scaleWorks } from "./loads.ts";
import { withMachines } from "./machines.ts";
import type { Step } from "./measure.ts";
import { exercise, measureRest, measureStep } from "./measure.ts";
import { scaleTables } from "./report.ts";

const line = {
  name: "scale",
  about: "Measures what more machines gain.",
  options: {
    machines: {
      type: "string",
      value: "N,N",
      default: "1,2,4,8",
      help: "how many machines, from few to many",
    },
    share: {
      type: "string",
      value: "P",
      default: "10",
      help: "what each machine may use, in percent of one processor",
    },
    only: { type: "string", value: "A,B", help: `some of: ${scaleWorks.map(({ name }) => name).join(", ")}` },
    seconds: { type: "string", value: "N", default: "8", help: "how long each measurement takes" },
    json: { type: "string", value: "FILE", help: "writes all measurements" },
    docs: { type: "boolean", default: false, help: "puts the tables into docs/guides/scaling.md" },
  },
  notes: `A machine is a gateway, a catalog node and an orders node that share a part of a processor, which Linux sees to (control
groups; root). Servers, the other services and the clients have what is left. It starts everything by itself, on ports of
its own, in a temporary directory, and takes it away again.`,
} as const;

type Options = ReturnType<typeof read>;

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

/** @throws TypeError for unknown options */
function read(values: Given<typeof line.options>["values"]) {
  const machines = values.machines.split(",").map((text) => wholeNumber("--machines", text, 1, 20));
  if (machines.some((count, index) => count <= (machines[index - 1] ?? 0)))
    throw new TypeError("--machines must grow");
  return {
    machines,
    share: wholeNumber("--share", values.share, 1, 100) / 100,
    works: some("work", values.only, scaleWorks),
    seconds: wholeNumber("--seconds", values.seconds, 1, 600),
    json: values.json,
    docs: values.docs,
  };
}

await runMeasurement({
  line,
  read,
  missingPrerequisite() {
    const missing = missingCgroupSupport() ?? ensureTool("wrk");
    return missing === undefined ? undefined : `SCALING CANNOT BE MEASURED HERE: ${missing}`;
  },
  async measure(options, command) {
    const began = thisMinute();
    const steps = await measureAll(options);
    const report = { command, began, computer: thisMachine(), share: options.share, steps };
    return { report, text: scaleTables(report, scaleWorks), guide: ["scaling.md", "scale"] };
  },
});
