import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { ServiceBroker } from "moleculer";
import { loadConfig } from "../../config/index.ts";
import type { Stack } from "../../deploy/local/stack.ts";
import { createNode } from "../../services/node/create-node.ts";
import { knownNodes } from "../../services/operations/console/known-nodes.ts";
import { until } from "./processes.ts";
import { giveBack, takeStack } from "./stack-for-tests.ts";

const runner = fileURLToPath(
  new URL("../../node_modules/moleculer/bin/moleculer-runner.js", import.meta.url),
);
const echo =
  'module.exports = { name: "echo", actions: { say: (ctx) => ctx.params.text + " from " + ctx.broker.nodeID } };';

describe("a node of the framework, with nothing of the shop's", () => {
  let stack: Stack;
  let broker: ServiceBroker;

  beforeAll(async () => {
    stack = await takeStack();
    broker = await createNode(
      loadConfig({ ...stack.environment, SERVICES: "none", NODE_ID: "shop-1", LOG_LEVEL: "fatal" }),
    );
    await broker.start();
  }, 600_000);
  afterAll(async () => {
    await broker?.stop();
    await giveBack(stack);
  }, 240_000);

  test("joins by the transporter's URL, is called, calls from its console, and stays with its default heartbeat", async () => {
    const directory = await mkdtemp(join(tmpdir(), "plain-node-"));
    await writeFile(join(directory, "echo.service.js"), echo);
    const { AMQP_URL: TRANSPORTER } = stack.environment;
    const { namespace: NAMESPACE } = broker;
    const env = { PATH: "/usr/bin:/bin", HOME: directory, TRANSPORTER, NAMESPACE, NODEID: "plain-1" };
    const node = spawn(process.execPath, [runner, "--repl", "echo.service.js"], { cwd: directory, env });
    let shown = "";
    node.stdout.setEncoding("utf8").on("data", (text: string) => (shown += text));
    const ended = new Promise<number | null>((resolve) => node.on("close", resolve));
    try {
      const isThere = () =>
        knownNodes(broker).some(
          ({ id, available, services }) => id === "plain-1" && available && services.includes("echo"),
        );
      await until(isThere);
      expect(await broker.call("echo.say", { text: "hello" })).toBe("hello from plain-1");
      const since = Date.now();
      // Twice as long as a node of the shop may be silent.
      while (Date.now() - since < 8000) {
        expect(isThere()).toBe(true);
        await delay(100);
      }
      node.stdin.write("call operations.node\n");
      await until(() => shown.includes("requests"));
    } finally {
      node.kill("SIGTERM");
      await ended;
    }
  }, 240_000);
});
