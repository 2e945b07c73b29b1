import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { WorkerPool } from "../../mixins/support/worker-pool.ts";

const program = (file: string) => new URL(`../support/${file}`, import.meta.url);

describe("a process without a descriptor for another thread", () => {
  test("lives on: hashing fails with unavailable as long as there is no thread, and goes on with one", async () => {
    const script = fileURLToPath(program("few-descriptors.ts"));
    const { stdout } = await promisify(execFile)("sh", [
      "-c",
      'ulimit -n 96 && exec "$0" "$1"',
      process.execPath,
      script,
    ]);
    expect(stdout.trim().split("\n")).toEqual([
      "none left unavailable unavailable",
      "enough again hashed",
      "none left beside a thread hashed hashed hashed",
    ]);
  }, 240_000);
});

describe("background threads", () => {
  const threads = new WorkerPool<string, string>(program("answering-thread.js"), { maxWorkers: 2 });

  test("returns results and errors of the work, also to queued callers", async () => {
    expect(await Promise.all(["a", "b", "c", "d", "e"].map((text) => threads.run(text)))).toEqual([
      "A",
      "B",
      "C",
      "D",
      "E",
    ]);
    await expect(threads.run("throw")).rejects.toThrow("as told");
    expect(await threads.run("f")).toBe("F");
  });

  test("whose work ends its thread fail with unavailable, and the next one has another thread", async () => {
    await expect(threads.run("exit")).rejects.toMatchObject({ type: "unavailable", data: { retryAfter: 1 } });
    expect(await Promise.all(["g", "h", "i"].map((text) => threads.run(text)))).toEqual(["G", "H", "I"]);
  });

  test("in processes of their own work in the same way, and lose none of it when one is killed", async () => {
    const isolated = new WorkerPool<string, string>(program("answering-thread.js"), {
      maxWorkers: 2,
      isolation: "process",
    });
    expect(await Promise.all(["a", "b", "c"].map((text) => isolated.run(text)))).toEqual(["A", "B", "C"]);
    await expect(isolated.run("throw")).rejects.toThrow("as told");
    await expect(isolated.run("abort")).rejects.toMatchObject({ type: "unavailable" });
    expect(await isolated.run("d")).toBe("D");
    expect(await isolated.run("environment")).toBe("MALLOC_ARENA_MAX");
    const none = new WorkerPool<string, string>(program("no-such-thread.js"), {
      maxWorkers: 1,
      isolation: "process",
    });
    await expect(none.run("a")).rejects.toMatchObject({ type: "unavailable" });
  });

  test.each(["thread", "process"] as const)(
    "a %s that hangs is ended, and the next job has another",
    async (isolation) => {
      const pool = new WorkerPool<string, string>(program("answering-thread.js"), {
        maxWorkers: 1,
        isolation,
        jobTimeoutMs: 200,
      });
      await expect(pool.run("hang")).rejects.toMatchObject({ type: "unavailable" });
      expect(await pool.run("a")).toBe("A");
    },
  );

  test("work in a process whose priority is too low to be lowered by as much", async () => {
    const low = new WorkerPool<string, string>(program("answering-thread.js"), {
      maxWorkers: 1,
      niceIncrement: 40,
    });
    expect(await low.run("a")).toBe("A");
  });

  test("whose program cannot be loaded fail with unavailable", async () => {
    const none = new WorkerPool<string, string>(program("no-such-thread.js"), { maxWorkers: 1 });
    await expect(none.run("a")).rejects.toMatchObject({ type: "unavailable" });
  });
});
