import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServiceBroker } from "moleculer";
import { loadConfig } from "../../config/index.ts";
import type { Stack } from "../../deploy/local/stack.ts";
import { BestEffortRedis } from "../../mixins/cache/best-effort-redis.ts";
import { Database } from "../../mixins/database/database.ts";
import { openMysql } from "../../mixins/database/mysql/open.ts";
import { createNode } from "../../services/node/create-node.ts";
import { callShop } from "../../services/operations/console/known-nodes.ts";
import { TcpLink } from "../chaos/tcp-link.ts";
import { MovingAddress } from "./moving-address.ts";
import { until } from "./processes.ts";
import { giveBack, takeStack } from "./stack-for-tests.ts";

const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;
const silent = { info: () => undefined, warn: () => undefined };

/** Connections that become silent, as when a machine loses power. */
describe("connections that are lost without a word", () => {
  let directory: string;
  let stack: Stack;
  const links: TcpLink[] = [];
  const nodes: ServiceBroker[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "lost-connections-"));
    stack = await takeStack();
  }, 300_000);

  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await Promise.all(links.map((link) => link.close()));
    await giveBack(stack);
    await rm(directory, { recursive: true });
  }, 600_000);

  async function linkTo(port: string | undefined): Promise<TcpLink> {
    const link = await TcpLink.to("127.0.0.1", Number(port));
    links.push(link);
    return link;
  }

  function loseConnections(link: TcpLink): void {
    link.impair({ kind: "lose" });
    link.clear();
  }

  test("a pool whose connections to the database are all lost says so, and serves again with new ones", async () => {
    const {
      DATABASE_PRIMARY,
      DATABASE_MIGRATION_USER: user,
      DATABASE_MIGRATION_PASSWORD: password,
    } = stack.environment;
    const link = await linkTo(DATABASE_PRIMARY.split(":")[1]);
    const database = new Database(
      openMysql({ host: "127.0.0.1", port: link.port }, { user, password }, 2, 500),
    );
    const ask = () =>
      database.transaction(origin, (tx) => database.select<{ n: number }>("SELECT 1 AS n", [], tx));
    await Promise.all([ask(), ask()]);
    loseConnections(link);
    const answers = await Promise.allSettled([ask(), ask(), ask()]);
    expect(answers.slice(0, 2)).toMatchObject([
      { reason: { type: "unavailable" } },
      { reason: { type: "unavailable" } },
    ]);
    expect(await ask()).toEqual([{ n: 1 }]);
    await database.sequelize.close();
  }, 240_000);

  test("a pool with connections to a read-only server reconnects to the new primary once the address has moved", async () => {
    const {
      DATABASE_PRIMARY,
      DATABASE_REPLICAS,
      DATABASE_MIGRATION_USER: user,
      DATABASE_MIGRATION_PASSWORD: password,
    } = stack.environment;
    const file = join(directory, "primary-address");
    const pointTo = (server = "") => writeFile(file, server);
    await pointTo(DATABASE_PRIMARY);
    const address = await MovingAddress.of(file);
    const database = new Database(
      openMysql({ host: "127.0.0.1", port: address.port }, { schema: "shop_users", user, password }, 1, 5000),
    );
    await database.sequelize.query("CREATE TABLE note (id INT PRIMARY KEY)");
    await pointTo(DATABASE_REPLICAS.split(",")[0]);
    const readOnly = new Database(
      openMysql({ host: "127.0.0.1", port: address.port }, { schema: "shop_users", user, password }, 1, 5000),
    );
    await until(() =>
      readOnly.select("SELECT id FROM note").then(
        () => true,
        () => false,
      ),
    );
    const note = () =>
      readOnly.transaction(origin, (tx) => readOnly.execute("INSERT INTO note VALUES (1)", [], tx));
    await expect(note()).rejects.toMatchObject({ type: "unavailable" });
    await pointTo(DATABASE_PRIMARY);
    expect(await note()).toBe(1);
    await database.sequelize.query("DROP TABLE note");
    await Promise.all([database, readOnly].map(({ sequelize }) => sequelize.close()));
    await address.close();
  }, 240_000);

  test("Redis is asked over a new connection", async () => {
    const link = await linkTo(new URL(stack.environment.REDIS_URL).port);
    const url = Object.assign(new URL(stack.environment.REDIS_URL), { port: String(link.port) }).href;
    const redis = new BestEffortRedis(url, "is tried", silent);
    const ask = async () => (await redis.tryCommand((commands) => commands.ping())) === "PONG";
    await until(ask);
    loseConnections(link);
    expect(await ask()).toBe(false);
    await until(ask);
    redis.close();
  }, 240_000);

  test("nodes rediscover each other, and earlier requests take effect once", async () => {
    let count = 0;
    let add = () => Promise.resolve((count += 1));
    const link = await linkTo(new URL(stack.environment.AMQP_URL).port);
    const url = Object.assign(new URL(stack.environment.AMQP_URL), { port: String(link.port) }).href;
    const start = async (NODE_ID: string, AMQP_URL: string): Promise<ServiceBroker> => {
      const config = loadConfig({
        ...stack.environment,
        AMQP_URL,
        NODE_ID,
        SERVICES: "none",
        LOG_LEVEL: "fatal",
        LOG_FORMAT: "text",
      });
      const node = await createNode(config);
      if (NODE_ID === "far") node.createService({ name: "counter", actions: { add: () => add() } });
      await node.start();
      return node;
    };
    const near = await start("near", stack.environment.AMQP_URL);
    const far = await start("far", url);
    nodes.push(near, far);
    const answers = (from: ServiceBroker, nodeID: string) =>
      callShop(from, "operations.node", {}, { nodeID, timeout: 1000 }).then(
        () => true,
        () => false,
      );
    await until(() => answers(near, "far"));
    const ask = () => near.call("counter.add", {}, { nodeID: "far", timeout: 2000 });
    // It is executed, but can be neither answered nor acknowledged.
    const done = new Promise<void>((resolve) => {
      const plainly = add;
      add = async () => {
        loseConnections(link);
        add = plainly;
        await plainly();
        resolve();
        return count;
      };
    });
    await expect(ask()).rejects.toBeInstanceOf(Error);
    await done;
    expect(await answers(near, "far")).toBe(false);
    await until(() => answers(near, "far"));
    await until(() => answers(far, "near"));
    // After RabbitMQ has delivered its backlog of the lost connection.
    expect(await ask()).toBe(2);
  }, 240_000);
});
