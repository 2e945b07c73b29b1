import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Reservation } from "../../../services/catalog/domain/reservation.ts";
import { settle, returnGoods } from "../../../services/catalog/domain/reservation.ts";
import type { StockLevels, StockStep } from "../../../services/catalog/domain/stock-account.ts";
import { beforeChange, emptyLevels, netChange } from "../../../services/catalog/domain/stock-account.ts";

const levels = ["onHand", "reserved", "sold", "returned", "received"] as const;

/** An in-memory stock account like the repository's: refuses negative levels. */
class Shelf {
  account: StockLevels = emptyLevels;
  readonly ledger: StockStep[] = [];
  readonly orders = new Map<number, Reservation>();

  move(steps: readonly StockStep[]): boolean {
    const change = netChange(steps);
    const next = plus(this.account, change);
    if (next.onHand < 0 || next.reserved < 0) return false;
    this.account = next;
    this.ledger.push(...steps);
    return true;
  }
}

function plus(account: StockLevels, change: StockLevels): StockLevels {
  return Object.fromEntries(
    levels.map((level) => [level, account[level] + change[level]]),
  ) as unknown as StockLevels;
}

const order = fc.integer({ min: 0, max: 3 });
const quantity = fc.integer({ min: 1, max: 9 });
type Operation = (shelf: Shelf) => void;

const operations: fc.Arbitrary<Operation> = fc.oneof(
  quantity.map((count) => (shelf: Shelf) => void shelf.move([{ kind: "receive", quantity: count }])),
  fc
    .integer({ min: -9, max: 9 })
    .map((count) => (shelf: Shelf) => void shelf.move([{ kind: "adjust", quantity: count }])),
  fc.tuple(order, quantity).map(([number, count]) => (shelf: Shelf) => {
    if (shelf.orders.has(number) || !shelf.move([{ kind: "reserve", quantity: count }])) return;
    const lines = [{ variantId: "v", quantity: count, returned: 0 }];
    shelf.orders.set(number, { orderId: `${number}`, status: "held", lines });
  }),
  fc
    .tuple(order, fc.constantFrom("placed", "paid", "undone", "abandoned"))
    .map(([number, news]) => (shelf: Shelf) => {
      const reservation = shelf.orders.get(number);
      if (!reservation) return;
      const settlement = reservation.status === "released" ? undefined : settle(reservation, news);
      if (!settlement) return;
      for (const { steps } of settlement.moves) expect(shelf.move(steps)).toBe(true);
      shelf.orders.set(number, { ...reservation, status: settlement.to });
    }),
  fc.tuple(order, quantity, fc.boolean()).map(([number, count, restocked]) => (shelf: Shelf) => {
    const reservation = shelf.orders.get(number);
    const [line] = reservation?.lines ?? [];
    if (!reservation || !line || reservation.status !== "sold" || line.returned + count > line.quantity)
      return;
    const { moves } = returnGoods(reservation, [{ variantId: "v", quantity: count }], restocked);
    for (const { steps } of moves) expect(shelf.move(steps)).toBe(true);
    shelf.orders.set(number, { ...reservation, lines: [{ ...line, returned: line.returned + count }] });
  }),
);

describe("a stock account", () => {
  test("adds up and has nothing negative, whatever happens to it", () => {
    fc.assert(
      fc.property(fc.array(operations, { maxLength: 60 }), (sequence) => {
        const shelf = new Shelf();
        for (const operate of sequence) {
          operate(shelf);
          const { onHand, reserved, sold, returned, received } = shelf.account;
          expect(onHand + reserved + sold - returned).toBe(received);
          for (const level of levels) expect(shelf.account[level]).toBeGreaterThanOrEqual(0);
          expect(netChange(shelf.ledger)).toEqual(shelf.account);
        }
        const held = [...shelf.orders.values()].filter(
          ({ status }) => status === "held" || status === "committed",
        );
        expect(shelf.account.reserved).toBe(
          held.reduce((sum, { lines }) => sum + (lines[0]?.quantity ?? 0), 0),
        );
      }),
      { numRuns: 500 },
    );
  });

  test("can be computed as of before a change", () => {
    const change = netChange([{ kind: "receive", quantity: 5 }]);
    const after = { variantId: "v", onHand: 7, reserved: 1, sold: 2, returned: 0, received: 10 };
    expect(beforeChange(after, change)).toEqual({ ...after, onHand: 2, received: 5 });
  });
});
