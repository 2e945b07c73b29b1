import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newId } from "../../../mixins/contract/ids.ts";
import type { FlowPlan } from "../load/flow-client.ts";
import type { Answers } from "../load/wrk.ts";
import { outputOf } from "../processes.ts";
import type { Work } from "../work.ts";
import { anyVariant } from "./carts.ts";
import { address } from "./orders.ts";
import { sidesOf } from "./sides.ts";

const client = fileURLToPath(new URL("../load/flow-client.ts", import.meta.url));
const variants = Array.from({ length: 5000 }, (_, index) => anyVariant(index));

export const wholeFlow: Work = {
  name: "flow",
  title: "a whole purchase: cart, two things, order, paid",
  goals: [{ of: "rate ratio", atLeast: { embedded: 0.5, cluster: 0.35 } }],
  contenders: (bench) =>
    Promise.resolve(
      sidesOf(bench).map(({ name, target, customers, staff }) => ({
        name,
        processes: target.processes,
        async measure(seconds) {
          const plan: FlowPlan = {
            url: target.url,
            seconds,
            buyers: 16,
            customers,
            staff,
            variants,
            address,
            run: newId(),
          };
          const file = join(bench.directory, "flow.json");
          await writeFile(file, JSON.stringify(plan));
          return JSON.parse(await outputOf(process.execPath, [client, file])) as Answers;
        },
      })),
    ),
};
