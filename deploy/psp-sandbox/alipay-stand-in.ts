import type { KeyObject } from "node:crypto";
import { createSign, createVerify, randomUUID } from "node:crypto";
import type { StandIn, StandInNotice, StandInRequest, StandInResponse } from "./stand-in-server.ts";
import { sendNotice, tradePage } from "./stand-in-server.ts";
import type { Trade } from "./stand-in-trades.ts";
import { refundedOf, Trades } from "./stand-in-trades.ts";

type Fields = Readonly<Record<string, string>>;

export interface AlipayStandInOptions {
  readonly appId: string;
  /** Verifies the shop's requests. */
  readonly appKey: KeyObject;
  /** Signs responses and notices. */
  readonly privateKey: KeyObject;
}

const notFound = { code: "40004", sub_code: "ACQ.TRADE_NOT_EXIST", sub_msg: "The trade does not exist" };
const badStatus = {
  code: "40004",
  sub_code: "ACQ.TRADE_STATUS_ERROR",
  sub_msg: "The trade's status forbids it",
};
const done = { code: "10000", msg: "Success" };
const statuses = {
  linked: "WAIT_BUYER_PAY",
  open: "WAIT_BUYER_PAY",
  processing: "WAIT_BUYER_PAY",
  paid: "TRADE_SUCCESS",
  closed: "TRADE_CLOSED",
} as const;

/** A stand-in of Alipay's gateway: form-encoded requests, signed JSON, signed form-encoded notices, a page to pay on. */
export class AlipayStandIn implements StandIn {
  readonly name = "alipay";
  readonly trades = new Trades();
  url = "";
  readonly #options: AlipayStandInOptions;

  constructor(options: AlipayStandInOptions) {
    this.#options = options;
  }

  async answer(request: StandInRequest): Promise<StandInResponse> {
    const [, area = "", number = ""] = request.path.split("/");
    if (area === "pay") return this.#page(number, request.method === "POST");
    if (area !== "gateway.do") return { status: 404, body: "Not found\n" };
    const sent = request.method === "POST" ? new URLSearchParams(request.body) : request.query;
    const params = Object.fromEntries(sent);
    const method = params["method"] ?? "";
    if (!this.#isOfShop(params))
      return this.#signed("error", {
        code: "40002",
        sub_code: "isv.invalid-signature",
        sub_msg: "Bad signature",
      });
    const content = JSON.parse(params["biz_content"] ?? "{}") as Fields;
    if (method === "alipay.trade.page.pay" || method === "alipay.trade.wap.pay") {
      const trade = this.#add(params, content, "open");
      return this.#page(trade.number, false);
    }
    return this.#signed(method, this.#operation(method, params, content));
  }

  #operation(method: string, params: Fields, content: Fields): object {
    const number = content["out_trade_no"] ?? "";
    if (method === "alipay.trade.precreate") {
      this.#add(params, content, "linked");
      return { ...done, out_trade_no: number, qr_code: `${this.url}/pay/${number}` };
    }
    const trade = this.trades.get(number);
    if (!trade || trade.status === "linked") return notFound;
    const named = { out_trade_no: number, trade_no: trade.id };
    switch (method) {
      case "alipay.trade.query":
        return { ...done, ...named, trade_status: statuses[trade.status], total_amount: yuan(trade.amount) };
      case "alipay.trade.close":
        if (trade.status !== "open") return badStatus;
        trade.status = "closed";
        return { ...done, ...named };
      case "alipay.trade.refund":
        return this.#refund(trade, content);
      case "alipay.trade.fastpay.refund.query": {
        const refund = trade.refunds.get(content["out_request_no"] ?? "");
        return {
          ...done,
          ...named,
          ...(refund?.status === "succeeded" && { refund_status: "REFUND_SUCCESS" }),
        };
      }
      default:
        return { code: "40006", sub_code: "isv.insufficient-isv-permissions", sub_msg: `No ${method}` };
    }
  }

  #refund(trade: Trade, content: Fields): object {
    const number = content["out_request_no"] ?? "";
    const isNew = !trade.refunds.has(number);
    const refund = this.trades.refund(trade, number, fen(content["refund_amount"] ?? ""));
    if (!refund) return badStatus;
    if (refund.status === "failed") {
      trade.refunds.delete(number);
      return { code: "40004", sub_code: "ACQ.SELLER_BALANCE_NOT_ENOUGH", sub_msg: "The balance is too low" };
    }
    const fund_change = isNew && refund.status === "succeeded" ? "Y" : "N";
    return {
      ...done,
      out_trade_no: trade.number,
      trade_no: trade.id,
      fund_change,
      refund_fee: yuan(refundedOf(trade)),
    };
  }

  #add(params: Fields, content: Fields, status: "linked" | "open"): Trade {
    const { out_trade_no: number = "", total_amount: amount = "", subject = "" } = content;
    const notifyUrl = params["notify_url"] ?? "";
    return this.trades.add({ number, amount: fen(amount), currency: "CNY", subject, notifyUrl, status });
  }

  /** The page, after the customer has paid on it. */
  #page(number: string, isPaid: boolean): StandInResponse {
    const trade = this.trades.get(number);
    if (!trade) return { status: 404, body: "Not found\n" };
    if (trade.status === "linked") trade.status = "open";
    if (isPaid && this.trades.pay(trade))
      void sendNotice(trade.notifyUrl, this.notice(trade), (_status, text) => text === "success");
    const page = tradePage("Alipay stand-in", trade, `${this.url}/pay/${number}`);
    return { status: 200, contentType: "text/html; charset=utf-8", body: page };
  }

  /** @param change fields that differ, and the key that signs it if it is not Alipay's */
  notice(trade: Trade, change: Fields = {}, key: KeyObject = this.#options.privateKey): StandInNotice {
    const params = {
      notify_time: "2026-11-30 12:00:00",
      notify_type: "trade_status_sync",
      notify_id: randomUUID().replaceAll("-", ""),
      app_id: this.#options.appId,
      charset: "utf-8",
      version: "1.0",
      out_trade_no: trade.number,
      trade_no: trade.id,
      trade_status: statuses[trade.status],
      total_amount: yuan(trade.amount),
      subject: trade.subject,
      ...(trade.status === "paid" && { gmt_payment: "2026-11-30 12:00:00" }),
      ...change,
    };
    const sign = createSign("RSA-SHA256").update(textOf(params)).sign(key, "base64");
    const body = new URLSearchParams({ ...params, sign, sign_type: "RSA2" }).toString();
    return { body, contentType: "application/x-www-form-urlencoded; charset=utf-8", headers: {} };
  }

  #isOfShop({ sign = "", ...params }: Fields): boolean {
    const { appKey, appId } = this.#options;
    const verify = createVerify("RSA-SHA256").update(textOf(params));
    return (
      params["app_id"] === appId && params["sign_type"] === "RSA2" && verify.verify(appKey, sign, "base64")
    );
  }

  #signed(method: string, content: object): StandInResponse {
    const text = JSON.stringify(content);
    const sign = createSign("RSA-SHA256").update(text).sign(this.#options.privateKey, "base64");
    const node = `${method.replaceAll(".", "_")}_response`;
    const body = `{"${node}":${text},"sign":"${sign}"}`;
    return { status: 200, contentType: "application/json;charset=utf-8", body };
  }
}

/** What a signature covers. */
function textOf(params: Fields): string {
  const names = Object.keys(params).filter((name) => params[name] !== "");
  return names
    .toSorted((one, other) => (one < other ? -1 : 1))
    .map((name) => `${name}=${params[name]}`)
    .join("&");
}

function yuan(amount: number): string {
  return (amount / 100).toFixed(2);
}

function fen(amount: string): number {
  return Math.round(Number(amount) * 100);
}
