import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { consecutiveCrashes, NodeProcess } from "../../../deploy/local/cluster/node-process.ts";
import { planNodes } from "../../../deploy/local/cluster/plan.ts";

const run = promisify(execFile);

test("when a node cannot be started for want of something, its supervisor tells so and tries again", async () => {
  const directory = await mkdtemp(join(tmpdir(), "supervisor-test-"));
  const obstacle = join(directory, "logs");
  await writeFile(obstacle, "");
  const told: string[] = [];
  const [plan] = planNodes({ all: 1 }, 3000);
  if (!plan) throw new Error("nothing is planned");
  const node = new NodeProcess(plan, {
    environment: {},
    logFile: join(obstacle, "nodes", "all-1.log"),
    log: (line) => told.push(line),
  });
  try {
    node.start();
    expect(node.state).toBe("waiting");
    expect(told).toEqual([expect.stringMatching(/^all-1 died \(.*ENOTDIR.*restart in 0\.25 s/)]);
  } finally {
    await node.stop();
  }
  expect(node.state).toBe("stopped");
  await rm(directory, { recursive: true });
});

test("a node that is killed again and again is started again as soon each time; only one that dies of its start waits longer and longer", () => {
  expect([3000, 3000, 3000].reduce(consecutiveCrashes, 0)).toBe(1);
  expect([0, 0, 500].reduce(consecutiveCrashes, 0)).toBe(3);
  expect([0, 0, 60_000].reduce(consecutiveCrashes, 0)).toBe(1);
});

test.each(["setImmediate(() => { throw new Error('lost') })", "void Promise.reject(new Error('lost'))"])(
  "a supervisor goes on after %s",
  async (fault) => {
    const module = new URL("../../../deploy/local/cluster/outlive-faults.ts", import.meta.url).href;
    const script = `import { logUnhandledErrors } from ${JSON.stringify(module)}; logUnhandledErrors(console.log); ${fault}; setTimeout(() => console.log("goes on"), 50)`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script]);
    expect(stdout).toMatch(/^The supervisor continues after an error: Error: lost\n[^]*goes on\n$/);
  },
);
