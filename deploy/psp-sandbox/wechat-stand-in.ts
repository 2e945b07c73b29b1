import type { KeyObject } from "node:crypto";
import { createCipheriv, createSign, createVerify, randomBytes, randomUUID } from "node:crypto";
import type { StandIn, StandInNotice, StandInRequest, StandInResponse } from "./stand-in-server.ts";
import { sendNotice, tradePage } from "./stand-in-server.ts";
import type { Trade, TradeRefund } from "./stand-in-trades.ts";
import { Trades } from "./stand-in-trades.ts";

export interface WechatStandInOptions {
  readonly mchId: string;
  /** Verifies the shop's requests. */
  readonly merchantKey: KeyObject;
  readonly serialNumber: string;
  /** Signs responses and notices. */
  readonly privateKey: KeyObject;
  readonly publicKeyId: string;
  /** Encrypts notices. */
  readonly apiV3Key: string;
}

interface Order {
  readonly out_trade_no: string;
  readonly description: string;
  readonly notify_url: string;
  readonly amount: { readonly total: number; readonly currency: string };
}

interface RefundOrder {
  readonly out_trade_no: string;
  readonly out_refund_no: string;
  readonly amount: { readonly refund: number };
}

/** How a notice differs from the trade. */
export interface WechatNoticeChange {
  readonly content?: Readonly<Record<string, unknown>>;
  readonly key?: KeyObject;
  readonly ageMs?: number;
}

const states = {
  linked: "NOTPAY",
  open: "NOTPAY",
  processing: "USERPAYING",
  paid: "SUCCESS",
  closed: "CLOSED",
} as const;
const refundStates = { succeeded: "SUCCESS", pending: "PROCESSING", failed: "ABNORMAL" } as const;

/** A stand-in of WeChat Pay's API v3: signed JSON of both sides, encrypted notices, a page to pay on. */
export class WechatStandIn implements StandIn {
  readonly name = "wechat";
  readonly trades = new Trades();
  url = "";
  readonly #options: WechatStandInOptions;

  constructor(options: WechatStandInOptions) {
    this.#options = options;
  }

  async answer(request: StandInRequest): Promise<StandInResponse> {
    const { method, path, body } = request;
    const [, area = "", number = ""] = path.split("/");
    if (area === "pay") return this.#page(number, method === "POST");
    if (!this.#isOfShop(request))
      return {
        status: 401,
        contentType: "application/json",
        body: '{"code":"SIGN_ERROR","message":"Bad signature"}',
      };
    const content = body === "" ? {} : (JSON.parse(body) as object);
    const [, transactions = ""] = /^\/v3\/pay\/transactions\/(native|h5|jsapi)$/.exec(path) ?? [];
    if (transactions !== "") return this.#start(transactions, content as Order);
    const [, tradeNumber = "", closing] =
      /^\/v3\/pay\/transactions\/out-trade-no\/(\w+)(\/close)?$/.exec(path) ?? [];
    if (tradeNumber !== "") return closing === undefined ? this.#read(tradeNumber) : this.#close(tradeNumber);
    if (path === "/v3/refund/domestic/refunds") return this.#refund(content as RefundOrder);
    return this.#refused(404, "RESOURCE_NOT_EXISTS");
  }

  #start(kind: string, { out_trade_no: number, description: subject, notify_url: notifyUrl, amount }: Order) {
    const known = this.trades.get(number);
    if (known?.status === "paid") return this.#refused(400, "ORDERPAID");
    if (known?.status === "closed") return this.#refused(400, "ORDER_CLOSED");
    const { total, currency } = amount;
    this.trades.add({ number, amount: total, currency, subject, notifyUrl, status: "open" });
    const page = `${this.url}/pay/${number}`;
    if (kind === "native") return this.#signed(200, { code_url: page });
    return this.#signed(200, kind === "h5" ? { h5_url: page } : { prepay_id: `wx${number}` });
  }

  #read(number: string): StandInResponse {
    const trade = this.trades.get(number);
    return trade ? this.#signed(200, this.#present(trade)) : this.#refused(404, "ORDER_NOT_EXIST");
  }

  #close(number: string): StandInResponse {
    const trade = this.trades.get(number);
    if (!trade) return this.#refused(404, "ORDER_NOT_EXIST");
    if (trade.status === "paid") return this.#refused(400, "ORDERPAID");
    if (trade.status === "processing") return this.#refused(400, "USERPAYING");
    trade.status = "closed";
    return this.#signed(204, undefined);
  }

  #refund({ out_trade_no: number, out_refund_no: refundNumber, amount }: RefundOrder): StandInResponse {
    const trade = this.trades.get(number);
    if (!trade) return this.#refused(404, "RESOURCE_NOT_EXISTS");
    const refund = this.trades.refund(trade, refundNumber, amount.refund);
    if (!refund) return this.#refused(400, "INVALID_REQUEST");
    return this.#signed(200, {
      refund_id: refund.id,
      out_refund_no: refundNumber,
      out_trade_no: number,
      status: refundStates[refund.status],
      amount: { refund: refund.amount, total: trade.amount, currency: trade.currency },
    });
  }

  #page(number: string, isPaid: boolean): StandInResponse {
    const trade = this.trades.get(number);
    if (!trade) return { status: 404, body: "Not found\n" };
    if (isPaid && this.trades.pay(trade))
      void sendNotice(trade.notifyUrl, this.notice(trade), (status) => status === 200 || status === 204);
    const page = tradePage("WeChat Pay stand-in", trade, `${this.url}/pay/${number}`);
    return { status: 200, contentType: "text/html; charset=utf-8", body: page };
  }

  /** The notice of a paid trade. */
  notice(trade: Trade, change: WechatNoticeChange = {}): StandInNotice {
    return this.#sealed("TRANSACTION.SUCCESS", { ...this.#present(trade), ...change.content }, change);
  }

  refundNotice(trade: Trade, refund: TradeRefund): StandInNotice {
    const status = refundStates[refund.status];
    const content = {
      mchid: this.#options.mchId,
      out_trade_no: trade.number,
      out_refund_no: refund.number,
      refund_id: refund.id,
      refund_status: status,
    };
    return this.#sealed(`REFUND.${status}`, content, {});
  }

  #present(trade: Trade): Record<string, unknown> {
    return {
      mchid: this.#options.mchId,
      out_trade_no: trade.number,
      transaction_id: trade.id,
      trade_state: states[trade.status],
      trade_state_desc: states[trade.status],
      amount: { total: trade.amount, payer_total: trade.amount, currency: trade.currency },
    };
  }

  #sealed(eventType: string, content: object, { key, ageMs = 0 }: WechatNoticeChange): StandInNotice {
    const nonce = randomBytes(6).toString("hex");
    const associated = "transaction";
    const cipher = createCipheriv("aes-256-gcm", this.#options.apiV3Key, nonce);
    cipher.setAAD(Buffer.from(associated));
    const hidden = Buffer.concat([
      cipher.update(JSON.stringify(content)),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    const body = JSON.stringify({
      id: randomUUID(),
      create_time: new Date().toISOString(),
      resource_type: "encrypt-resource",
      event_type: eventType,
      resource: {
        algorithm: "AEAD_AES_256_GCM",
        ciphertext: hidden.toString("base64"),
        nonce,
        associated_data: associated,
      },
    });
    return { body, contentType: "application/json", headers: this.signatureOf(body, key, ageMs) };
  }

  /** Signature headers over a body. */
  signatureOf(body: string, key: KeyObject = this.#options.privateKey, ageMs = 0): Record<string, string> {
    const timestamp = String(Math.floor((Date.now() - ageMs) / 1000));
    const nonce = randomBytes(16).toString("hex");
    const signature = createSign("RSA-SHA256")
      .update(`${timestamp}\n${nonce}\n${body}\n`)
      .sign(key, "base64");
    return {
      "wechatpay-timestamp": timestamp,
      "wechatpay-nonce": nonce,
      "wechatpay-signature": signature,
      "wechatpay-serial": this.#options.publicKeyId,
    };
  }

  #signed(status: number, content: object | undefined): StandInResponse {
    const body = content ? JSON.stringify(content) : "";
    return { status, contentType: "application/json", headers: this.signatureOf(body), body };
  }

  #refused(status: number, code: string): StandInResponse {
    return this.#signed(status, { code, message: `Refused: ${code}` });
  }

  /** The signed target is that of the API, without the stand-in's own first segment. */
  #isOfShop({ method, target, body, headers }: StandInRequest): boolean {
    const { mchId, serialNumber, merchantKey, publicKeyId } = this.#options;
    const [scheme = "", parts = ""] = (headers["authorization"] ?? "").split(" ", 2);
    const fields = Object.fromEntries(
      [...parts.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]): [string, string] => [
        name ?? "",
        value ?? "",
      ]),
    );
    const { mchid, nonce_str: nonce, timestamp, serial_no: serial, signature = "" } = fields;
    const path = target.slice(`/${this.name}`.length);
    const text = `${method}\n${path}\n${timestamp}\n${nonce}\n${body}\n`;
    return (
      scheme === "WECHATPAY2-SHA256-RSA2048" &&
      mchid === mchId &&
      serial === serialNumber &&
      headers["wechatpay-serial"] === publicKeyId &&
      createVerify("RSA-SHA256").update(text).verify(merchantKey, signature, "base64")
    );
  }
}
