import { readFile } from "node:fs/promises";
import { expect, test } from "@jest/globals";
import { transitions } from "../../../services/orders/domain/order-status.ts";

test("the guide to orders lists exactly the steps of the transition table", async () => {
  const guide = await readFile(new URL("../../../docs/guides/orders.md", import.meta.url), "utf8");
  const rows = [...guide.matchAll(/^\| `(\w+)` \|[^|]*\|([^|]*)\|$/gm)];
  const documented = rows.map(([, status = "", steps = ""]) => [
    status,
    Object.fromEntries([...steps.matchAll(/(\w+) → `(\w+)`/g)].map(([, step = "", to = ""]) => [step, to])),
  ]);
  expect(Object.fromEntries(documented)).toEqual(transitions);
});
