import type { RunningStandIn, StandIn } from "../../../deploy/psp-sandbox/stand-in-server.ts";
import { serveStandIns } from "../../../deploy/psp-sandbox/stand-in-server.ts";
import type { StandInKeys } from "../../../deploy/psp-sandbox/stand-in-settings.ts";
import { keyPair, makeStandInKeys, standInSettings } from "../../../deploy/psp-sandbox/stand-in-settings.ts";
import type { Trade, Trades } from "../../../deploy/psp-sandbox/stand-in-trades.ts";
import { idOfTradeNumber, tradeNumberOf } from "../../../services/orders/payments/providers/trade-number.ts";
import type { PaymentThere } from "./provider.ts";

/** No shop listens there: notices are sent by the table itself. */
const nowhere = "http://127.0.0.1:9";

/** A stand-in of the payment sandbox's program, with keys of its own. */
export abstract class StandInConformance<S extends StandIn & { readonly trades: Trades }> {
  readonly currency = "CNY";
  readonly standIn: S;
  readonly forger = keyPair().privateKey;
  readonly #keys: StandInKeys;
  #running: RunningStandIn | undefined;

  constructor(make: (keys: StandInKeys) => S) {
    this.#keys = makeStandInKeys();
    this.standIn = make(this.#keys);
  }

  async start(): Promise<void> {
    this.#running = await serveStandIns([this.standIn]);
  }

  async stop(): Promise<void> {
    await this.#running?.close();
  }

  get url(): string {
    if (!this.#running) throw new Error("the stand-in is not started");
    return this.#running.url;
  }

  get env(): Record<string, string> {
    return standInSettings(this.#keys, this.url, nowhere);
  }

  protected trade(paymentId: string): Trade {
    const trade = this.standIn.trades.get(tradeNumberOf(paymentId));
    if (!trade) throw new Error(`there is no trade of ${paymentId}`);
    return trade;
  }

  payments(paymentId: string): PaymentThere[] {
    const trades = this.standIn.trades.all().filter(({ number }) => idOfTradeNumber(number) === paymentId);
    return trades.map(({ status, amount, refunds }) => {
      const given = [...refunds.values()].filter((refund) => refund.status === "succeeded");
      return {
        status: status === "paid" || status === "closed" ? status : "open",
        amount,
        refunded: given.reduce((sum, refund) => sum + refund.amount, 0),
        refunds: given.length,
      };
    });
  }

  pay(paymentId: string, isLate = false): boolean {
    return this.standIn.trades.pay(this.trade(paymentId), isLate);
  }

  process(paymentId: string): void {
    this.trade(paymentId).status = "processing";
  }

  nextRefund(result: "pending" | "failed"): void {
    this.standIn.trades.nextRefund = result;
  }

  finishRefunds(): void {
    for (const { refunds } of this.standIn.trades.all())
      for (const refund of refunds.values()) if (refund.status === "pending") refund.status = "succeeded";
  }
}
