import { WechatStandIn } from "../../../deploy/psp-sandbox/wechat-stand-in.ts";
import { tradeNumberOf } from "../../../services/orders/payments/providers/trade-number.ts";
import type { ConformingProvider, NoticeChange, NoticeKind, Operation, SignedNotice } from "./provider.ts";
import { StandInConformance } from "./stand-in-conformance.ts";

/** The stand-in of WeChat Pay, whose notices tell no failed attempts. */
export class WechatConformance extends StandInConformance<WechatStandIn> implements ConformingProvider {
  readonly name = "wechat";
  readonly lacks = new Set(["failures"] as const);
  readonly urlSettings = ["WECHAT_API_URL"];

  constructor() {
    super(({ wechat }) => new WechatStandIn(wechat));
  }

  operationOf(method: string, path: string): Operation | undefined {
    if (path.endsWith("/close")) return "close";
    if (path.endsWith("/refunds")) return "refund";
    if (method === "GET") return "query";
    return path.includes("/transactions/") ? "start" : undefined;
  }

  decline(): void {
    throw new Error("WeChat Pay tells no failed attempts");
  }

  notice(paymentId: string, _kind: NoticeKind, change: NoticeChange = {}): SignedNotice {
    const trade = this.trade(paymentId);
    const { amount: total = trade.amount, currency = trade.currency, ageMs } = change;
    const content = {
      trade_state: "SUCCESS",
      amount: { total, payer_total: total, currency },
      ...(change.paymentId !== undefined && { out_trade_no: tradeNumberOf(change.paymentId) }),
    };
    return this.standIn.notice(trade, {
      content,
      ...(change.isForged && { key: this.forger }),
      ...(ageMs !== undefined && { ageMs }),
    });
  }

  unreadableNotice(): SignedNotice {
    const body = '{"id":"1"}';
    return { body, contentType: "application/json", headers: this.standIn.signatureOf(body) };
  }
}
