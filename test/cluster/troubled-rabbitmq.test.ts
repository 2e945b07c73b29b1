import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { inside } from "../../deploy/local/directory.ts";
import { ensurePrograms } from "../../deploy/local/packages.ts";
import { environment } from "../../deploy/local/processes.ts";
import { readState } from "../../deploy/local/state.ts";
import type { Stack } from "../../deploy/local/stack.ts";
import { loadConfig } from "../../config/index.ts";
import { isMessagingBlocked } from "../../mixins/service/health.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import { callShop } from "../../services/operations/console/known-nodes.ts";
import { TcpLink } from "../chaos/tcp-link.ts";
import { until } from "./processes.ts";
import { ClusterUnderTest, tell } from "./proof.ts";
import { giveBack, takeStack } from "./stack-for-tests.ts";
import { SteadyBuyers } from "./steady-buyers.ts";

const run = promisify(execFile);
const storm = { drops: 240, everyMs: 25 };

/** A shop whose nodes, and their supervisor, reach RabbitMQ through an impaired link. */
describe("a RabbitMQ in trouble", () => {
  let stack: Stack;
  let link: TcpLink;
  let shop: ClusterUnderTest;
  let customers: string[];
  let variantId: string;

  beforeAll(async () => {
    stack = await takeStack();
    const url = new URL(stack.environment.AMQP_URL);
    link = await TcpLink.to("127.0.0.1", Number(url.port));
    const settings = {
      AMQP_URL: Object.assign(url, { port: String(link.port) }).href,
      SWEEP_INTERVAL_SECONDS: "1",
      RESERVATION_LEASE_SECONDS: "8",
    };
    shop = await ClusterUnderTest.start({ catalog: 1, orders: 1 }, settings, stack);
    ({ variantId } = await shop.addProduct(1_000_000));
    customers = await Promise.all(
      Array.from({ length: 4 }, async () => shop.signIn(0, await shop.register())),
    );
  }, 300_000);

  afterAll(async () => {
    await shop?.stop();
    await link?.close();
    await giveBack(stack);
  }, 600_000);

  const pids = () => shop.cluster.nodes.map(({ plan, pid }) => `${plan.name} ${pid}`);
  const answers = (nodeID: string) =>
    callShop(shop.cluster.broker, "operations.node", {}, { nodeID, timeout: 1000 }).then(
      () => true,
      () => false,
    );
  /** Waits until all events of all orders have taken effect once and all invariants hold. */
  const untilAllIsRight = () =>
    until(async () => {
      const { findings } = await verifyShop(loadConfig({ ...stack.environment }), {
        settled: true,
        patienceMs: 1000,
      });
      return findings.every(({ broken, severity }) => broken === 0 || severity !== "violation");
    });

  /** Sets RabbitMQ's free-disk limit; above the free space, it raises its alarm. */
  async function setDiskFreeLimit(bytes: number): Promise<void> {
    const { directory } = stack;
    const { rabbitmq } = await ensurePrograms({
      yes: false,
      logFile: join(directory, "install.log"),
      log: () => undefined,
    });
    const state = await readState(directory);
    const env = environment(directory, {
      HOME: inside(directory).home("rabbitmq"),
      ERL_EPMD_PORT: String(state?.ports.epmd),
      ERL_CRASH_DUMP_SECONDS: "0",
    });
    await run(
      join(dirname(rabbitmq), "rabbitmqctl"),
      ["-n", "shop@localhost", "set_disk_free_limit", String(bytes)],
      { env },
    );
  }

  test("when all connections are closed again and again, no process ends, and then orders are taken and all events arrive once", async () => {
    const before = pids();
    const buyers = new SteadyBuyers(shop, customers, variantId);
    await buyers.confirmed(20);
    for (let drop = 0; drop < storm.drops; drop += 1) {
      link.impair({ kind: "refuse" });
      link.clear();
      await pause(storm.everyMs);
    }
    const over = Date.now();
    await buyers.confirmed(20);
    tell(
      `20 orders were confirmed ${Date.now() - over} ms after a storm of ${storm.drops} losses of every connection`,
    );
    for (const { plan } of shop.cluster.nodes) await until(() => answers(plan.name));
    await buyers.end();
    expect(pids()).toEqual(before);
    await untilAllIsRight();
  }, 600_000);

  describe("whose disk is full", () => {
    beforeAll(async () => {
      await setDiskFreeLimit(2 ** 53);
      await until(() => isMessagingBlocked(shop.cluster.broker));
    }, 240_000);

    afterAll(() => setDiskFreeLimit(1_000_000), 60_000);

    test("customers browse, log in, fill carts and order, and pending events are delivered exactly once", async () => {
      // A gateway notices the alarm with its first publish.
      const answered = async (gateway: number) =>
        (await shop.request(gateway, "GET", `/products?limit=1&q=${Math.random()}`)).status === 200;
      for (const gateway of shop.gateways) await until(() => answered(gateway));
      const customer = await shop.register();
      for (const gateway of shop.gateways) {
        await shop.signIn(gateway, customer);
        await shop.demand(gateway, "GET", `/products?limit=1&q=${gateway}`);
        expect((await fetch(`${shop.cluster.urls[gateway]}/health/ready`)).status).toBe(200);
      }
      const buyers = new SteadyBuyers(shop, customers, variantId);
      await buyers.confirmed(40);
      await setDiskFreeLimit(1_000_000);
      await until(() => !isMessagingBlocked(shop.cluster.broker));
      await buyers.confirmed(20);
      await buyers.end();
      await untilAllIsRight();
    }, 600_000);

    test("while Redis is away as well, requests are refused at once, and taken again when it is back", async () => {
      await setDiskFreeLimit(2 ** 53);
      await until(() => isMessagingBlocked(shop.cluster.broker));
      const ask = () => fetch(`${shop.cluster.urls[0]}/api/v1/products?limit=1&q=${Math.random()}`);
      await until(async () => (await ask()).status === 200);
      await stack.kill("redis");
      await until(async () => (await fetch(`${shop.cluster.urls[0]}/health/ready`)).status === 503);
      const refused = await ask();
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
      expect(await refused.text()).not.toMatch(/rabbit|redis|amqp/i);
      await stack.start("redis");
      await until(async () => (await ask()).status === 200);
    }, 600_000);
  });
});
