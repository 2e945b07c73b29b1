import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Sequelize } from "sequelize";
import { maxLagMs, Replicas } from "../../../mixins/database/mysql/replicas.ts";

/** A server that reports its replication position, and responds to other queries with its name. */
class Server {
  readonly name: string;
  position = "0-1-1";
  /** Fails queries other than those of its position. */
  fails: (() => Promise<never>) | undefined;
  silent = false;
  askedForPosition = 0;

  constructor(name: string) {
    this.name = name;
  }

  query(sql: string): Promise<unknown> {
    if (this.silent) return new Promise(() => undefined);
    if (sql.includes("VERSION")) return Promise.resolve([{ value: "10.11-MariaDB" }]);
    if (sql.includes("gtid")) this.askedForPosition += 1;
    if (sql.includes("gtid")) return Promise.resolve([{ value: this.position }]);
    return this.fails ? this.fails() : Promise.resolve(this.name);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  opened(): Sequelize {
    return this as unknown as Sequelize;
  }
}

const quiet = { info: () => undefined, warn: () => undefined };

describe("replicas", () => {
  let primary: Server;
  let replica: Server;
  let replicas: Replicas;

  const read = () => replicas.read((server) => server.query("SELECT name FROM products"));

  beforeEach(async () => {
    jest.useFakeTimers();
    primary = new Server("primary");
    replica = new Server("replica");
    replicas = new Replicas(primary.opened(), [{ name: "replica", open: () => replica.opened() }], quiet);
    await replicas.start();
  });

  afterEach(async () => {
    await replicas.stop();
    jest.useRealTimers();
  });

  test("one that has all that the primary has is read from", async () => {
    await jest.advanceTimersByTimeAsync(10 * maxLagMs);
    expect(await read()).toBe("replica");
  });

  test("servers are not probed while idle, and probed often under reads", async () => {
    const asked = async (during: () => Promise<void>) => {
      const before = primary.askedForPosition;
      await during();
      return primary.askedForPosition - before;
    };
    const resting = await asked(() => jest.advanceTimersByTimeAsync(6 * maxLagMs).then(() => undefined));
    const reading = await asked(async () => {
      for (let step = 0; step < 60; step += 1) {
        expect(await read()).toBe("replica");
        await jest.advanceTimersByTimeAsync(maxLagMs / 10);
      }
    });
    expect(resting).toBeGreaterThan(6);
    expect(reading).toBeGreaterThan(2 * resting);
  });

  test("who reads after a pause may have an answer of the primary's, but soon has the replica's again", async () => {
    await jest.advanceTimersByTimeAsync(10 * maxLagMs);
    primary.position = "0-1-2";
    await jest.advanceTimersByTimeAsync(2 * maxLagMs);
    expect(await read()).toBe("primary");
    replica.position = "0-1-2";
    expect(await read()).toBe("primary");
    await jest.advanceTimersByTimeAsync(maxLagMs / 4);
    expect(await read()).toBe("replica");
  });

  test("a lagging replica is ejected before its data are too old, and readmitted when it has caught up", async () => {
    primary.position = "0-1-2";
    await jest.advanceTimersByTimeAsync(maxLagMs + 1);
    expect(await read()).toBe("primary");
    replica.position = "0-1-2";
    await jest.advanceTimersByTimeAsync(maxLagMs);
    expect(await read()).toBe("replica");
  });

  test("without the primary's position, a healthy replica is used no longer than the maximum lag", async () => {
    primary.silent = true;
    await jest.advanceTimersByTimeAsync(maxLagMs + 1);
    primary.silent = false;
    expect(await read()).toBe("primary");
  });

  test("a read that it fails is answered by the primary, and others do not go there", async () => {
    replica.fails = () => Promise.reject(new Error("lost"));
    expect(await read()).toBe("primary");
    replica.fails = undefined;
    expect(await read()).toBe("primary");
    await jest.advanceTimersByTimeAsync(maxLagMs);
    expect(await read()).toBe("replica");
  });

  test("a mistake in the query is the query's: it is thrown, and the replica stays", async () => {
    const mistake = () => Promise.reject(new Error("no such column"));
    replica.fails = mistake;
    primary.fails = mistake;
    await expect(read()).rejects.toThrow("no such column");
    replica.fails = undefined;
    expect(await read()).toBe("replica");
  });
});
