import { once } from "node:events";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { newId } from "../../services/contract/ids.ts";
import { isSignedBody } from "../../services/orders/payments/signed-body.ts";
import { Sandbox, sandboxSecret } from "../support/sandbox.ts";

interface News {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly reference: string };
}

describe("the payment sandbox", () => {
  let sandbox: Sandbox;
  let shop: Server;
  let news: News[];
  let answers: number[];

  beforeEach(async () => {
    news = [];
    answers = [];
    shop = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks);
        const signature = String(request.headers["sandbox-signature"]);
        expect(isSignedBody(body, signature, sandboxSecret, Date.now())).toBe(true);
        news.push(JSON.parse(body.toString()) as News);
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
    const answer = await sandbox.call("POST", "/v1/payments", { ...request, ...change }, { "idempotency-key": key });
    return { ...answer, body: answer.body as { id: string; url: string } };
  };
  const refund = async (id: string, amount: number, key: string = newId()) =>
    sandbox.call("POST", `/v1/payments/${id}/refunds`, { amount, reference: "ours" }, { "idempotency-key": key });
  const typesOf = () => news.map(({ type }) => type);

  test("a payment is created once for a key, paid on its page and refunded up to what was paid", async () => {
    const { status, body } = await create("one");
    expect(status).toBe(201);
    expect((await create("one")).body).toEqual(body);
    expect(await create("one", { amount: 1 })).toMatchObject({ status: 422, body: { error: { code: "key_reused" } } });
    expect(await refund(body.id, 1)).toMatchObject({ status: 409, body: { error: { code: "not_paid" } } });
    expect(await (await fetch(body.url)).text()).toContain("Pay 24.95 GBP");
    await sandbox.pay(body.id);
    expect(await refund(body.id, 2000, "two")).toMatchObject({ status: 201, body: { status: "succeeded" } });
    await refund(body.id, 2000, "two");
    expect(await refund(body.id, 496)).toMatchObject({ status: 409, body: { error: { code: "too_much" } } });
    expect(await refund(body.id, 495)).toMatchObject({ status: 201 });
    await sandbox.settled();
    expect(typesOf().sort()).toEqual(["payment.created", "payment.succeeded", "refund.succeeded", "refund.succeeded"]);
    const { payments, refunds } = await sandbox.book();
    expect(payments).toMatchObject([{ reference: "ours", amount: 2495, status: "succeeded" }]);
    expect(refunds.map(({ amount }) => amount)).toEqual([2000, 495]);
  });

  test("news that the shop did not take comes again, and a duplicated one twice, under one id", async () => {
    answers = [500, 503];
    await create();
    await sandbox.settled();
    expect(new Set(news.map(({ id }) => id)).size).toBe(1);
    expect(news).toHaveLength(3);
    news = [];
    await sandbox.faults({ duplicate: 1, drop: 1 });
    await create();
    await sandbox.settled();
    expect(news).toHaveLength(2);
    expect(new Set(news.map(({ id }) => id)).size).toBe(1);
  });

  test("what is held comes when it is released, also the last first", async () => {
    await sandbox.faults({ hold: true });
    const { body } = await create();
    await sandbox.pay(body.id);
    expect(news).toEqual([]);
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
    expect((await sandbox.book()).payments).toHaveLength(1);
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

  test("without the key nothing is told or done", async () => {
    const response = await fetch(`${sandbox.url}/v1/book`);
    expect(response.status).toBe(401);
    expect((await fetch(`${sandbox.url}/control/faults`, { method: "PUT", body: "{}" })).status).toBe(401);
  });
});
