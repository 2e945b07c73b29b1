import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { PricedReservation } from "../../../services/catalog/domain/reservation.ts";
import type { AllocationRequest, Stock } from "../../../services/catalog/domain/allocate-stock.ts";
import { allocateStock } from "../../../services/catalog/domain/allocate-stock.ts";

const clock = { now: 1000, leaseMs: 60_000 };
const claim = (orderId: string, quantities: Record<string, number>, deadline = 2000): AllocationRequest => ({
  orderId,
  lines: Object.entries(quantities).map(([variantId, quantity]) => ({ variantId, quantity })),
  deadline,
});
const shelves = (onHand: Record<string, number>): Map<string, Stock> =>
  new Map(Object.entries(onHand).map(([variantId, there]) => [variantId, { onHand: there, price: 100 }]));
const reservation = (
  orderId: string,
  status: PricedReservation["status"],
  quantity: number,
): PricedReservation => ({
  orderId,
  status,
  leaseUntil: 5000,
  lines: [{ variantId: "a", quantity, returned: 0, unitPrice: 70 }],
});
const kinds = (
  claims: readonly AllocationRequest[],
  there: Record<string, number>,
  known: readonly PricedReservation[] = [],
) => allocateStock(claims, shelves(there), known, clock).results.map(({ kind }) => kind);

describe("claims that come together", () => {
  test("are served in their order; one that does not fit is no obstacle for a smaller one behind it", () => {
    const claims = [claim("1", { a: 2 }), claim("2", { a: 4 }), claim("3", { a: 1 }), claim("4", { a: 1 })];
    const { results, created } = allocateStock(claims, shelves({ a: 3 }), [], clock);
    expect(results).toMatchObject([
      { kind: "reserved", reservation: { orderId: "1", status: "held", leaseUntil: 61_000 } },
      { kind: "short", shortages: [{ variantId: "a", requested: 4, available: 1 }] },
      { kind: "reserved" },
      { kind: "short", shortages: [{ variantId: "a", requested: 1, available: 0 }] },
    ]);
    expect(created.map(({ request: { orderId } }) => orderId)).toEqual(["1", "3"]);
  });

  test("that fail allocate nothing, not even lines with enough stock", () => {
    expect(
      kinds([claim("1", { a: 1, b: 1, unknown: 1 }), claim("2", { a: 1, b: 1 })], { a: 1, b: 1 }),
    ).toEqual(["short", "reserved"]);
  });

  test("for the same order are one reservation; for other lines they are refused", () => {
    const claims = [claim("1", { a: 1 }), claim("1", { a: 1 }), claim("1", { a: 2 })];
    const { results, created } = allocateStock(claims, shelves({ a: 9 }), [], clock);
    expect(results.map(({ kind }) => kind)).toEqual(["reserved", "reserved", "mismatch"]);
    expect(created).toHaveLength(1);
    expect(results[1]).toEqual(results[0]);
  });

  test("for an order that was short may fit later in the same batch, since nothing is remembered of a failure", () => {
    expect(kinds([claim("1", { a: 2 }), claim("1", { a: 1 })], { a: 1 })).toEqual(["short", "reserved"]);
  });

  test("of one holder are limited per variant, including existing reservations; other holders are not affected", () => {
    const of = (id: string, orderId: string, quantities: Record<string, number>) => ({
      ...claim(orderId, quantities),
      holder: { id, maxUnits: 5 },
    });
    const claims = [
      of("me", "1", { a: 2 }),
      of("me", "2", { b: 1, a: 2 }),
      of("you", "3", { a: 5 }),
      of("me", "4", { a: 1 }),
      of("you", "5", { b: 6 }),
    ];
    const holdings = [
      { holder: "me", variantId: "a", quantity: 2 },
      { holder: "you", variantId: "b", quantity: 5 },
    ];
    const { results, remaining } = allocateStock(claims, shelves({ a: 9, b: 9 }), [], { ...clock, holdings });
    const tooMany = (variantId: string) => ({ kind: "too-many", variantId, limit: 5 });
    expect(results).toMatchObject([
      { kind: "reserved" },
      tooMany("a"),
      { kind: "reserved" },
      { kind: "reserved" },
      tooMany("b"),
    ]);
    expect(remaining).toEqual(
      new Map([
        ["a", 1],
        ["b", 9],
      ]),
    );
  });

  test("for an order that has a reservation get that one, at its prices and whatever is left", () => {
    const known = [
      reservation("1", "committed", 2),
      reservation("2", "released", 2),
      reservation("3", "held", 3),
    ];
    const claims = ["1", "2", "3"].map((orderId) => claim(orderId, { a: 2 }));
    expect(allocateStock(claims, shelves({ a: 0 }), known, clock)).toEqual({
      remaining: new Map([["a", 0]]),
      results: [
        { kind: "reserved", reservation: known[0] },
        { kind: "released", from: "released" },
        { kind: "mismatch", from: "held" },
      ],
      created: [],
    });
  });

  test("whose caller has given up take nothing", () => {
    expect(kinds([claim("1", { a: 1 }, 1000), claim("2", { a: 1 }, 1001)], { a: 1 })).toEqual([
      "expired",
      "reserved",
    ]);
  });

  test("have the same outcome as if each came alone", () => {
    const variants = ["a", "b", "c", "d"];
    const anyClaim = fc.record({
      orderId: fc.constantFrom("1", "2", "3", "4", "5", "6"),
      lines: fc.uniqueArray(
        fc.record({ variantId: fc.constantFrom(...variants), quantity: fc.integer({ min: 1, max: 4 }) }),
        {
          minLength: 1,
          selector: ({ variantId }) => variantId,
        },
      ),
      deadline: fc.constantFrom(1000, 2000),
    });
    const stock = fc.record({ a: fc.nat(9), b: fc.nat(9), c: fc.nat(9) });
    const check = (claims: AllocationRequest[], there: { a: number; b: number; c: number }) => {
      const together = allocateStock(claims, shelves(there), [], clock);
      const left: Record<string, number> = { ...there };
      const known: PricedReservation[] = [];
      const alone = claims.map((one) => {
        const { results, created } = allocateStock([one], shelves(left), known, clock);
        for (const {
          reservation: { lines },
          reservation,
        } of created) {
          known.push(reservation);
          for (const { variantId, quantity } of lines) left[variantId] = (left[variantId] ?? 0) - quantity;
        }
        return results[0];
      });
      expect(together.results).toEqual(alone);
      expect(together.created.map(({ reservation: { orderId } }) => orderId)).toEqual(
        known.map(({ orderId }) => orderId),
      );
      for (const quantity of Object.values(left)) expect(quantity).toBeGreaterThanOrEqual(0);
    };
    fc.assert(fc.property(fc.array(anyClaim, { maxLength: 20 }), stock, check));
  });
});
