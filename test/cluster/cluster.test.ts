import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "amqplib";
import type { Cluster } from "../../deploy/local/cluster.ts";
import { startCluster } from "../../deploy/local/cluster.ts";
import { observe } from "../../deploy/local/processes.ts";
import { stopStack } from "../../deploy/local/stack.ts";
import { amqpTopology } from "../../mixins/events/amqp-topology.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { callShop, knownNodes } from "../../services/operations/console/known-nodes.ts";
import { noUnpaidLimits } from "../support/no-unpaid-limits.ts";
import { freePorts, startNode, typeAtConsole, until } from "./processes.ts";

const administrator = { email: "admin@shop.example", password: "correct horse battery staple" };
const address = { name: "Ada", line1: "1 Mill Lane", city: "London", postalCode: "N1 1AA", country: "GB" };

describe("a cluster of node processes on real servers", () => {
  let directory: string;
  let cluster: Cluster;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "cluster-test-"));
    cluster = await startCluster({
      directory,
      fast: true,
      port: await freePorts(2),
      counts: { orders: 1 },
      settings: { ADMIN_PASSWORD: administrator.password, ...noUnpaidLimits },
    });
  }, 300_000);

  afterAll(async () => {
    await cluster?.stop();
    await stopStack({ directory, purge: true });
  }, 600_000);

  const gateway = (index: number) => cluster.urls[index] ?? "";
  const nodeNamed = (name: string) => cluster.nodes.find(({ plan }) => plan.name === name);
  const isListed = (id: string, service: string) =>
    knownNodes(cluster.broker).some(
      (node) => node.id === id && node.available && node.services.includes(service),
    );
  const requestsOf = async (nodeID: string) =>
    (await callShop(cluster.broker, "operations.node", {}, { nodeID })).requests;
  const console = (...lines: string[]) =>
    typeAtConsole(
      startNode(["none", "--repl"], {
        environmentFile: cluster.stack.environmentFile,
        environment: { HOME: directory },
      }),
      lines,
    );

  async function request(
    index: number,
    method: string,
    path: string,
    options: { token?: string; key?: string; body?: object } = {},
  ) {
    const { token, key, body } = options;
    const response = await fetch(`${gateway(index)}/api/v1${path}`, {
      method,
      headers: {
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(key ? { "Idempotency-Key": key } : {}),
        ...(body ? { "Content-Type": "application/json" } : {}),
      },
      body: body ? JSON.stringify(body) : null,
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: text ? JSON.parse(text) : undefined,
    };
  }

  async function signIn(index: number, credentials: { email: string; password: string }): Promise<string> {
    const { status, json } = await request(index, "POST", "/auth/login", { body: credentials });
    expect(status).toBe(200);
    return json.accessToken;
  }

  async function registered(): Promise<{ email: string; password: string }> {
    const credentials = { email: `${randomUUID()}@example.com`, password: "a long and private sentence" };
    const { status } = await request(0, "POST", "/auth/register", { body: { ...credentials, name: "Ada" } });
    expect(status).toBe(202);
    return credentials;
  }

  test("a customer registers, browses, fills a cart, orders and has it paid, over two gateways", async () => {
    const customer = await signIn(1, await registered());
    const found = await request(0, "GET", "/products?q=plate");
    expect(found.status).toBe(200);
    const product = await request(1, "GET", `/products/${found.json.items[0].slug}`);
    const [variant] = product.json.variants;

    const cart = await request(1, "POST", "/carts", { token: customer });
    const path = `/carts/${cart.json.id}`;
    const added = await request(0, "POST", `${path}/items`, {
      token: customer,
      body: { variantId: variant.id, quantity: 2 },
    });
    expect(added.status).toBe(201);
    const quote = await request(1, "GET", `${path}/quote`, { token: customer });
    expect(quote.json.orderable).toBe(true);

    const key = randomUUID();
    const body = { cartId: cart.json.id, total: quote.json.total, shippingAddress: address };
    const placed = await request(0, "POST", "/orders", { token: customer, key, body });
    expect(placed.status).toBe(201);
    const again = await request(1, "POST", "/orders", { token: customer, key, body });
    expect(again.text).toBe(placed.text);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");

    const staff = await signIn(0, administrator);
    const order = `/orders/${placed.json.id}`;
    const paid = await request(1, "POST", `${order}/payments`, {
      token: staff,
      key: randomUUID(),
      body: { reference: "bank 1" },
    });
    expect(paid.status).toBe(201);
    expect((await request(0, "GET", order, { token: customer })).json.status).toBe("paid");

    // Events do the rest: the stock is sold, the cart emptied, and all is in the audit trail.
    const stock = () => request(1, "GET", `/variants/${variant.id}/stock`, { token: staff });
    await until(async () => (await stock()).json.sold === 2);
    expect((await stock()).json.reserved).toBe(0);
    await until(async () => (await request(0, "GET", path, { token: customer })).json.items.length === 0);
    const trail = () => request(0, "GET", "/audit-events?limit=100", { token: staff });
    await until(async () => (await trail()).text.includes("orders.paid"));

    const { shown } = await console(`shop order ${placed.json.number}`, `shop stock ${variant.sku}`);
    expect(shown).toMatch(new RegExp(`${placed.json.number} +paid`));
    expect(shown).toMatch(/sell +2/);
  }, 240_000);

  test("a node that is started by hand joins, takes requests, and leaves when it is asked to", async () => {
    const environment = { NODE_ID: "by-hand" };
    const node = startNode(["catalog"], { environmentFile: cluster.stack.environmentFile, environment });
    await until(() => isListed("by-hand", "catalog"));
    await until(async () => {
      await Promise.all([0, 1].map((index) => request(index, "GET", "/categories")));
      return (await requestsOf("by-hand")) > 0;
    });

    node.kill("SIGTERM");
    const [code] = (await once(node, "exit")) as [number];
    expect(code).toBe(0);
    await until(() => !isListed("by-hand", "catalog"));
    for (const index of [0, 1, 0, 1]) expect((await request(index, "GET", "/categories")).status).toBe(200);
  }, 240_000);

  test("a node that is killed is out of the registry within six seconds, and from then on no read fails", async () => {
    const environment = { NODE_ID: "doomed" };
    const node = startNode(["catalog"], { environmentFile: cluster.stack.environmentFile, environment });
    await until(() => isListed("doomed", "catalog"));

    node.kill("SIGKILL");
    const deadline = Date.now() + 6000;
    await until(() => !isListed("doomed", "catalog") || Date.now() > deadline);
    expect(isListed("doomed", "catalog")).toBe(false);
    // Each gateway counts its own heartbeats.
    await until(() => Date.now() > deadline);
    for (let round = 0; round < 50; round += 1)
      for (const index of [0, 1]) expect((await request(index, "GET", "/products?limit=1")).status).toBe(200);
  }, 240_000);

  test("a node of the supervisor's that is killed is started again and serves", async () => {
    const before = nodeNamed("catalog-1")?.pid;
    await cluster.kill("catalog-1");
    await until(() => nodeNamed("catalog-1")?.state === "up");
    expect(nodeNamed("catalog-1")?.restarts).toBe(1);
    expect(nodeNamed("catalog-1")?.pid).not.toBe(before);
    await until(async () => {
      const answer = await callShop(
        cluster.broker,
        "operations.node",
        {},
        { nodeID: "catalog-1", timeout: 1000 },
      ).catch(() => undefined);
      return answer?.pid === nodeNamed("catalog-1")?.pid;
    });
    await until(async () => {
      await request(0, "GET", "/categories");
      return (await requestsOf("catalog-1")) > 0;
    });
  }, 240_000);

  test("at the console, an operator sees nodes and replicas, and mistakes take one line", async () => {
    const { code, shown } = await console(
      "shop nodes",
      "shop replicas",
      "shop seed",
      "shop stock nothing",
      "shop order 1",
      "shop dance",
    );
    expect(code).toBe(0);
    for (const { plan } of cluster.nodes) expect(shown).toMatch(new RegExp(`${plan.name} +${plan.kind} +up`));
    expect(shown).toMatch(/catalog-1 +catalog +127\.0\.0\.1:\d+ +read from/);
    expect(shown).toContain("the catalogue is not empty: nothing added");
    expect(shown).toContain("failed: not-found: No variant with SKU nothing");
    expect(shown).toContain("failed: no order 1");
    expect(shown).toContain("unknown command shop dance: see shop help");
  }, 240_000);

  test("at the console, an operator lists dead letters and replays them", async () => {
    const id = newId();
    await setAside("cart", {
      id,
      name: "orders.placed",
      occurredAt: Date.now(),
      actor: { kind: "system", id: "test" },
      requestId: "test",
      payload: {
        orderId: newId(),
        number: "0000-0000",
        customerId: newId(),
        cartId: newId(),
        lines: [],
        total: { amount: 0, currency: "GBP" },
      },
    });
    const first = await console("shop dlq list", `shop dlq replay ${newId()}`, "shop dlq list");
    expect(first.shown.match(new RegExp(`${id} +orders.placed .* cart +16  out of luck`, "g"))).toHaveLength(
      2,
    );
    expect(first.shown).toContain("nothing to replay");
    const second = await console(`shop dlq replay ${id}`, "shop dlq list");
    expect(second.shown).toContain("1 queued for replay");
    expect(second.shown).toContain("there are no dead letters");
  }, 240_000);

  test("a second supervisor in the same directory is refused and leaves the first alone", async () => {
    await expect(startCluster({ directory, port: await freePorts(2) })).rejects.toThrow(
      /running in .* already/,
    );
    expect((await request(0, "GET", "/categories")).status).toBe(200);
  });

  test("stopping leaves none of its processes", async () => {
    const pids = cluster.nodes.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
    expect(pids).toHaveLength(cluster.nodes.length);
    await cluster.stop();
    expect(pids.filter((pid) => observe(pid))).toEqual([]);
    await cluster.stop();
  }, 240_000);

  /** Creates a dead letter of a service, as after its last failed attempt. */
  async function setAside(service: string, event: { id: string; [field: string]: unknown }): Promise<void> {
    const connection = await connect(cluster.stack.environment.AMQP_URL);
    const channel = await connection.createConfirmChannel();
    const headers = { "x-attempts": 16, "x-error": "out of luck" };
    channel.sendToQueue(
      amqpTopology([], "shop", []).deadQueueOf(service),
      Buffer.from(JSON.stringify(event)),
      {
        persistent: true,
        messageId: event.id,
        headers,
      },
    );
    await channel.waitForConfirms();
    await connection.close();
  }
});
