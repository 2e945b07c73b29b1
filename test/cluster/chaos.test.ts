import { describe, expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { environmentWith } from "../../config/index.ts";
import { runChaos } from "../chaos/run-chaos.ts";
import { tell } from "./proof.ts";

describe("chaos", () => {
  test("after half a minute of faults, clients' results and the databases agree", async () => {
    const report = await runChaos({
      seed: 20_264,
      durationMs: 30_000,
      buyers: 6,
      pauseMs: 2500,
      smallDisks: false,
      keep: false,
      log: tell,
    });
    expect(report.findings).toEqual([]);
    expect(report.left).toEqual([]);
    expect(report.injected.length).toBeGreaterThan(5);
    expect(report.orders).toBeGreaterThan(0);
  }, 300_000);

  test("when a run is ended in the middle, no server, node, mount or file of it is left", async () => {
    const directory = await mkdtemp(join(tmpdir(), "chaos-test-"));
    const program = fileURLToPath(new URL("../chaos/main.ts", import.meta.url));
    const args = [program, "--seed", "2", "--buyers", "2", "--minutes", "1"];
    const run = spawn(process.execPath, args, {
      env: environmentWith({ TMPDIR: directory }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let shown = "";
    run.stderr.setEncoding("utf8").on("data", (text: string) => (shown += text));
    run.stdout.setEncoding("utf8").on("data", (text: string) => {
      shown += text;
      // The first fault has happened.
      if (/^ +\d+\.\d s /m.test(text)) run.kill("SIGTERM");
    });
    const [code] = (await once(run, "close")) as [number | null];
    tell(shown);
    expect(shown).not.toContain("NOT TAKEN AWAY");
    expect({ code, files: await readdir(directory) }).toEqual({ code: 143, files: [] });
    expect(await readFile("/proc/mounts", "utf8")).not.toContain(directory);
    expect(await processesOf(directory)).toEqual([]);
    await rm(directory, { recursive: true });
  }, 300_000);
});

/** Processes with the directory in their arguments or environment. */
async function processesOf(directory: string): Promise<string[]> {
  const told = async (pid: string) => {
    const texts = ["cmdline", "environ"].map((file) =>
      readFile(join("/proc", pid, file), "utf8").catch(() => ""),
    );
    return (await Promise.all(texts)).join("").includes(directory);
  };
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const all = await Promise.all(pids.map(async (pid) => ((await told(pid)) ? [pid] : [])));
  return all.flat();
}
