import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Reservation, ReservationStatus } from "../../../services/catalog/domain/reservation.ts";
import { hasLines, mergeLines, settle, returnGoods } from "../../../services/catalog/domain/reservation.ts";
import type { StockMove } from "../../../services/catalog/domain/stock-account.ts";
import { netChange } from "../../../services/catalog/domain/stock-account.ts";

type Delivery = "placed" | "paid" | "undone" | { returned: number; restocked: boolean };

const reservation = (status: ReservationStatus): Reservation => ({
  orderId: "order",
  status,
  lines: [{ variantId: "v", quantity: 5, returned: 0 }],
});

/** Delivers events until all are consumed; early ones go to the end, as in redelivery. */
function deliver(events: readonly Delivery[]) {
  let state = reservation("held");
  const moves: StockMove[] = [];
  const waiting = [...events];
  for (let tries = 0; waiting.length > 0 && tries < 100; tries += 1) {
    const item = waiting.shift();
    if (item === undefined) break;
    try {
      if (typeof item === "string") {
        const settlement = settle(state, item);
        if (!settlement) continue;
        moves.push(...settlement.moves);
        state = { ...state, status: settlement.to };
      } else {
        const taken = returnGoods(state, [{ variantId: "v", quantity: item.returned }], item.restocked);
        moves.push(...taken.moves);
        const back = taken.returned.reduce((sum, { quantity }) => sum + quantity, 0);
        state = { ...state, lines: state.lines.map((line) => ({ ...line, returned: line.returned + back })) };
      }
    } catch {
      waiting.push(item);
    }
  }
  expect(waiting).toEqual([]);
  return { status: state.status, change: netChange(moves.flatMap((move) => move.steps)) };
}

const histories: Delivery[][] = [
  ["placed"],
  ["placed", "paid"],
  ["placed", "undone"],
  ["placed", "paid", "undone"],
  ["placed", "paid", { returned: 2, restocked: true }, { returned: 3, restocked: false }],
  ["placed", "paid", { returned: 2, restocked: true }, "undone"],
  ["placed", "paid", { returned: 2, restocked: false }, "undone"],
];

describe("a reservation", () => {
  test("converges for any order of its order's events", () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom(...histories)
          .chain((history) =>
            fc.tuple(
              fc.constant(history),
              fc.shuffledSubarray(history, { minLength: history.length, maxLength: history.length }),
            ),
          ),
        ([history, arrived]) => {
          expect(deliver(arrived)).toEqual(deliver(history));
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each(["placed", "paid", "undone", "abandoned"] as const)(
    "consumes a repeated %s event once",
    (news) => {
      const second = (["held", "committed", "sold", "cancelled", "returned"] as const).map((status) => {
        const first = settle(reservation(status), news);
        return first && settle(reservation(first.to), news);
      });
      expect(second.filter(Boolean)).toEqual([]);
    },
  );

  test("is not released when its order was placed", () => {
    expect(settle(reservation("committed"), "abandoned")).toBeUndefined();
    expect(settle(reservation("sold"), "abandoned")).toBeUndefined();
  });

  test("that was released must not belong to an order", () => {
    expect(() => settle(reservation("released"), "placed")).toThrow("its stock is released");
    expect(() => settle(reservation("released"), "paid")).toThrow("its stock is released");
  });

  test("takes back nothing before it is sold, and never more than was sold", () => {
    const goods = [{ variantId: "v", quantity: 3 }];
    expect(() => returnGoods(reservation("committed"), goods, true)).toThrow("only committed");
    expect(() => returnGoods(reservation("sold"), [...goods, ...goods], true)).toThrow("more of variant v");
    expect(() => returnGoods(reservation("sold"), [{ variantId: "other", quantity: 1 }], true)).toThrow(
      "more of variant",
    );
  });

  test("returns only unreturned goods when its order is undone", () => {
    const partly = { ...reservation("sold"), lines: [{ variantId: "v", quantity: 5, returned: 2 }] };
    const steps = [{ kind: "return", quantity: 3 }];
    expect(settle(partly, "undone")).toEqual({ to: "returned", moves: [{ variantId: "v", steps }] });
    const fully = { ...reservation("sold"), lines: [{ variantId: "v", quantity: 5, returned: 5 }] };
    expect(settle(fully, "undone")).toEqual({ to: "returned", moves: [] });
  });

  test("merges lines of the same variant and compares without regard to order", () => {
    const a = { variantId: "a", quantity: 1 };
    const b = { variantId: "b", quantity: 2 };
    expect(mergeLines([a, b, a])).toEqual([{ variantId: "a", quantity: 2 }, b]);
    const kept: Reservation = {
      ...reservation("held"),
      lines: [a, b].map((line) => ({ ...line, returned: 0 })),
    };
    expect(hasLines(kept, [b, a])).toBe(true);
    expect(hasLines(kept, [a])).toBe(false);
    expect(hasLines(kept, [a, { ...b, quantity: 3 }])).toBe(false);
  });
});
