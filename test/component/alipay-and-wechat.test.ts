/** @embedded what is tested is spoken with the providers' stand-ins; the conformance table runs on real servers */
import { createVerify } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { AlipayStandIn } from "../../deploy/psp-sandbox/alipay-stand-in.ts";
import type { RunningStandIn } from "../../deploy/psp-sandbox/stand-in-server.ts";
import { serveStandIns } from "../../deploy/psp-sandbox/stand-in-server.ts";
import { makeStandInKeys, standInSettings } from "../../deploy/psp-sandbox/stand-in-settings.ts";
import { WechatStandIn } from "../../deploy/psp-sandbox/wechat-stand-in.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { executeRefunds } from "../../services/orders/jobs/execute-refunds.job.ts";
import { queryPayments } from "../../services/orders/jobs/query-payments.job.ts";
import { tradeNumberOf } from "../../services/orders/payments/providers/trade-number.ts";
import { freePorts } from "../cluster/processes.ts";
import { FakeCheckoutServices } from "../support/fake-checkout-services.ts";
import { runJob } from "../support/run-job.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

const hour = 3_600_000;
const address = { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1 1AA", country: "GB" };
const keys = makeStandInKeys();
const alipay = new AlipayStandIn(keys.alipay);
const wechat = new WechatStandIn(keys.wechat);
const world = new FakeCheckoutServices();
let standIns: RunningStandIn;
let shop: Shop;

beforeAll(async () => {
  world.currency = "CNY";
  standIns = await serveStandIns([alipay, wechat]);
  const port = await freePorts(1);
  const env = {
    ...standInSettings(keys, standIns.url, `http://127.0.0.1:${port}/api/v1/webhooks/payments`),
    PAYMENT_PROVIDERS: "manual,alipay,wechat",
    CURRENCY: "CNY",
    PORT: String(port),
    SWEEP_INTERVAL_SECONDS: "3600",
  };
  shop = await startShop({ services: ["api", "orders"], env, prepare: world.install });
});
afterAll(async () => {
  await shop.stop();
  await standIns.close();
});

async function placed(): Promise<{ id: string; buyer: Caller }> {
  const buyer = customer();
  const cartId = world.cart([world.stock(100, 1000), 2]);
  const total = { amount: 2495, currency: "CNY" };
  const params = { idempotencyKey: newId(), cartId, total, shippingAddress: address };
  const { id } = await shop.call("orders.place", params, { as: buyer });
  return { id, buyer };
}

async function started(provider: string, more: object = {}) {
  const { id, buyer } = await placed();
  const params = { id, idempotencyKey: newId(), provider, ...more };
  return { id, buyer, payment: await shop.call("orders.payments.record", params, { as: buyer }) };
}

async function statusAfterPaying(id: string, page: string): Promise<string> {
  expect((await fetch(page, { method: "POST" })).status).toBe(200);
  const statusOf = async () => (await shop.call("orders.get", { id })).status;
  while ((await statusOf()) === "placed") await new Promise((resolve) => setTimeout(resolve, 5));
  return statusOf();
}

describe("Alipay", () => {
  test.each([
    ["a desk", {}, "alipay.trade.page.pay"],
    ["a phone", { via: "phone" }, "alipay.trade.wap.pay"],
  ])("on %s the customer pays on its page, and its notice pays the order", async (_where, more, method) => {
    const { id, payment } = await started("alipay", more);
    if (payment.next?.action !== "redirect") throw new Error("there is no page");
    const url = new URL(payment.next.url);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ method, sign_type: "RSA2" });
    expect(await (await fetch(url)).text()).toContain("Pay 24.95 CNY");
    expect(await statusAfterPaying(id, `${alipay.url}/pay/${payment.reference}`)).toBe("paid");
  });

  test("a code is shown, scanned and paid", async () => {
    const { id, payment } = await started("alipay", { via: "code" });
    if (payment.next?.action !== "show-code") throw new Error("there is no code");
    expect(await statusAfterPaying(id, payment.next.code)).toBe("paid");
  });

  test("it is answered in its own words", async () => {
    const { payment } = await started("alipay", { via: "code" });
    const trade = alipay.trades.get(payment.reference ?? "");
    if (!trade) throw new Error("there is no trade");
    alipay.trades.pay(trade);
    const { body, contentType } = alipay.notice(trade);
    const response = await fetch(`${shop.url}/api/v1/webhooks/payments/alipay`, {
      method: "POST",
      headers: { "content-type": contentType },
      body,
    });
    expect(response.headers.get("content-type")).toBe("text/plain");
    expect(await response.text()).toBe("success");
  });

  test("a link that nobody had opened when it was closed is watched, and what is paid by it given back", async () => {
    const { id, buyer, payment } = await started("alipay", { via: "code" });
    const second = { id, idempotencyKey: newId(), provider: "wechat" } as const;
    const { next } = await shop.call("orders.payments.record", second, { as: buyer });
    if (next?.action !== "show-code") throw new Error("there is no code");
    expect(await statusAfterPaying(id, next.code)).toBe("paid");
    const trade = alipay.trades.get(payment.reference ?? "");
    if (!trade) throw new Error("there is no trade");
    // Its notice is lost.
    alipay.trades.pay(trade);
    await runJob(shop, "orders", queryPayments, Date.now() + 60_000);
    await runJob(shop, "orders", executeRefunds, Date.now() + 120_000);
    expect((await shop.call("orders.refunds.list", { id })).items).toMatchObject([
      { paymentId: payment.id, status: "succeeded", cause: "late-payment" },
    ]);
  });

  test("a link that is closed unopened is no longer watched once it has expired", async () => {
    const { id, payment } = await started("alipay", { via: "code" });
    await shop.call("orders.cancel", { id, reason: "Changed my mind" });
    for (const later of [60_000, hour, 3 * hour])
      await runJob(shop, "orders", queryPayments, Date.now() + later);
    const [closed] = (await shop.call("orders.payments.list", { id })).items;
    expect(closed).toMatchObject({ id: payment.id, status: "failed" });
    const { payments } = (
      shop.broker.getLocalService("orders") as unknown as {
        collaborators: { payments: { ofOrder: (id: string) => Promise<{ queryAt: number | null }[]> } };
      }
    ).collaborators;
    expect(await payments.ofOrder(id)).toMatchObject([{ queryAt: null }]);
  });
});

describe("WeChat Pay", () => {
  test("a code is shown, scanned and paid", async () => {
    const { id, payment } = await started("wechat");
    if (payment.next?.action !== "show-code") throw new Error("there is no code");
    expect(await statusAfterPaying(id, payment.next.code)).toBe("paid");
  });

  test("a phone's browser is sent to its page", async () => {
    const { id, payment } = await started("wechat", { via: "phone" });
    if (payment.next?.action !== "redirect") throw new Error("there is no page");
    expect(await statusAfterPaying(id, payment.next.url)).toBe("paid");
  });

  test("its own browser gets parameters that the merchant has signed, and needs the customer's id", async () => {
    const { payment } = await started("wechat", { via: "app-browser", payerId: "o_customer" });
    if (payment.next?.action !== "invoke") throw new Error("there are no parameters");
    const { appId, timeStamp, nonceStr, package: sent, signType, paySign = "" } = payment.next.parameters;
    expect({ sent, signType }).toEqual({ sent: `prepay_id=wx${tradeNumberOf(payment.id)}`, signType: "RSA" });
    const text = `${appId}\n${timeStamp}\n${nonceStr}\n${sent}\n`;
    expect(createVerify("RSA-SHA256").update(text).verify(keys.wechat.merchantKey, paySign, "base64")).toBe(
      true,
    );
    await expect(started("wechat", { via: "app-browser" })).rejects.toMatchObject({
      type: "payment-refused",
    });
  });

  test("a refund that takes its time succeeds when it tells, and is answered in its own words", async () => {
    const { id, payment } = await started("wechat");
    if (payment.next?.action !== "show-code") throw new Error("there is no code");
    await statusAfterPaying(id, payment.next.code);
    await shop.call("orders.cancel", { id, reason: "Changed my mind" });
    wechat.trades.nextRefund = "pending";
    await runJob(shop, "orders", executeRefunds);
    const trade = wechat.trades.get(payment.reference ?? "");
    const [refund] = [...(trade?.refunds.values() ?? [])];
    if (!trade || !refund) throw new Error("nothing is refunded");
    const refundsOf = async () => (await shop.call("orders.refunds.list", { id })).items;
    expect(await refundsOf()).toMatchObject([{ status: "requested", reference: refund.id }]);
    refund.status = "succeeded";
    const { body, contentType, headers } = wechat.refundNotice(trade, refund);
    const response = await fetch(`${shop.url}/api/v1/webhooks/payments/wechat`, {
      method: "POST",
      headers: { "content-type": contentType, ...headers },
      body,
    });
    expect(await response.json()).toEqual({ code: "SUCCESS", message: "OK" });
    expect(await refundsOf()).toMatchObject([{ status: "succeeded" }]);
  });
});

test("an order in a currency that they do not take is refused, and nothing is started", async () => {
  const others = new FakeCheckoutServices();
  const elsewhere = await startShop({
    services: ["orders"],
    env: {
      ...standInSettings(keys, standIns.url, "http://127.0.0.1:9"),
      PAYMENT_PROVIDERS: "alipay,wechat",
      SWEEP_INTERVAL_SECONDS: "3600",
    },
    prepare: others.install,
  });
  try {
    const buyer = customer();
    const cartId = others.cart([others.stock(100, 1000), 2]);
    const total = { amount: 2495, currency: "GBP" };
    const request = { idempotencyKey: newId(), cartId, total, shippingAddress: address };
    const { id } = await elsewhere.call("orders.place", request, { as: buyer });
    for (const provider of ["alipay", "wechat"])
      await expect(
        elsewhere.call("orders.payments.record", { id, idempotencyKey: newId(), provider }, { as: buyer }),
      ).rejects.toMatchObject({
        type: "validation-failed",
        data: { errors: [{ path: "provider", code: "unsupported-currency" }] },
      });
    expect((await elsewhere.call("orders.payments.list", { id })).items).toEqual([]);
  } finally {
    await elsewhere.stop();
  }
});
