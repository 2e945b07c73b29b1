import { z } from "zod";
import type {
  CloseOutcome,
  NextStep,
  NoticeHeaders,
  OnlinePaymentProvider,
  OpenPayment,
  PaymentProviderDefinition,
  PaymentState,
  ProviderNotice,
  ProviderPaymentRequest,
  ProviderRefundRequest,
  RefundOutcome,
  StartedPayment,
} from "../provider-interface.ts";
import { ProviderRefusal, ProviderUnreachable } from "../provider-interface.ts";
import { rsaPrivateKey, rsaPublicKey } from "./rsa-keys.ts";
import { idOfRefundNumber, idOfTradeNumber, refundNumberOf, tradeNumberOf } from "./trade-number.ts";
import { newNonce, sealedResource, WechatClient, WechatRefusal } from "./wechat-client.ts";

const because = "when PAYMENT_PROVIDERS has wechat";

const settings = z.object({
  /** Number of the merchant at WeChat Pay. */
  WECHAT_MCH_ID: z.string().regex(/^\d{8,32}$/),
  /** Id of the official account, mini program or app that is bound to the merchant. */
  WECHAT_APP_ID: z.string().regex(/^[\w-]{8,32}$/),
  /** Private key of the merchant's API certificate, in PEM or Base64. */
  WECHAT_PRIVATE_KEY: z.string().min(100),
  /** Serial number of that certificate. */
  WECHAT_SERIAL_NUMBER: z.string().regex(/^[0-9A-F]{8,64}$/),
  /** Id of WeChat Pay's public key: `PUB_KEY_ID_…`. */
  WECHAT_PUBLIC_KEY_ID: z.string().min(8),
  /** WeChat Pay's public key, in PEM or Base64. */
  WECHAT_PUBLIC_KEY: z.string().min(100),
  /** API v3 key of the merchant, which decrypts notices: 32 characters. */
  WECHAT_API_V3_KEY: z.string().regex(/^[\x20-\x7e]{32}$/, "must have 32 characters"),
  /** Public address of `/api/v1/webhooks/payments/wechat`, which WeChat Pay calls. */
  WECHAT_NOTIFY_URL: z.url({ protocol: /^https?$/ }),
  /** URL of the API of WeChat Pay. */
  WECHAT_API_URL: z.url({ protocol: /^https?$/ }).default("https://api.mch.weixin.qq.com"),
});

const received = z.object({ total: z.int(), currency: z.string().regex(/^[A-Z]{3}$/) });
const transaction = z.object({
  mchid: z.string(),
  out_trade_no: z.string(),
  trade_state: z.enum(["SUCCESS", "REFUND", "NOTPAY", "CLOSED", "REVOKED", "USERPAYING", "PAYERROR"]),
  trade_state_desc: z.string().optional(),
  amount: received.optional(),
});
const paidTransaction = transaction.extend({ amount: received });
const refund = z.object({
  refund_id: z.string(),
  status: z.enum(["SUCCESS", "CLOSED", "PROCESSING", "ABNORMAL"]),
});
const toldRefund = z.object({
  mchid: z.string(),
  out_refund_no: z.string(),
  refund_id: z.string(),
  refund_status: z.enum(["SUCCESS", "CLOSED", "ABNORMAL"]),
});
const notice = z.object({
  id: z.string().min(1).max(255),
  event_type: z.string().max(60),
  resource: sealedResource,
});

export const wechat: PaymentProviderDefinition = {
  name: "wechat",
  signatureHeaders: ["Wechatpay-Signature", "Wechatpay-Timestamp", "Wechatpay-Nonce", "Wechatpay-Serial"],
  acknowledgement: { mediaType: "application/json", text: '{"code":"SUCCESS","message":"OK"}' },
  settings,
  setUp(config) {
    const given = config.settings(settings, because);
    const client = new WechatClient({
      mchId: given.WECHAT_MCH_ID,
      apiUrl: given.WECHAT_API_URL.replace(/\/+$/, ""),
      serialNumber: given.WECHAT_SERIAL_NUMBER,
      privateKey: rsaPrivateKey(given.WECHAT_PRIVATE_KEY, "WECHAT_PRIVATE_KEY"),
      publicKeyId: given.WECHAT_PUBLIC_KEY_ID,
      publicKey: rsaPublicKey(given.WECHAT_PUBLIC_KEY, "WECHAT_PUBLIC_KEY"),
      apiV3Key: given.WECHAT_API_V3_KEY,
    });
    return () => Promise.resolve(new WechatProvider(client, given));
  },
};

/** WeChat Pay: a code to scan, a phone's browser, or WeChat's own. */
class WechatProvider implements OnlinePaymentProvider {
  readonly name = "wechat";
  readonly currencies = ["CNY"];
  readonly #client: WechatClient;
  readonly #given: z.output<typeof settings>;

  constructor(client: WechatClient, given: z.output<typeof settings>) {
    this.#client = client;
    this.#given = given;
  }

  async start(payment: ProviderPaymentRequest): Promise<StartedPayment> {
    const { id, orderNumber, amount, currency, expiresAt, via, payerId, address } = payment;
    const reference = tradeNumberOf(id);
    const { WECHAT_APP_ID: appid, WECHAT_MCH_ID: mchid, WECHAT_NOTIFY_URL: notify_url } = this.#given;
    const order = {
      appid,
      mchid,
      description: `Order ${orderNumber}`,
      out_trade_no: reference,
      time_expire: `${new Date(expiresAt).toISOString().slice(0, 19)}+00:00`,
      notify_url,
      amount: { total: amount, currency },
    };
    if (via === "phone") {
      const scene_info = { payer_client_ip: address ?? "127.0.0.1", h5_info: { type: "Wap" } };
      const answer = await this.#post("/v3/pay/transactions/h5", { ...order, scene_info });
      const { h5_url: url } = readAs(z.object({ h5_url: z.string() }), answer);
      return { reference, next: { action: "redirect", url } };
    }
    if (via === "app-browser") {
      if (payerId === undefined)
        throw new ProviderRefusal("WeChat Pay needs the customer's openid as payerId");
      const answer = await this.#post("/v3/pay/transactions/jsapi", { ...order, payer: { openid: payerId } });
      const { prepay_id: prepayId } = readAs(z.object({ prepay_id: z.string() }), answer);
      return { reference, next: this.#invocation(prepayId) };
    }
    const answer = await this.#post("/v3/pay/transactions/native", order);
    const { code_url: code } = readAs(z.object({ code_url: z.string() }), answer);
    return { reference, next: { action: "show-code", code } };
  }

  /** Parameters of `WeixinJSBridge.invoke("getBrandWCPayRequest", …)`. */
  #invocation(prepayId: string): NextStep {
    const { WECHAT_APP_ID: appId } = this.#given;
    const timeStamp = String(Math.floor(Date.now() / 1000));
    const nonceStr = newNonce();
    const sent = `prepay_id=${prepayId}`;
    const paySign = this.#client.sign(appId, timeStamp, nonceStr, sent);
    return {
      action: "invoke",
      parameters: { appId, timeStamp, nonceStr, package: sent, signType: "RSA", paySign },
    };
  }

  async query({ id }: OpenPayment): Promise<PaymentState> {
    const reference = tradeNumberOf(id);
    const path = `/v3/pay/transactions/out-trade-no/${reference}?mchid=${this.#given.WECHAT_MCH_ID}`;
    const answer = await this.#client.ask("GET", path).catch(unlessMissing);
    if (answer === undefined) return { status: "unknown" };
    const { trade_state: state, trade_state_desc: reason = "No reason was given" } = readAs(
      transaction,
      answer,
    );
    switch (state) {
      case "SUCCESS":
      case "REFUND": {
        const { amount } = readAs(paidTransaction, answer);
        return { status: "succeeded", reference, amount: amount.total, currency: amount.currency };
      }
      case "CLOSED":
      case "REVOKED":
        return { status: "closed", reference, reason };
      case "PAYERROR":
        return { status: "pending", reference, failure: reason };
      case "NOTPAY":
      case "USERPAYING":
        return { status: "pending", reference, failure: null };
    }
  }

  async close(payment: OpenPayment): Promise<CloseOutcome> {
    const path = `/v3/pay/transactions/out-trade-no/${tradeNumberOf(payment.id)}/close`;
    try {
      await this.#post(path, { mchid: this.#given.WECHAT_MCH_ID });
      return { status: "closed" };
    } catch (error) {
      if (!(error instanceof ProviderRefusal)) throw error;
    }
    // Paid, closed, unknown, or being paid.
    const state = await this.query(payment);
    if (state.status === "succeeded") return state;
    return { status: state.status === "pending" ? "processing" : "closed" };
  }

  async refund({ key, payment, amount }: ProviderRefundRequest): Promise<RefundOutcome> {
    const request = {
      out_trade_no: tradeNumberOf(payment.id),
      out_refund_no: refundNumberOf(key),
      notify_url: this.#given.WECHAT_NOTIFY_URL,
      amount: { refund: amount, total: payment.amount, currency: payment.currency },
    };
    try {
      // The same number again returns the same refund, with its present status.
      const { refund_id: reference, status } = readAs(
        refund,
        await this.#post("/v3/refund/domestic/refunds", request),
      );
      if (status === "SUCCESS") return { status: "succeeded", reference };
      if (status === "PROCESSING") return { status: "pending", reference };
      return { status: "failed", reference, reason: failureOf(status) };
    } catch (error) {
      if (error instanceof ProviderRefusal)
        return { status: "failed", reference: null, reason: error.message };
      throw error;
    }
  }

  readNotice(body: Buffer, headers: NoticeHeaders, now: number): ProviderNotice {
    this.#client.verifyNotice(body, headers, now);
    const { id: eventId, event_type: type, resource } = readTold(notice, JSON.parse(body.toString("utf8")));
    const content = this.#client.open(resource);
    if (type.startsWith("REFUND.")) {
      const {
        mchid,
        out_refund_no: number,
        refund_id: reference,
        refund_status,
      } = readTold(toldRefund, content);
      this.#assertOwn(mchid);
      const about = { about: "refund", id: idOfRefundNumber(number), reference } as const;
      const event =
        refund_status === "SUCCESS"
          ? ({ ...about, status: "succeeded", reason: "" } as const)
          : ({ ...about, status: "failed", reason: failureOf(refund_status) } as const);
      return { eventId, type, event };
    }
    if (type !== "TRANSACTION.SUCCESS") return { eventId, type, event: undefined };
    const { mchid, out_trade_no: reference, trade_state, amount } = readTold(paidTransaction, content);
    this.#assertOwn(mchid);
    if (trade_state !== "SUCCESS") return { eventId, type, event: undefined };
    const about = { about: "payment", id: idOfTradeNumber(reference), reference } as const;
    const { total, currency } = amount;
    return { eventId, type, event: { ...about, status: "succeeded", amount: total, currency, reason: "" } };
  }

  #assertOwn(mchId: string): void {
    if (mchId !== this.#given.WECHAT_MCH_ID) throw new SyntaxError("the notice is another merchant's");
  }

  #post(path: string, content: object): Promise<unknown> {
    return this.#client.ask("POST", path, content);
  }
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof WechatRefusal && error.code === "ORDER_NOT_EXIST") return undefined;
  throw error;
}

function failureOf(status: "CLOSED" | "ABNORMAL"): string {
  return status === "CLOSED"
    ? "WeChat Pay closed the refund"
    : "The customer's account could not take the refund";
}

function readAs<T>(schema: z.ZodType<T>, answer: unknown): T {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  throw new ProviderUnreachable("WeChat Pay's response has an unknown format", { timedOut: false });
}

function readTold<T>(schema: z.ZodType<T>, content: unknown): T {
  const read = schema.safeParse(content);
  if (!read.success) throw new SyntaxError("the notice has an unknown format");
  return read.data;
}
