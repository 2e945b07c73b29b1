/** Returnable goods of one order line. */
interface OpenLine {
  readonly orderId: string;
  readonly lineId: string;
  left: number;
}

/** Goods to return from one order line. */
export interface Taken {
  readonly orderId: string;
  readonly lineId: string;
  readonly quantity: number;
}

/** Purchases of each customer, for matching cancellations with orders. */
export class Purchases {
  readonly #lines = new Map<string, OpenLine[]>();

  remember(customer: string, sku: string, bought: Taken): void {
    const key = `${customer} ${sku}`;
    const lines = this.#lines.get(key) ?? [];
    lines.push({ orderId: bought.orderId, lineId: bought.lineId, left: bought.quantity });
    this.#lines.set(key, lines);
  }

  /** Takes up to `quantity` of the customer's unreturned purchases, latest first. Each unit is taken once. */
  take(customer: string, sku: string, quantity: number): Taken[] {
    const taken: Taken[] = [];
    let wanted = quantity;
    for (const line of (this.#lines.get(`${customer} ${sku}`) ?? []).toReversed()) {
      const share = Math.min(wanted, line.left);
      if (share === 0) continue;
      line.left -= share;
      wanted -= share;
      taken.push({ orderId: line.orderId, lineId: line.lineId, quantity: share });
    }
    return taken;
  }
}
