import { once } from "node:events";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { newId } from "../../mixins/contract/ids.ts";
import { isSignedBody } from "../../services/orders/payments/signed-body.ts";
import { freePorts } from "../cluster/processes.ts";
import { FakeCheckoutServices } from "../support/fake-checkout-services.ts";
import { Sandbox, sandboxSecret } from "../support/sandbox.ts";
import { customer, startShop } from "../support/shop.ts";

interface Webhook {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly reference: string };
}

describe("the payment sandbox", () => {
  let sandbox: Sandbox;
  let shop: Server;
  let webhooks: Webhook[];
  let answers: number[];

  beforeEach(async () => {
    webhooks = [];
    answers = [];
    shop = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks);
        const signature = String(request.headers["sandbox-signature"]);
        expect(isSignedBody(body, signature, sandboxSecret, Date.now())).toBe(true);
        webhooks.push(JSON.parse(body.toString()) as Webhook);
        response.writeHead(answers.shift() ?? 200).end();
      });
    });
    shop.listen(0, "127.0.0.1");
    await once(shop, "listening");
    sandbox = await Sandbox.start();
    await sandbox.sendTo(`http://127.0.0.1:${(shop.address() as AddressInfo).port}/`);
  });
  afterEach(async () => {
    await sandbox.stop();
    shop.close();
    shop.closeAllConnections();
  });

  const request = { amount: 2495, currency: "GBP", reference: "ours", description: "Order K7Q2-9XMD" };
  const create = async (key: string = newId(), change: object = {}) => {
    const answer = await sandbox.call(
      "POST",
      "/v1/payments",
      { ...request, ...change },
      { "idempotency-key": key },
    );
    return { ...answer, body: answer.body as { id: string; url: string } };
  };
  const refund = async (id: string, amount: number, key: string = newId()) =>
    sandbox.call(
      "POST",
      `/v1/payments/${id}/refunds`,
      { amount, reference: "ours" },
      { "idempotency-key": key },
    );
  const typesOf = () => webhooks.map(({ type }) => type);

  test("a payment is created once for a key, paid on its page and refunded up to what was paid", async () => {
    const { status, body } = await create("one");
    expect(status).toBe(201);
    expect((await create("one")).body).toEqual(body);
    expect(await create("one", { amount: 1 })).toMatchObject({
      status: 422,
      body: { error: { code: "key_reused" } },
    });
    expect(await refund(body.id, 1)).toMatchObject({ status: 409, body: { error: { code: "not_paid" } } });
    expect(await (await fetch(body.url)).text()).toContain("Pay 24.95 GBP");
    await sandbox.pay(body.id);
    expect(await refund(body.id, 2000, "two")).toMatchObject({ status: 201, body: { status: "succeeded" } });
    await refund(body.id, 2000, "two");
    expect(await refund(body.id, 496)).toMatchObject({ status: 409, body: { error: { code: "too_much" } } });
    expect(await refund(body.id, 495)).toMatchObject({ status: 201 });
    await sandbox.settled();
    expect(typesOf().sort()).toEqual([
      "payment.created",
      "payment.succeeded",
      "refund.succeeded",
      "refund.succeeded",
    ]);
    const { payments, refunds } = await sandbox.ledger();
    expect(payments).toMatchObject([{ reference: "ours", amount: 2495, status: "succeeded" }]);
    expect(refunds.map(({ amount }) => amount)).toEqual([2000, 495]);
  });

  test("an unacknowledged webhook is retried, and a duplicated one arrives twice under one id", async () => {
    answers = [500, 503];
    await create();
    await sandbox.settled();
    expect(new Set(webhooks.map(({ id }) => id)).size).toBe(1);
    expect(webhooks).toHaveLength(3);
    webhooks = [];
    await sandbox.faults({ duplicate: 1, drop: 1 });
    await create();
    await sandbox.settled();
    expect(webhooks).toHaveLength(2);
    expect(new Set(webhooks.map(({ id }) => id)).size).toBe(1);
  });

  test("held webhooks are sent on release, also in reverse order", async () => {
    await sandbox.faults({ hold: true });
    const { body } = await create();
    await sandbox.pay(body.id);
    expect(webhooks).toEqual([]);
    expect(await sandbox.release(true)).toEqual([200, 200]);
    expect(typesOf()).toEqual(["payment.succeeded", "payment.created"]);
  });

  test("an answer that is lost is given again for the same key; one that failed did nothing", async () => {
    await sandbox.faults({ loseAnswer: 1 });
    expect(await create("one")).toMatchObject({ status: 500 });
    await sandbox.faults({ fail: 1 });
    expect(await create("two")).toMatchObject({ status: 500 });
    await sandbox.faults({});
    expect(await create("one")).toMatchObject({ status: 201 });
    expect((await sandbox.ledger()).payments).toHaveLength(1);
  });

  test("the same seed brings the same faults", async () => {
    const outcomes = async () => {
      await sandbox.faults({ seed: 7, fail: 0.5 });
      const statuses: number[] = [];
      for (let index = 0; index < 20; index += 1) statuses.push((await create()).status);
      return statuses;
    };
    const first = await outcomes();
    expect(await outcomes()).toEqual(first);
    expect(new Set(first)).toEqual(new Set([201, 500]));
  });

  test("without the key every call is rejected", async () => {
    const response = await fetch(`${sandbox.url}/v1/book`);
    expect(response.status).toBe(401);
    expect((await fetch(`${sandbox.url}/control/faults`, { method: "PUT", body: "{}" })).status).toBe(401);
  });
});

describe("the payment sandbox in the shop's own process", () => {
  const env = { SHOP_SHAPE: "embedded", SWEEP_INTERVAL_SECONDS: "3600" };
  const address = { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1 1AA", country: "GB" };

  test("takes a payment on the port after the shop's with no setting at all, and tells the gateway of the same process", async () => {
    const world = new FakeCheckoutServices();
    const port = await freePorts(2);
    const shop = await startShop({
      services: ["api", "orders"],
      env: { ...env, PORT: String(port) },
      prepare: world.install,
    });
    try {
      const [buyer, cartId] = [customer(), world.cart([world.stock(100, 1000), 2])];
      const request = {
        idempotencyKey: newId(),
        cartId,
        total: { amount: 2495, currency: "GBP" },
        shippingAddress: address,
      };
      const { id } = await shop.call("orders.place", request, { as: buyer });
      const payment = { id, idempotencyKey: newId(), provider: "sandbox" } as const;
      const { next } = await shop.call("orders.payments.record", payment, { as: buyer });
      if (next?.action !== "redirect") throw new Error("there is no page to pay on");
      expect(next.url).toMatch(`http://localhost:${port + 1}/pay/`);
      expect((await fetch(next.url, { method: "POST" })).status).toBe(200);
      const statusOf = async () => (await shop.call("orders.get", { id })).status;
      while ((await statusOf()) === "placed") await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await statusOf()).toBe("paid");
    } finally {
      await shop.stop();
    }
  });

  test("does not let the shop start without the port that it was given", async () => {
    const taken = createServer();
    await once(taken.listen(0, "127.0.0.1"), "listening");
    const { port } = taken.address() as AddressInfo;
    const started = startShop({
      services: ["orders"],
      env: { ...env, LOG_LEVEL: "fatal", SANDBOX_PORT: String(port) },
    });
    await expect(started).rejects.toThrow(`bad setting: SANDBOX_PORT: ${port} is in use already`);
    taken.close();
    await once(taken, "close");
  });
});
