import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Redis } from "ioredis";
import { openRedis } from "../../../mixins/cache/open-redis.ts";

/** In a thread, so that it answers while this one is blocked. It gives no answer to `GET silence`. */
const server = `
  const { createServer } = require("node:net");
  const { parentPort } = require("node:worker_threads");
  createServer((socket) => {
    socket.on("data", (data) => {
      for (const command of data.toString().split(/(?=\\*\\d)/))
        if (!command.includes("silence")) socket.write("$2\\r\\nOK\\r\\n");
    });
  }).listen(0, "127.0.0.1", function () {
    parentPort.postMessage(this.address().port);
  });
`;

let thread: Worker;
let redis: Redis;

beforeAll(async () => {
  thread = new Worker(server, { eval: true });
  const [port] = (await once(thread, "message")) as [number];
  redis = openRedis(`redis://127.0.0.1:${port}`, () => undefined);
  await once(redis, "ready");
});

afterAll(async () => {
  redis.disconnect();
  await thread.terminate();
});

test("a reply that arrives while the event loop is blocked is no timeout", async () => {
  const reply = redis.get("word");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  expect(await reply).toBe("OK");
});

test("a command without a reply times out, and the connection goes on", async () => {
  await expect(redis.get("silence")).rejects.toThrow("Command timed out");
  expect(redis.status).toBe("ready");
});
