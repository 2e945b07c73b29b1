import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";

const program = fileURLToPath(new URL("main.ts", import.meta.url));

test("machines, nginx, gateways and nodes die under load, and clients notice no more than they must", async () => {
  const run = spawn(process.execPath, [program, "--short"], { stdio: ["ignore", "pipe", "inherit"] });
  let shown = "";
  run.stdout.setEncoding("utf8").on("data", (text: string) => (shown += text));
  const [code] = (await once(run, "close")) as [number];
  process.stdout.write(shown);
  expect(shown).toContain("All goals are reached.");
  expect(code).toBe(0);
}, 300_000);
