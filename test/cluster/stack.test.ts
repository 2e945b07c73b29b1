import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConnection, type Connection, type RowDataPacket } from "mysql2/promise";
import { Redis } from "ioredis";
import { StackError, stackStatus, startStack, stopStack, type Stack } from "../../deploy/local/stack.ts";

describe("the local stack", () => {
  let directory: string;
  let stack: Stack;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "stack-test-"));
    stack = await startStack({ directory, fast: true });
    await on(
      stack.environment.DATABASE_PRIMARY,
      "shop_migrate",
      stack.environment.DATABASE_MIGRATION_PASSWORD,
      async (connection) => {
        await connection.query("CREATE TABLE shop_users.note (id INT PRIMARY KEY, body VARCHAR(20))");
        await connection.query("CREATE TABLE shop_audit.note (id INT PRIMARY KEY, body VARCHAR(20))");
      },
    );
  }, 300_000);

  afterAll(async () => {
    await stopStack({ directory, purge: true });
  }, 600_000);

  const replicas = () => stack.environment.DATABASE_REPLICAS.split(",");
  const asUsers = <T>(server: string, work: (connection: Connection) => Promise<T>) =>
    on(server, "shop_users", stack.environment.DATABASE_PASSWORD_USERS ?? "", work);
  const asAudit = <T>(server: string, work: (connection: Connection) => Promise<T>) =>
    on(server, "shop_audit", stack.environment.DATABASE_PASSWORD_AUDIT ?? "", work);
  const notesOn = (server: string) =>
    asUsers(server, async (connection) => {
      const [rows] = await connection.query<RowDataPacket[]>(
        "SELECT id, body FROM shop_users.note ORDER BY id",
      );
      return rows.map((row) => row.body as string);
    });

  test("a row that a service writes on the primary is on both replicas, read with the same account", async () => {
    await asUsers(stack.environment.DATABASE_PRIMARY, (connection) =>
      connection.query("INSERT INTO shop_users.note VALUES (1, 'grüße 😀')"),
    );
    await startStack({ directory, fast: true }); // resolves when the replicas have caught up with the primary
    for (const replica of replicas()) expect(await notesOn(replica)).toEqual(["grüße 😀"]);
  }, 240_000);

  test("a service's account cannot write on a replica, read another schema, or change tables", async () => {
    const [replica = ""] = replicas();
    await expect(
      asUsers(replica, (connection) => connection.query("INSERT INTO shop_users.note VALUES (2, 'x')")),
    ).rejects.toThrow("read-only");
    await expect(
      asUsers(stack.environment.DATABASE_PRIMARY, (connection) =>
        connection.query("SELECT * FROM shop_audit.note"),
      ),
    ).rejects.toThrow("denied");
    await expect(
      asUsers(stack.environment.DATABASE_PRIMARY, (connection) =>
        connection.query("DROP TABLE shop_users.note"),
      ),
    ).rejects.toThrow("denied");
  });

  test("the audit account adds and reads, and changes nothing", async () => {
    await asAudit(stack.environment.DATABASE_PRIMARY, async (connection) => {
      await connection.query("INSERT INTO shop_audit.note VALUES (1, 'said')");
      await expect(connection.query("UPDATE shop_audit.note SET body = 'unsaid'")).rejects.toThrow("denied");
      await expect(connection.query("DELETE FROM shop_audit.note")).rejects.toThrow("denied");
    });
  });

  test("stack.env is the owner's only and holds what the stack reports", async () => {
    expect((await stat(stack.environmentFile)).mode & 0o777).toBe(0o600);
    const lines = (await readFile(stack.environmentFile, "utf8")).trim().split("\n");
    expect(lines).toEqual(Object.entries(stack.environment).map(([name, value]) => `${name}=${value}`));
  });

  test("when a replica's SQL thread is stopped, it serves old rows, the status says so, and starting the stack mends it", async () => {
    const [replica = ""] = replicas();
    await stack.stopApplying("replica-1");
    await asUsers(stack.environment.DATABASE_PRIMARY, (connection) =>
      connection.query("INSERT INTO shop_users.note VALUES (3, 'late')"),
    );

    expect(await notesOn(replica)).not.toContain("late");
    const status = await stackStatus({ directory });
    expect(status.healthy).toBe(false);
    expect(status.servers.find((server) => server.name === "replica-1")?.replication).toMatchObject({
      fetching: true,
      applying: false,
    });

    await startStack({ directory, fast: true });
    expect(await notesOn(replica)).toContain("late");
  }, 240_000);

  test("a paused server is reported as paused, and goes on where it was", async () => {
    await stack.pause("redis");
    const { servers } = await stackStatus({ directory });
    expect(servers.find((server) => server.name === "redis")?.condition).toBe("paused");
    await stack.resume("redis");
    expect((await stackStatus({ directory })).healthy).toBe(true);
  }, 240_000);

  test("killed servers come back on their ports with their data", async () => {
    const redis = new Redis(stack.environment.REDIS_URL);
    await redis.set("kept", "yes");
    redis.disconnect();
    await Promise.all([stack.kill("primary"), stack.kill("redis"), stack.kill("replica-2")]);
    expect((await stackStatus({ directory })).healthy).toBe(false);

    const again = await startStack({ directory, fast: true });
    expect(again.environment).toEqual(stack.environment);
    expect(await notesOn(stack.environment.DATABASE_PRIMARY)).toContain("late");
    const reader = new Redis(again.environment.REDIS_URL);
    expect(await reader.get("kept")).toBe("yes");
    reader.disconnect();
    expect((await stackStatus({ directory })).healthy).toBe(true);
  }, 600_000);

  test("a directory that no stack made is neither used nor removed", async () => {
    const foreign = await mkdtemp(join(tmpdir(), "not-a-stack-"));
    await writeFile(join(foreign, "letter.txt"), "mine");
    await expect(startStack({ directory: foreign })).rejects.toThrow(StackError);
    await expect(stopStack({ directory: foreign, purge: true })).rejects.toThrow(StackError);
    expect(await readFile(join(foreign, "letter.txt"), "utf8")).toBe("mine");
    await rm(foreign, { recursive: true });
  });

  test("purging leaves neither a process nor a file, and can be done twice", async () => {
    const pids = (await stackStatus({ directory })).servers.map((server) => server.pid ?? 0);
    await stopStack({ directory, purge: true });
    expect(existsSync(directory)).toBe(false);
    for (const pid of pids) expect(isRunning(pid)).toBe(false);
    await stopStack({ directory, purge: true });
  }, 600_000);
});

/** Runs `work` on a connection of this account to `address:port`. */
async function on<T>(
  server: string,
  user: string,
  password: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const [host = "", port] = server.split(":");
  const connection = await createConnection({ host, port: Number(port), user, password });
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
