import type { Refusal } from "./read-invoices.ts";

/** A line that the replay failed to apply. */
export interface Failure {
  readonly row: number;
  readonly invoice: string;
  readonly why: string;
}

interface Units {
  readonly sku: string;
  readonly quantity: number;
}

/** Expected state of one order, by the file. Minor units. */
export interface BookedOrder {
  readonly subtotal: number;
  readonly refunded: number;
}

/** Expected results of the replay, from the file's figures alone, to compare the shop with. */
export class Books {
  readonly refusals: Refusal[];
  readonly failures: Failure[] = [];
  /** By id, in the order in which they were placed. */
  readonly orders = new Map<string, BookedOrder>();
  readonly sold = new Map<string, number>();
  readonly takenBack = new Map<string, number>();
  linesOrdered = 0;
  linesReturned = 0;
  /** Cancellations beyond the purchases: returned as far as possible. */
  linesReturnedInPart = 0;
  unitsWithoutPurchase = 0;
  returns = 0;

  constructor(refusals: readonly Refusal[]) {
    this.refusals = [...refusals];
  }

  ordered(): void {
    this.linesOrdered += 1;
  }

  /** @param unitsWithoutPurchase returned quantity without a purchase */
  returned(unitsWithoutPurchase: number): void {
    if (unitsWithoutPurchase === 0) this.linesReturned += 1;
    else this.linesReturnedInPart += 1;
    this.unitsWithoutPurchase += unitsWithoutPurchase;
  }

  refused(refusal: Refusal): void {
    this.refusals.push(refusal);
  }

  failed(row: number, invoice: string, why: string): void {
    this.failures.push({ row, invoice, why });
  }

  placed(orderId: string, subtotal: number, items: readonly Units[]): void {
    this.orders.set(orderId, { subtotal, refunded: 0 });
    addUp(this.sold, items);
  }

  refunded(orderId: string, amount: number, items: readonly Units[]): void {
    const order = this.orders.get(orderId);
    if (!order) throw new Error(`order ${orderId} was not placed by this run`);
    this.orders.set(orderId, { ...order, refunded: order.refunded + amount });
    this.returns += 1;
    addUp(this.takenBack, items);
  }

  /** All lines with an effect. */
  get lines(): number {
    const { linesOrdered, linesReturned, linesReturnedInPart, refusals, failures } = this;
    return linesOrdered + linesReturned + linesReturnedInPart + refusals.length + failures.length;
  }

  /** Sales less returns, in minor units. */
  get revenue(): number {
    return this.orders.values().reduce((sum, { subtotal, refunded }) => sum + subtotal - refunded, 0);
  }
}

function addUp(units: Map<string, number>, items: readonly Units[]): void {
  for (const { sku, quantity } of items) units.set(sku, (units.get(sku) ?? 0) + quantity);
}
