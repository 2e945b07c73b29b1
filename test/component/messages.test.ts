import { createServer } from "node:http";
import type { IncomingHttpHeaders, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Service, ServiceBroker } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { guest } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { signatureOf } from "../../mixins/notify/http-channel.ts";
import type { OutgoingMessage } from "../../mixins/notify/notify-channel.ts";
import { messageTo } from "../support/messages.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

const secret = "a secret of the gateway";

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers with the given statuses in turn, then with the last one. `hang`: never answers. */
class FakeGateway {
  readonly received: Received[] = [];
  statuses: (number | "hang")[] = [202];
  readonly #server: Server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => (body += part));
    request.on("end", () => {
      this.received.push({ headers: request.headers, body });
      const [status = 202] = this.statuses;
      if (this.statuses.length > 1) this.statuses.shift();
      if (status !== "hang") response.writeHead(status, { location: "/elsewhere" }).end();
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/messages`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

describe("messages to phones", () => {
  let gateway: FakeGateway;
  let url: string;
  let shop: Shop | undefined;
  let used = 0;
  beforeEach(async () => {
    gateway = new FakeGateway();
    url = await gateway.start();
  });
  afterEach(async () => {
    await shop?.stop();
    await gateway.stop();
  });

  const start = async (env: Record<string, string> = {}, prepare?: (broker: ServiceBroker) => void) => {
    shop = await startShop({
      services: ["users", "audit"],
      env: {
        NOTIFY_URL: url,
        NOTIFY_SECRET: secret,
        NOTIFY_TIMEOUT_MS: "200",
        SWEEP_INTERVAL_SECONDS: "1",
        ...env,
      },
      ...(prepare ? { prepare } : {}),
    });
    return shop;
  };
  const until = async (ready: () => boolean | Promise<boolean>) => {
    while (!(await ready())) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  const newNumber = () => `+86138${String((used += 1)).padStart(5, "0")}123`;
  async function request(running: Shop, phone = newNumber()) {
    const email = `${newId()}@example.org`;
    const password = "a quiet long sentence";
    await running.call("users.register", { email, password, name: "Ada" }, { as: guest });
    const { user } = await running.call("users.login", { email, password }, { as: guest });
    const as = customer(user.id);
    return { as, ...(await running.call("users.phone-verifications.request", { phone }, { as })) };
  }
  const states = async (running: Shop) => {
    const { database } = running.broker.getLocalService("users") as Service & ServiceWithDatabase;
    const sql =
      "SELECT status, attempts, last_error AS lastError, sealed_code AS sealedCode FROM messages ORDER BY id";
    return database.select<{
      status: string;
      attempts: number;
      lastError: string | null;
      sealedCode: string | null;
    }>(sql);
  };
  const inState = (running: Shop, status: string) =>
    until(async () => (await states(running)).every((each) => each.status === status));

  test("reach the gateway signed, once", async () => {
    const running = await start();
    const { phone, id, as } = await request(running);
    await inState(running, "sent");
    const [first, ...more] = gateway.received;
    if (!first) throw new Error("nothing came");
    expect(more).toEqual([]);
    const { headers, body } = first;
    const message = JSON.parse(body) as OutgoingMessage;
    expect(message).toMatchObject({ to: phone, kind: "phone-verification", locale: "en" });
    expect(message.text).toContain(message.params["code"]);
    const timestamp = String(headers["webhook-timestamp"]);
    expect(headers["webhook-id"]).toBe(message.id);
    expect(headers["webhook-signature"]).toBe(`v1,${signatureOf(secret, message.id, timestamp, body)}`);
    expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(60);
    const code = message.params["code"] ?? "";
    expect(await running.call("users.phone-verifications.confirm", { id, code }, { as })).toMatchObject({
      phone,
    });
  });

  test("are sent again with the same id and code after a failure, a time-out and a refusal to serve", async () => {
    gateway.statuses = [500, "hang", 202];
    const running = await start();
    await request(running);
    await inState(running, "sent");
    expect(new Set(gateway.received.map(({ body }) => body)).size).toBe(1);
    expect(gateway.received).toHaveLength(3);
    expect(await states(running)).toMatchObject([{ attempts: 3, sealedCode: null }]);
  }, 30_000);

  test("are given up when the gateway rejects them for good; a redirect is not followed", async () => {
    gateway.statuses = [422];
    const running = await start();
    await request(running);
    await inState(running, "failed");
    gateway.statuses = [307];
    await request(running);
    await until(async () =>
      (await states(running)).some(({ lastError }) => lastError?.includes("fetch failed") ?? false),
    );
    expect(gateway.received).toHaveLength(2);
  });

  test("are left to wait while the gateway is down: it is asked three times, then left alone", async () => {
    gateway.statuses = [503];
    const running = await start();
    for (let n = 0; n < 6; n += 1) await request(running);
    await until(async () => (await states(running)).every(({ attempts }) => attempts >= 2));
    expect(gateway.received.length).toBeLessThanOrEqual(6 + 1);
    expect((await states(running)).every(({ status }) => status === "waiting")).toBe(true);
  }, 30_000);

  test("are no more a day than the shop pays for; the rest is dropped, and the code is worth nothing", async () => {
    const running = await start({ PHONE_CODES_PER_DAY: "3" });
    for (let n = 0; n < 5; n += 1) await request(running);
    await until(async () => (await states(running)).every(({ status }) => status !== "waiting"));
    // Midnight may pass meanwhile.
    expect([3, 4, 5]).toContain(gateway.received.length);
    expect((await states(running)).filter(({ status }) => status === "failed")).toHaveLength(
      5 - gateway.received.length,
    );
  });

  test("go to the countries that are served, and no other", async () => {
    const running = await start({ PHONE_COUNTRIES: "CN,HK" });
    await expect(request(running, "+447911123456")).rejects.toMatchObject({
      type: "validation-failed",
      data: { errors: [{ path: "phone", code: "country-not-served" }] },
    });
    await request(running, "+85291234567");
    await inState(running, "sent");
  });

  test("are handed to an action of an installed service, if there is one", async () => {
    const handed: OutgoingMessage[] = [];
    const running = await start({ NOTIFY_ACTION: "sms.send" }, (broker) => {
      broker.createService({
        name: "sms",
        actions: { send: (context: { params: OutgoingMessage }) => void handed.push(context.params) },
      });
    });
    const { phone } = await request(running);
    await until(() => handed.length === 1);
    expect(handed[0]).toMatchObject({ to: phone, kind: "phone-verification" });
    expect(gateway.received).toEqual([]);
  });

  test("are files in one process without a gateway", async () => {
    shop = await startShop({ services: ["users"] });
    const { phone } = await request(shop);
    expect(await messageTo(shop.dataDir, phone)).toMatchObject({ kind: "phone-verification" });
  });

  test("a gateway without a secret is refused at the start", async () => {
    await expect(startShop({ services: ["users"], env: { NOTIFY_URL: url } })).rejects.toThrow(
      "NOTIFY_SECRET",
    );
  });
});
