/** A payment at a stand-in of Alipay or WeChat Pay. Amounts are minor units. */
export interface Trade {
  /** The shop's number of it. */
  readonly number: string;
  readonly amount: number;
  readonly currency: string;
  readonly subject: string;
  /** URL that is told of its result. */
  readonly notifyUrl: string;
  /** The provider's number of it. */
  readonly id: string;
  /** `linked`: the customer has not opened the link yet; `processing`: the customer's bank is at work. */
  status: "linked" | "open" | "processing" | "paid" | "closed";
  failure: string | null;
  readonly refunds: Map<string, TradeRefund>;
}

export interface TradeRefund {
  readonly number: string;
  readonly id: string;
  readonly amount: number;
  status: "succeeded" | "pending" | "failed";
}

/** The trades of a stand-in, in memory. */
export class Trades {
  readonly #trades = new Map<string, Trade>();
  #count = 0;
  /** Result of the next refund. */
  nextRefund: TradeRefund["status"] = "succeeded";

  /** A second start with the same number returns the first. */
  add(trade: Pick<Trade, "number" | "amount" | "currency" | "subject" | "notifyUrl" | "status">): Trade {
    const known = this.#trades.get(trade.number);
    if (known) return known;
    const added = { ...trade, id: this.#newId(), failure: null, refunds: new Map<string, TradeRefund>() };
    this.#trades.set(trade.number, added);
    return added;
  }

  get(number: string): Trade | undefined {
    return this.#trades.get(number);
  }

  all(): Trade[] {
    return [...this.#trades.values()];
  }

  /**
   * The customer pays.
   *
   * @param isLate although it was closed
   * @returns false when it cannot be paid
   */
  pay(trade: Trade, isLate = false): boolean {
    if (trade.status === "paid" || (trade.status === "closed" && !isLate)) return false;
    trade.status = "paid";
    trade.failure = null;
    return true;
  }

  /** @returns undefined when it is not paid, or less is left of it */
  refund(trade: Trade, number: string, amount: number): TradeRefund | undefined {
    const known = trade.refunds.get(number);
    if (known) return known;
    if (trade.status !== "paid" || amount > trade.amount - refundedOf(trade)) return undefined;
    const refund = { number, id: this.#newId(), amount, status: this.nextRefund };
    this.nextRefund = "succeeded";
    trade.refunds.set(number, refund);
    return refund;
  }

  #newId(): string {
    this.#count += 1;
    return `2026${String(this.#count).padStart(24, "0")}`;
  }
}

/** Given back, or about to be. */
export function refundedOf({ refunds }: Trade): number {
  return [...refunds.values()].reduce(
    (sum, { status, amount }) => sum + (status === "failed" ? 0 : amount),
    0,
  );
}
