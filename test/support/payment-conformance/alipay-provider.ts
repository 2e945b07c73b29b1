import { AlipayStandIn } from "../../../deploy/psp-sandbox/alipay-stand-in.ts";
import { tradeNumberOf } from "../../../services/orders/payments/providers/trade-number.ts";
import type { ConformingProvider, NoticeChange, NoticeKind, Operation, SignedNotice } from "./provider.ts";
import { StandInConformance } from "./stand-in-conformance.ts";

const operations: Readonly<Record<string, Operation>> = {
  "alipay.trade.precreate": "start",
  "alipay.trade.query": "query",
  "alipay.trade.close": "close",
  "alipay.trade.refund": "refund",
};

/** The stand-in of Alipay. Its notices tell neither currencies nor failed attempts, and carry no time of signing. */
export class AlipayConformance extends StandInConformance<AlipayStandIn> implements ConformingProvider {
  readonly name = "alipay";
  readonly lacks = new Set(["failures", "currency", "stale"] as const);
  readonly urlSettings = ["ALIPAY_GATEWAY_URL"];
  readonly startParams = { via: "code" };

  constructor() {
    super(({ alipay }) => new AlipayStandIn(alipay));
  }

  operationOf(_method: string, _path: string, body: string): Operation | undefined {
    return operations[new URLSearchParams(body).get("method") ?? ""];
  }

  visit(paymentId: string): void {
    const trade = this.standIn.trades.get(tradeNumberOf(paymentId));
    if (trade?.status === "linked") trade.status = "open";
  }

  decline(): void {
    throw new Error("Alipay tells no failed attempts");
  }

  notice(paymentId: string, _kind: NoticeKind, change: NoticeChange = {}): SignedNotice {
    const fields = {
      trade_status: "TRADE_SUCCESS",
      ...(change.amount !== undefined && { total_amount: (change.amount / 100).toFixed(2) }),
      ...(change.paymentId !== undefined && { out_trade_no: tradeNumberOf(change.paymentId) }),
    };
    return this.standIn.notice(this.trade(paymentId), fields, change.isForged ? this.forger : undefined);
  }

  unreadableNotice(): SignedNotice {
    const [trade] = this.standIn.trades.all();
    if (!trade) throw new Error("there is no trade");
    return this.standIn.notice(trade, { trade_status: "TRADE_LOST" });
  }
}
