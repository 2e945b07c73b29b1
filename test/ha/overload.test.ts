import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { environmentWith } from "../../config/index.ts";

const program = fileURLToPath(new URL("overload/main.ts", import.meta.url));

describe("npm run overload", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "overload-test-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  test("when it is ended in the middle, neither its shop nor nginx nor a directory is left", async () => {
    const run = spawn(process.execPath, [program], {
      env: environmentWith({ TMPDIR: directory }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    run.stderr.resume();
    let shown = "";
    run.stdout.setEncoding("utf8").on("data", (text: string) => {
      shown += text;
      if (text.includes("nginx run")) run.kill("SIGTERM");
    });
    // Shop and nginx write to the same standard error: it ends with the last of them.
    const [code] = (await once(run, "close")) as [number | null];
    expect({ code, left: await readdir(directory) }).toEqual({ code: 143, left: [] });
    expect(shown).toContain("Interrupted by SIGTERM\n");
    expect(shown).not.toContain("NOT TAKEN AWAY");
  }, 240_000);
});
