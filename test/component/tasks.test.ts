import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Logger } from "moleculer";
import type { Sequelize } from "sequelize";
import { DataTypes } from "sequelize";
import { z } from "zod";
import { Database } from "../../mixins/database/database.ts";
import { openSqlite } from "../../mixins/database/sqlite/open.ts";
import { createOutboxTable } from "../../mixins/events/outbox-table.ts";
import { FileStore } from "../../mixins/tasks/file-store.ts";
import type { Job } from "../../mixins/service/jobs.ts";
import { claimRun, startJobs } from "../../mixins/service/jobs.ts";
import type { Task } from "../../mixins/tasks/task.ts";
import { TaskFailure, tasksOf } from "../../mixins/tasks/task.ts";
import { TaskQueue } from "../../mixins/tasks/task-queue.ts";
import { maxAttempts, TaskRunner } from "../../mixins/tasks/task-runner.ts";
import { createTaskTables } from "../../mixins/tasks/tasks-table.ts";
import type { TypedCall } from "../../mixins/contract/calls.ts";
import { newId } from "../../mixins/contract/ids.ts";

const owner = newId();
const origin = { actor: { kind: "user", id: owner }, requestId: "r1" } as const;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined } as unknown as Logger;
const noCall = (() => Promise.reject(new Error("makes no calls"))) as TypedCall;

/** Dependencies of these tests' tasks: a gate before each batch, where a test can wait and interfere. */
interface Workshop {
  readonly database: Database;
  beforeBatch: (batch: number) => Promise<void>;
}

const task = tasksOf<Workshop>();

/** Writes the numbers from 1 to `batches` into `effects`, each in a batch of its own. */
const count = task({
  kind: "count",
  params: z.strictObject({ batches: z.int() }),
  checkpoint: z.object({ written: z.int().default(0) }),
  async run({ params, checkpoint, commit }, workshop) {
    for (let n = checkpoint.written + 1; n <= params.batches; n += 1) {
      await workshop.beforeBatch(n);
      await commit(async (tx) => {
        await workshop.database.execute("INSERT INTO effects (n) VALUES (?)", [n], tx);
        return { done: n, total: params.batches, checkpoint: { written: n } };
      });
    }
    return { last: params.batches };
  },
});

describe("background tasks", () => {
  let directory: string;
  let connection: Sequelize;
  let database: Database;
  let queue: TaskQueue;
  let runners: TaskRunner<Workshop>[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "tasks-test-"));
    connection = openSqlite(join(directory, "tasks.sqlite"));
    runners = [];
    // SQLite's writers queue within one process, so these nodes share a connection.
    database = new Database(connection);
    const query = database.sequelize.getQueryInterface();
    await createOutboxTable(query);
    await createTaskTables(query);
    await query.createTable("effects", { n: DataTypes.INTEGER });
    queue = new TaskQueue("catalog", database);
  });
  afterEach(async () => {
    await Promise.all(runners.map((runner) => runner.stop()));
    await connection.close();
    await rm(directory, { recursive: true, force: true });
  });

  const startRunner = (
    beforeBatch: Workshop["beforeBatch"] = () => Promise.resolve(),
    options: { tasks?: readonly Task<Workshop>[]; concurrency?: number } = {},
  ) => {
    const dependencies = { database, beforeBatch };
    const runner = new TaskRunner({
      database,
      tasks: [count],
      dependencies,
      call: noCall,
      log: silent,
      sweepMs: 10,
      ...options,
    });
    runners.push(runner);
    runner.start();
    return runner;
  };
  const enqueue = async (batches = 5) =>
    (await database.transaction(origin, (tx) => queue.enqueue(count, { batches }, origin, tx))).id;
  const state = async (id: string) => {
    const found = await queue.byId(id, undefined);
    if (!found) throw new Error(`no task ${id}`);
    return found;
  };
  const until = async (id: string, isSo: (found: Awaited<ReturnType<typeof state>>) => boolean) => {
    for (;;) {
      const found = await state(id);
      if (isSo(found)) return found;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  const finished = (id: string) => until(id, (found) => found.finishedAt !== null);
  const effects = async () =>
    (await database.select<{ n: number }>("SELECT n FROM effects ORDER BY n")).map((row) => row.n);
  /** Expires the lease, as after a crash. */
  const endLease = (id: string) =>
    database.transaction(origin, (tx) =>
      database.execute("UPDATE tasks SET lease_until = 0 WHERE id = ?", [id], tx),
    );
  const makeDue = (id: string) =>
    database.transaction(origin, (tx) =>
      database.execute("UPDATE tasks SET run_after = 0 WHERE id = ?", [id], tx),
    );

  /** Blocks the work at a batch until the test opens the gate. */
  const gateAt = (batch: number) => {
    const reached = Promise.withResolvers<void>();
    const open = Promise.withResolvers<void>();
    const beforeBatch = async (n: number) => {
      if (n !== batch) return;
      reached.resolve();
      await open.promise;
    };
    return { beforeBatch, reached: reached.promise, open: () => open.resolve() };
  };

  test("a task is done, with progress, result and a version for each change", async () => {
    const id = await enqueue();
    startRunner();
    expect(await finished(id)).toMatchObject({
      state: "succeeded",
      ownerId: owner,
      progress: { done: 5, total: 5 },
      result: { last: 5 },
      error: null,
      version: 8,
    });
    expect(await effects()).toEqual([1, 2, 3, 4, 5]);
  });

  test("a task whose transaction fails is never done", async () => {
    const failing = database.transaction(origin, async (tx) => {
      await queue.enqueue(count, { batches: 5 }, origin, tx);
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    const id = await enqueue(1);
    startRunner();
    await finished(id);
    expect(
      await queue.list(
        { owner: undefined, state: undefined, kind: undefined },
        { limit: 10, sort: "createdAt", count: true },
      ),
    ).toMatchObject({ total: 1 });
  });

  test("twenty tasks and three nodes: each task is done once", async () => {
    const ids: string[] = [];
    for (let n = 0; n < 20; n += 1) ids.push(await enqueue(3));
    for (let n = 0; n < 3; n += 1) startRunner();
    for (const id of ids) expect(await finished(id)).toMatchObject({ state: "succeeded", attempt: 1 });
    expect(await effects()).toEqual([1, 2, 3].flatMap((n) => ids.map(() => n)));
  });

  test("when a node falls silent in the middle, another goes on where it was, and the first one's late batch has no effect", async () => {
    const gate = gateAt(3);
    const id = await enqueue();
    // With a second slot, the runner could take over its own task.
    startRunner(gate.beforeBatch, { concurrency: 1 });
    await gate.reached;
    startRunner();
    await endLease(id);
    expect(await finished(id)).toMatchObject({ state: "succeeded" });
    gate.open();
    await Promise.all(runners.map((runner) => runner.stop()));
    expect(await effects()).toEqual([1, 2, 3, 4, 5]);
  });

  test("a node that stops hands its task back after its batch, without counting an attempt", async () => {
    const gate = gateAt(3);
    const id = await enqueue();
    const runner = startRunner(gate.beforeBatch);
    await gate.reached;
    const stopped = runner.stop();
    gate.open();
    await stopped;
    expect(await state(id)).toMatchObject({ state: "queued", attempt: 0, progress: { done: 2 } });
    expect(await effects()).toEqual([1, 2]);
    startRunner();
    expect(await finished(id)).toMatchObject({ state: "succeeded" });
    expect(await effects()).toEqual([1, 2, 3, 4, 5]);
  });

  test("a running task is cancelled at its next batch, from any node, and finished batches stay", async () => {
    const gate = gateAt(3);
    const id = await enqueue();
    startRunner(gate.beforeBatch);
    await gate.reached;
    expect(await queue.cancel(id, undefined, origin)).toMatchObject({
      state: "running",
      cancelRequestedAt: expect.any(String),
    });
    gate.open();
    expect(await finished(id)).toMatchObject({ state: "cancelled", result: null, progress: { done: 2 } });
    expect(await effects()).toEqual([1, 2]);
  });

  test("a waiting task is cancelled at once, a finished one stays as it is, and someone else's is not found", async () => {
    const id = await enqueue();
    expect(await queue.cancel(id, newId(), origin)).toBeUndefined();
    expect(await queue.byId(id, newId())).toBeUndefined();
    const cancelled = await queue.cancel(id, owner, origin);
    expect(cancelled).toMatchObject({ state: "cancelled", startedAt: null });
    expect(await queue.cancel(id, owner, origin)).toEqual(cancelled);
    // Once: there was nothing more to cancel.
    const told = await database.select<{ envelope: string }>(
      "SELECT envelope FROM outbox WHERE envelope LIKE '%task-cancelled%'",
    );
    expect(told.map(({ envelope }) => JSON.parse(envelope) as object)).toMatchObject([
      { name: "catalog.task-cancelled", payload: { taskId: id, kind: "count", ownerId: owner } },
    ]);
    startRunner();
    await finished(await enqueue(1));
    expect(await effects()).toEqual([1]);
  });

  test("a failed task is retried from its last batch, and progress resets the attempts", async () => {
    let failures = 0;
    const id = await enqueue();
    startRunner((n) =>
      n >= 3 && (failures += 1) <= 4 ? Promise.reject(new Error("away")) : Promise.resolve(),
    );
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      const waiting = await until(id, (found) => failures === attempt && found.state === "queued");
      expect(waiting).toMatchObject({ attempt, progress: { done: 2 } });
      expect(
        (await database.select<{ wait: number }>("SELECT run_after - updated_at AS wait FROM tasks"))[0]
          ?.wait,
      ).toBe(1000 * 4 ** (attempt - 1));
      await makeDue(id);
    }
    expect(await finished(id)).toMatchObject({ state: "succeeded", attempt: 1 });
    expect(await effects()).toEqual([1, 2, 3, 4, 5]);
  });

  test("after its last attempt a task has failed, and tells nothing of the reason inside", async () => {
    const id = await enqueue();
    await database.transaction(origin, (tx) =>
      database.execute("UPDATE tasks SET attempt = ?", [maxAttempts - 1], tx),
    );
    startRunner(() => Promise.reject(new Error("SELECT secret")));
    expect(await finished(id)).toMatchObject({
      state: "failed",
      attempt: maxAttempts,
      error: { code: "internal-error" },
    });
    expect(JSON.stringify(await state(id))).not.toContain("secret");
  });

  test("a task that cannot succeed is not tried again", async () => {
    const id = await enqueue();
    startRunner(() => Promise.reject(new TaskFailure("unreadable-file", "It is empty", { rows: 0 })));
    expect(await finished(id)).toMatchObject({
      state: "failed",
      attempt: 1,
      error: { code: "unreadable-file", message: "It is empty" },
      result: { rows: 0 },
    });
  });

  test("a task during which node after node dies is given up", async () => {
    const id = await enqueue();
    await database.transaction(origin, (tx) =>
      database.execute("UPDATE tasks SET attempt = ?, state = 'running', lease_until = 0", [maxAttempts], tx),
    );
    startRunner();
    expect(await finished(id)).toMatchObject({ state: "failed", error: { code: "worker-lost" } });
    expect(await effects()).toEqual([]);
  });

  test("a node leaves tasks alone that it does not know", async () => {
    const known = await enqueue(1);
    startRunner(undefined, {
      tasks: [
        task({
          kind: "other",
          params: z.strictObject({}),
          checkpoint: z.object({}),
          run: () => Promise.resolve({}),
        }),
      ],
    });
    const runner = startRunner();
    await finished(known);
    await runner.stop();
    const unknown = await enqueue(1);
    const other = await database.transaction(origin, (tx) =>
      queue.enqueue(
        task({
          kind: "other",
          params: z.strictObject({}),
          checkpoint: z.object({}),
          run: () => Promise.resolve({}),
        }),
        {},
        origin,
        tx,
      ),
    );
    await finished(other.id);
    expect(await state(unknown)).toMatchObject({ state: "queued", attempt: 0 });
  });

  test("of three nodes that look at once, one claims each run of a job of the cluster", async () => {
    const nodes = [database, database, database];
    const everyMs = 1000;
    const runs: number[] = [];
    for (let now = 0; now < 20_000; now += 500) {
      const took = await Promise.all(nodes.map((one) => claimRun(one, "tidy", everyMs, now)));
      runs.push(took.filter(Boolean).length);
    }
    expect(runs).toEqual(Array.from({ length: 20 }, () => [1, 0]).flat());
  });

  test("each node runs a job of the node, one of them a job of the cluster", async () => {
    const broker = { options: { shop: { sweepIntervalMs: 5 } } };
    const service = { name: "catalog", broker, database, logger: silent } as unknown as Parameters<
      typeof startJobs
    >[0];
    const hourMs = 3_600_000;
    const [ranOn, allRan] = [new Set<number>(), Promise.withResolvers<undefined>()];
    const [claims, claimed] = [[] as number[], Promise.withResolvers<undefined>()];
    const jobsOn = (node: number): Job<undefined>[] => [
      {
        name: "own",
        once: "node",
        every: ({ sweepIntervalMs }) => sweepIntervalMs,
        async run() {
          if (ranOn.add(node).size === nodes.length) allRan.resolve(undefined);
        },
      },
      {
        name: "shared",
        once: "cluster",
        every: () => hourMs,
        async run() {
          claims.push(node);
          claimed.resolve(undefined);
        },
      },
    ];
    const nodes = [1, 2, 3].map((node) => startJobs(service, jobsOn(node), undefined));
    await Promise.all([allRan.promise, claimed.promise]);
    await Promise.all(nodes.map((node) => node.stop()));
    expect(claims).toHaveLength(1);
  });

  test("finds unreferenced files only", async () => {
    const files = new FileStore(database);
    const make = (purpose: "upload" | "result", taskId: string | null, touchedAt: number) =>
      database.transaction(origin, (tx) => files.create(purpose, taskId, touchedAt, tx));
    const [open, done] = [await enqueue(), await enqueue()];
    await queue.cancel(done, undefined, origin);
    await make("upload", null, 100);
    await make("upload", open, 0);
    await make("result", done, 0);
    const unneeded = [
      await make("upload", null, 99),
      await make("upload", done, 0),
      await make("result", newId(), 0),
    ];
    expect((await files.orphans(100, 10)).sort()).toEqual(unneeded.sort());
    expect(await database.transaction(origin, (tx) => queue.removeFinished(Date.now() + 1000, 10, tx))).toBe(
      1,
    );
    expect(await files.orphans(100, 10)).toHaveLength(4);
  });

  test("a file comes back as it was put in, piece by piece", async () => {
    const files = new FileStore(database);
    const id = await database.transaction(origin, (tx) => files.create("upload", null, 1, tx));
    const texts = ["first", "zweites ü😀", "", "?'\\$1", `x${"😀".repeat(100_000)}`];
    for (const text of texts) await database.transaction(origin, (tx) => files.append(id, text, 1, tx));
    const read: string[] = [];
    for await (const text of files.read(id)) read.push(text);
    expect(read.join("")).toBe(texts.join(""));
    // Splitting surrogate pairs would corrupt the encoding.
    expect(read.every((text) => text.isWellFormed())).toBe(true);
    expect(Math.max(...read.map((text) => text.length))).toBeLessThan(40_000);
    await database.transaction(origin, (tx) => files.remove(id, tx));
    await expect(database.transaction(origin, (tx) => files.append(id, "more", 1, tx))).rejects.toThrow(
      "gone",
    );
  });
});
